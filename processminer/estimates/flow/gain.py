"""What it would buy if deals went on from a stage faster: the bottleneck is where that is most, not the longest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from processminer.estimates.estimates import StageGain
from processminer.estimates.flow.model import RESAMPLES, TICKS, WON, flow_model, usual_horizon
from processminer.statistics.interval import Interval
from processminer.statistics.semi_markov import faster, reached_if

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from processminer.estimates.flow.model import FlowModel
    from processminer.log.eventlog import EventLog
    from processminer.statistics.semi_markov import Kernel
    from processminer.statistics.survival import Floats

TIMES_FASTER = 1.5
"""Deals that are looked after leave a stage forward at half as much again the rate: much, and not beyond belief."""


USUAL_STAGES = 12
"""With more stages than a sales process has (an activity log), solving each resample takes long."""

FEWEST_RESAMPLES = 50
"""Their second lowest and second highest are still near the limits of 95 %."""


def gains(log: EventLog) -> tuple[StageGain, ...]:
    """Return what each stage would gain within the time in which most wins come; nothing where no stay has a length.

    Needs `stays` and `untimed_leads`. The order of the stages is the log's.
    """
    model = flow_model(log, usual_horizon(log))
    return () if model is None else stage_gains(model, [stage.name for stage in log.stages])


def stage_gains(model: FlowModel, order: Sequence[str]) -> tuple[StageGain, ...]:
    """Return what each stage would gain, the largest first.

    Advancing is going to a later stage of `order`, or to won; rates of going back and of losing stay as they are. It
    is what the flow would do if the deals that go on sooner were like those that go on now: with hidden differences
    between deals the truth lies between 0 and this.
    """
    ahead = onward(model.stages, order)
    base, change = _changes(model.observed, model.starts, ahead)
    drawn = [_changes(kernel, starts, ahead)[1] for kernel, starts in model.resamples(_resamples(len(model.stages)))]
    resampled = np.concatenate(drawn)
    low, high = np.quantile(resampled, (0.025, 0.975), axis=0)
    ranked = _first(resampled)
    found = [
        StageGain(
            stage=stage,
            gain=Interval(
                float(change[at]), min(float(low[at]), float(change[at])), max(float(high[at]), float(change[at]))
            ),
            rank_1=float(ranked[at]),
            base=float(base),
            within_days=model.horizon_days,
            deals=model.deals,
            times_faster=TIMES_FASTER,
        )
        for at, stage in enumerate(model.stages)
    ]
    return tuple(sorted(found, key=lambda one: -round(one.gain.estimate, 12)))


def _resamples(stages: int) -> int:
    """Return how often to resample: fewer times where there are so many stages that it would take long."""
    return min(RESAMPLES, max(FEWEST_RESAMPLES, round(RESAMPLES * (USUAL_STAGES / stages) ** 2)))


def _first(changes: Floats) -> Floats:
    """Return how often each stage gains most; stages that gain the same share it, and none is first with nothing."""
    most = changes.max(axis=1, keepdims=True)
    first = (changes >= most - 1e-12) & (most > 1e-12)
    share: Floats = (first / np.maximum(first.sum(axis=1, keepdims=True), 1)).mean(axis=0)
    return share


def onward(stages: Sequence[str], order: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which targets of a kernel are an advance from each stage; stages that the order lacks come last."""
    place = {name: at for at, name in enumerate([*order, *(name for name in stages if name not in order)])}
    ahead = np.zeros((len(stages), len(stages) + 2), dtype=bool)
    for at, stage in enumerate(stages):
        ahead[at, : len(stages)] = [place[other] > place[stage] for other in stages]
    ahead[:, len(stages) + WON] = True
    return ahead


def _changes(kernel: Kernel, starts: Floats, ahead: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the share won as things are, and its change for each stage, of one kernel or of many."""
    won = reached_if(kernel, faster(kernel, ahead, TIMES_FASTER).exits, starts, WON, TICKS)
    return won[..., -1], won[..., :-1] - won[..., -1:]
