"""What it would buy if deals went on from a stage faster: the bottleneck is where that is most, not the longest one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.estimates.flow.model import TICKS, WON
from processminer.statistics.interval import Interval
from processminer.statistics.semi_markov import faster, reached_if

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from processminer.estimates.flow.model import FlowModel
    from processminer.statistics.semi_markov import Kernel
    from processminer.statistics.survival import Floats

TIMES_FASTER = 1.5
"""Deals that are looked after leave a stage forward at half as much again the rate: much, and not beyond belief."""


@dataclass(frozen=True, slots=True)
class StageGain:
    """The change of the share of new deals won within `within_days`, if deals advanced from a stage faster."""

    stage: str
    gain: Interval
    """In points of the win share (0.02: two more wins of a hundred new deals), with 95 % bootstrap limits."""
    rank_1: float
    """The share of resamples in which no other stage gains more."""
    base: float
    """The share won within the time as things are."""
    within_days: float
    deals: int


def stage_gains(model: FlowModel, order: Sequence[str]) -> tuple[StageGain, ...]:
    """Return what each stage would gain, the largest first.

    Advancing is going to a later stage of `order`, or to won; rates of going back and of losing stay as they are. It
    is what the flow would do if the deals that go on sooner were like those that go on now: with hidden differences
    between deals the truth lies between 0 and this.
    """
    ahead = onward(model.stages, order)
    base, change = _changes(model.observed, model.starts, ahead)
    drawn = [_changes(kernel, starts, ahead)[1] for kernel, starts in model.resamples()]
    resampled = np.concatenate(drawn)
    low, high = np.quantile(resampled, (0.025, 0.975), axis=0)
    first = resampled >= resampled.max(axis=1, keepdims=True) - 1e-12
    ranked = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    gains = [
        StageGain(
            stage=stage,
            gain=Interval(
                float(change[at]), min(float(low[at]), float(change[at])), max(float(high[at]), float(change[at]))
            ),
            rank_1=float(ranked[at]),
            base=float(base),
            within_days=model.horizon_days,
            deals=model.deals,
        )
        for at, stage in enumerate(model.stages)
    ]
    return tuple(sorted(gains, key=lambda one: -round(one.gain.estimate, 12)))


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
