"""From which age on a deal in a stage brings less a day than the deal that could be begun in its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.flow.forecast import PACKAGE, worth_of_won
from processminer.estimates.flow.gain import resamples_for
from processminer.estimates.flow.model import DAY, MOST_DAYS, TICKS, WON, flow_model, usual_horizon
from processminer.statistics.estimated import Estimated
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile
from processminer.statistics.stopping import coarser, promise

if TYPE_CHECKING:
    import numpy.typing as npt

    from processminer.engines.relations import Row
    from processminer.estimates.flow.model import FlowModel
    from processminer.log.eventlog import EventLog
    from processminer.statistics.semi_markov import Kernel
    from processminer.statistics.survival import Floats

POINTS = 72
"""Steps that the horizon is parted in: five days each in a year, which is finer than any limit that people write."""

AHEAD = POINTS // 2
"""So far is looked back and ahead: half of the time that stays are followed for, to see both for every age."""

TIMES_USUAL = 4.0
"""Stays are followed for so many times the time in which nine in ten wins come, at most for a year."""

FOLLOWED = 20
"""Stays that were seen to last twice as long: with fewer, what becomes of a deal of that age is not known."""

GONE = 0.25
"""Of a new deal's chance: while more is left, only a known cost can say that a deal is not worth its days. Time saved
is not always used for new deals, and a win given up is lost for certain."""

NAMED = 5
"""Deals won later that are named: those of the largest amounts."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The age in a stage at which a deal is no longer worth its days, and what speaks against giving it up."""

    stage: str
    days: Interval
    """Of a stay; the upper limit is infinite where more than one resample in forty never comes to such an age."""
    basis: Literal["cost", "new deals"]
    """What a day is held against: a cost that was told, or what a new deal brings a day."""
    wins_a_day: float
    """So many a deal has to promise."""
    stays: int
    """Stays that were seen to last longer."""
    still_there: float
    """The share of stays that last longer."""
    days_beyond: float
    """The share of all days in the stage, as far as stays are followed, that lie beyond the age."""
    chance: Interval
    """To be won within `within_days` of that age, having gone on from the stage in half of them."""
    fresh: float
    """The same of a deal that has just entered the stage."""
    left: Estimated
    """`chance` over `fresh`."""
    within_days: float
    won_later: int
    """Deals that stayed longer in the stage and were won all the same."""
    value_later: float | None
    """What those are worth in `currency`; None where none has an amount in it."""
    currency: str | None
    examples: tuple[str, ...]
    """Of those, the most valuable first."""


