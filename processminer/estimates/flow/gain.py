"""What it would buy if deals went on from a stage faster: the bottleneck is where that is most, not the longest one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.estimates.figures import StageGain, ValueGain
from processminer.estimates.flow.forecast import begun_over, worth_of_won
from processminer.estimates.flow.model import RESAMPLES, SEED, TICKS, WON, flow_model, usual_horizon
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

WEEK = 7


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Deals that began lately, from which the arrivals of the next weeks are expected."""

    begun: int
    over_days: float
    currency: str | None
    """Of the amounts that most deals have."""

    @property
    def a_week(self) -> float:
        """How many begin in a week."""
        return self.begun / self.over_days * WEEK


def gains(log: EventLog) -> tuple[StageGain, ...]:
    """Return what each stage would gain within the time in which most wins come; nothing where no stay has a length.

    Needs `stays` and `untimed_leads`. The order of the stages is the log's.
    """
    model = flow_model(log, usual_horizon(log))
    if model is None:
        return ()
    worth = worth_of_won(log, log.as_of)
    begun, over = begun_over(log, worth, log.as_of)
    came = Arrivals(begun, over, None if worth is None else worth.currency)
    return stage_gains(model, [stage.name for stage in log.stages], came)


def stage_gains(model: FlowModel, order: Sequence[str], came: Arrivals | None = None) -> tuple[StageGain, ...]:
    """Return what each stage would gain, the largest first; of wins a week, and value, where arrivals are told.

    Advancing is going to a later stage of `order`, or to won; rates of going back and of losing stay as they are. It
    is what the flow would do if the deals that go on sooner were like those that go on now: with hidden differences
    between deals the truth lies between 0 and this.
    """
    many = resamples_for(len(model.stages))
    won = _played(model, order, many)
    base, change = won.observed
    ranked = _first(won.drawn)
    weeks = None if came is None else _weekly(came, many)
    value = None if came is None or weeks is None else _valued(model, order, came, weeks)
    found = [
        StageGain(
            stage=stage,
            gain=_limits(float(change[at]), won.drawn[:, at]),
            rank_1=float(ranked[at]),
            base=float(base),
            within_days=model.horizon_days,
            deals=model.deals,
            times_faster=TIMES_FASTER,
            wins_a_week=None
            if came is None or weeks is None
            else _limits(came.a_week * float(change[at]), weeks * won.drawn[:, at]),
            base_wins_a_week=None if came is None else came.a_week * float(base),
            value=None if value is None else value[at],
        )
        for at, stage in enumerate(model.stages)
    ]
    return tuple(sorted(found, key=lambda one: -round(one.gain.estimate, 12)))


@dataclass(frozen=True, slots=True, eq=False)
class _Played:
    """The share won as things are and its change for each stage, observed and of each resample."""

    observed: tuple[Floats, Floats]
    drawn: Floats
    """Changes by resample and stage."""


def _played(model: FlowModel, order: Sequence[str], many: int) -> _Played:
    ahead = onward(model.stages, order)
    drawn = [_changes(kernel, starts, ahead)[1] for kernel, starts in model.resamples(many)]
    return _Played(_changes(model.observed, model.starts, ahead), np.concatenate(drawn))


def _weekly(came: Arrivals, many: int) -> Floats:
    """Return arrivals a week as they may truly be, given how many came (Jeffreys' prior for a Poisson rate)."""
    if not came.begun:
        return np.zeros(many)
    drawn: Floats = np.random.default_rng(SEED).gamma(came.begun + 0.5, WEEK / came.over_days, many)
    return drawn


def _valued(model: FlowModel, order: Sequence[str], came: Arrivals, weeks: Floats) -> list[ValueGain] | None:
    """Return what each stage would gain in value: deals that are worth more may wait, and be lost, elsewhere.

    Each deal counts as often as it is worth, so that what is won is a share of all value; times the mean amount of a
    deal that is the expected value of a new one.
    """
    priced = model.by_worth()
    if priced is None:
        return None
    won = _played(priced, order, len(weeks))
    base, change = won.observed
    deals, worth = model.priced.deals, priced.groups.begun.sum(axis=1)
    drawn = priced.draws(len(weeks))
    mean = float(worth.sum() / deals.sum())
    # Few deals may have an amount: a resample that drew none of them says nothing of their mean.
    means = np.divide(drawn @ worth, drawn @ deals, out=np.full(len(weeks), mean), where=drawn @ deals > 0)
    value = won.drawn * means[:, None]
    return [
        ValueGain(
            a_deal=_limits(mean * float(change[at]), value[:, at]),
            a_week=_limits(came.a_week * mean * float(change[at]), weeks * value[:, at]),
            base_a_deal=mean * float(base),
            base_a_week=came.a_week * mean * float(base),
            currency=came.currency,
            deals=priced.deals,
        )
        for at in range(len(model.stages))
    ]


def _limits(estimate: float, drawn: Floats) -> Interval:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(estimate, min(float(low), estimate), max(float(high), estimate))


def resamples_for(stages: int) -> int:
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