def give_ups(log: EventLog, cost_a_day: float | None = None) -> tuple[GiveUp, ...]:
    """Return the stages in which deals come to an age at which they are not worth their days, in the log's order.

    A deal is worth its days while some span of them promises more wins a day than they cost (the index of Gittins,
    1979). A cost is told in the currency of most won deals; without one, and where no won deal has an amount, a day is
    held against what a new deal brings a day from its begin to its end: time given to an old deal is taken from that
    (Charnov, 1976), and only where little of its chance is left. Of each stage the first such age that enough stays
    were seen to pass is told.
    """
    model = flow_model(log, min(MOST_DAYS, TIMES_USUAL * usual_horizon(log)))
    if model is None:
        return ()
    worth = worth_of_won(log, log.as_of)
    cost = None if cost_a_day is None or worth is None or worth.mean <= 0 else cost_a_day / worth.mean
    # What becomes of deals of an age is known where enough were followed for as long again.
    known = _followed(model, 2) >= FOLLOWED
    seen = _read(model, model.observed, model.starts, cost)
    first = seen.first_below(known)
    stages = np.flatnonzero(np.isfinite(first)).tolist()
    if not stages:
        return ()
    drawn = [_read(model, kernel, starts, cost) for kernel, starts in model.resamples(resamples_for(len(model.stages)))]
    ages = np.concatenate([one.first_below(known) for one in drawn])
    chances = np.concatenate([one.chance for one in drawn])
    basis: Literal["cost", "new deals"] = "new deals" if cost is None else "cost"
    currency = None if worth is None else worth.currency
    return tuple(
        _told(log, model, seen, _Place(stage, int(first[stage])), ages[:, stage], chances[:, stage], basis, currency)
        for stage in stages
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What a model, or each of many resampled ones, says of every stage and age."""

    staying: Floats
    chance: Floats
    index: Floats
    asked: Floats
    """Wins a day that a deal has to promise."""
    least_left: float
    """Of a new deal's chance: while more is left, a deal is kept."""

    def first_below(self, known: npt.NDArray[np.bool_]) -> Floats:
        """Return the first age at which a deal is not worth its days, by stage; infinite where there is none."""
        little = self.chance <= self.least_left * self.chance[..., :1]
        below = (self.index < self.asked[..., None, None]) & little & known
        first: Floats = np.where(below.any(axis=-1), below.argmax(axis=-1), np.inf)
        return first


def _read(model: FlowModel, one: Kernel, starts: Floats, cost: float | None) -> _Seen:
    step, coarse = _step_days(model), coarser(one, POINTS)
    told = promise(coarse, starts, WON, AHEAD + 1, AHEAD)
    asked = told.fresh / step if cost is None else np.full(told.fresh.shape, cost)
    return _Seen(coarse.staying, told.chance, told.index / step, asked, GONE if cost is None else 1.0)


def _step_days(model: FlowModel) -> float:
    return model.tick_days * TICKS / POINTS


def _followed(model: FlowModel, times: int = 1) -> Floats:
    """Return how many stays were seen to last longer than each age, or `times` as long: (stages, ages)."""
    later = np.minimum(np.floor(times * np.arange(AHEAD + 1) * TICKS / POINTS).astype(int) + 1, TICKS)
    counts: Floats = model.followed[:, later]
    return counts


@dataclass(frozen=True, slots=True)
class _Place:
    stage: int
    age: int


def _told(
    log: EventLog,
    model: FlowModel,
    seen: _Seen,
    at: _Place,
    ages: Floats,
    chances: Floats,
    basis: Literal["cost", "new deals"],
    currency: str | None,
) -> GiveUp:
    step = _step_days(model)
    # Whoever lasts longer than a step is half a step older in the mean.
    days = (at.age + 0.5) * step
    name = model.stages[at.stage]
    low, high = (np.quantile(ages, (0.025, 0.975), method="inverted_cdf") + 0.5) * step
    then, fresh = chances[:, at.age], chances[:, 0]
    chance, new = float(seen.chance[at.stage, at.age]), float(seen.chance[at.stage, 0])
    stays = int(_followed(model)[at.stage, at.age])
    lower, upper = np.nanquantile(then, (0.025, 0.975))
    upper = max(float(upper), _unseen(stays))
    ratio = np.divide(then, fresh, out=np.zeros_like(then), where=fresh > 0)
    staying = seen.staying[at.stage]
    later = _won_later(log, name, days, currency)
    return GiveUp(
        stage=name,
        days=Interval(days, min(float(low), days), max(float(high), days)),
        basis=basis,
        wins_a_day=float(seen.asked),
        stays=stays,
        still_there=float(staying[at.age]),
        days_beyond=float(staying[at.age :].sum() / max(staying.sum(), 1e-12)),
        chance=Interval(chance, min(float(lower), chance), max(float(upper), chance)),
        fresh=new,
        left=_left(chance, new, ratio, stays),
        within_days=model.horizon_days,
        won_later=int(later[0][2]) if later else 0,
        value_later=None if not later or later[0][3] is None else float(later[0][3]),
        currency=currency,
        examples=tuple(str(row[0]) for row in later),
    )


def _left(chance: float, fresh: float, drawn: Floats, stays: int) -> Estimated:
    """Return what is left of the chance; that none was won is no proof that none ever is (the rule of three)."""
    if not fresh:
        return Estimated(1.0, 1.0, math.inf)
    least = _unseen(stays) / normal_quantile(0.95) / fresh
    return Estimated(chance / fresh, max(float(np.nanstd(drawn)), 0.0 if chance else least, 1e-6), math.inf)


def _unseen(stays: int) -> float:
    """Return how large a share may be of which none, or next to none, was seen among so many."""
    return float(1 - 0.05 ** (1 / max(1, stays)))


def _won_later(log: EventLog, stage: str, days: float, currency: str | None) -> list[Row]:
    code = next(number for number, one in enumerate(log.stages) if one.name == stage)
    values = {
        "code": code,
        "as_of": log.as_of.replace(tzinfo=None),
        "age_us": round(days * DAY),
        "currency": currency,
        "most": NAMED,
    }
    return log.relations.rows(read_sql(PACKAGE, "won_later.sql"), values)
