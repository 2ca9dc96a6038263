"""What a change did, as far as a log can tell: by groups that did not change, else by the series, else not at all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from processminer.statistics.differences import differences_in_differences
from processminer.statistics.interrupted import jump
from processminer.statistics.proportions import normal_quantile
from processminer.statistics.pseudo_values import mean_values, pseudo_values

if TYPE_CHECKING:
    from processminer.estimates.did_it_work.deals import Units
    from processminer.statistics.differences import Differences
    from processminer.statistics.doubly_robust import Flags
    from processminer.statistics.estimated import Estimated
    from processminer.statistics.interval import Interval
    from processminer.statistics.survival import Floats

Design = Literal["differences", "series", "none"]
Measure = Literal["won", "days"]
Counted = tuple[int, int, int, int]

FEWEST = 30
"""Deals of each kind before and after; with fewer, chance alone moves a share by more than any rule does."""

FOLLOWED = 20
"""So many of those that began since must have been followed to the horizon."""

ENOUGH_WON = 10
USUAL_DAYS = 180
"""The horizon where too few were won before to choose one."""

MONTH = 30.4375
A_MONTH = 10
"""Deals of a month; the share of fewer jumps about."""

SEEN = 0.05
"""The difference for which the needed deals are told: less than five points is beyond most trials."""

_POWER = 0.8416
"""Standard errors for 80 % power."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What can be said of one measure. Shares and days before and after are told of compared groups only."""

    measure: Measure
    stage: str | None
    """For days: the stage that they are spent in."""
    design: Design
    within_days: int
    """A deal must be won within so many days of its begin to count; days in a stage count up to so many."""
    effect: Interval | None
    """What the change did: points of the share won, or days; None where nothing can be told."""
    p: float | None
    compared: Differences | None
    """Where groups were compared."""
    apart_before: Interval | None
    """By how much the same groups went apart in the time before, when nothing had changed: far from 0 is a warning."""
    deals: Counted
    """Changed before and after, others before and after."""
    needed_deals: int | None
    """Deals in all by which a difference of `SEEN` would be seen; None where no error is known."""
    because: str
    """Why it can be told no better, as a sentence; empty where groups were compared."""


def judge_wins(units: Units) -> Judgement:
    """Return what a change did to the share of deals won within the usual time of their begin."""
    return _judge(units, "won", None, _horizon(units, units.cause == 1))


def judge_days(units: Units, stage: str) -> Judgement:
    """Return what a change did to the days spent in a stage, up to the time by which nine in ten were over before."""
    return _judge(units, "days", stage, _horizon(units, units.cause > 0))


def _judge(units: Units, measure: Measure, stage: str | None, horizon: int) -> Judgement:
    counts = _counts(units)
    few = min(counts[:2]) < FEWEST
    if few:
        because = f"{min(counts[:2])} on one side of the day are too few: {FEWEST} are needed on each."
        return Judgement(measure, stage, "none", horizon, None, None, None, None, counts, None, because)
    values = _values(units, measure, horizon)
    compared = None
    if min(counts[2:]) >= FEWEST:
        compared = differences_in_differences(values, units.after, units.changed, units.group)
    if compared is not None:
        change = compared.change
        return Judgement(
            measure, stage, "differences", horizon, change.interval(), change.p_value, compared,
            _apart_before(units, measure, horizon), counts, _needed(change, len(values), measure), "",
        )  # fmt: skip
    found = _series(units.only(units.changed), values[units.changed])
    because = _no_others(counts)
    if found is None:
        because = f"{because} The months are too few to tell a jump from a trend."
        return Judgement(measure, stage, "none", horizon, None, None, None, None, counts, None, because)
    needed = _needed(found, sum(counts[:2]), measure)
    return Judgement(
        measure, stage, "series", horizon, found.interval(), found.p_value, None, None, counts, needed, because
    )


def _counts(units: Units) -> Counted:
    """Count the changed ones before and after, and the others."""
    kinds = (units.changed & ~units.after, units.changed & units.after, ~units.changed & ~units.after)
    first, second, third = (int(kind.sum()) for kind in kinds)
    return first, second, third, len(units.changed) - first - second - third


def _no_others(counts: Counted) -> str:
    if min(counts[2:]) == 0:
        return "It was changed for all deals at once: nobody is left to compare them with."
    if min(counts[2:]) < FEWEST:
        return f"Of the deals it was not changed for, {min(counts[2:])} on one side of the day are too few."
    return "Too few owners or teams have deals both before and after on each side."


def _horizon(units: Units, happened: Flags) -> int:
    """Choose within how many days it must have happened, as far as deals were followed since.

    Nine in ten of those before, and all but one in forty of either time where half of the deals since were followed so
    long: what takes longer now must not look as if it happened less.
    """
    before = happened & ~units.after
    usual = float(np.quantile(units.days[before], 0.9)) if before.sum() >= ENOUGH_WON else USUAL_DAYS
    since = np.sort(units.watched[units.after])
    if not len(since):
        return math.ceil(usual)
    slowest = [float(np.quantile(units.days[one], 0.975)) for one in (before, happened & units.after) if one.any()]
    chosen = max(usual, min(max(slowest, default=usual), float(np.median(since))))
    return max(1, min(math.ceil(chosen), int(since[-min(FOLLOWED, len(since))])))


def _values(units: Units, measure: Measure, horizon: int) -> Floats:
    """Return what each unit adds, before and after apart: deals since have been followed for less long."""
    values = np.zeros(len(units.days))
    for part in (~units.after, units.after):
        days, cause = units.days[part], units.cause[part]
        values[part] = (
            pseudo_values(days, cause, horizon).values if measure == "won" else mean_values(days, cause > 0, horizon)
        )
    return values


def _apart_before(units: Units, measure: Measure, horizon: int) -> Interval | None:
    """Return the same comparison within the time before, its later half taken for the time after."""
    earlier = units.only(~units.after)
    parted = replace(earlier, after=earlier.begun >= float(np.median(earlier.begun)))
    if parted.after.all():
        return None
    values = _values(parted, measure, horizon)
    found = differences_in_differences(values, parted.after, parted.changed, parted.group)
    return None if found is None else found.change.interval()


def _series(units: Units, values: Floats) -> Estimated | None:
    """Return the jump of the monthly means; months with few deals count to the one before the change or after it."""
    start = float(units.begun[units.after].min())
    month = np.floor((units.begun - start) / MONTH).astype(np.int64)
    # What the second log of two tells of early deals lies beside what the first one does.
    month = np.where(units.after, np.maximum(month, 0), np.minimum(month, -1))
    _, place = np.unique(month, return_inverse=True)
    size = np.bincount(place)
    level = np.bincount(place, values) / size
    after = np.bincount(place, units.after) > 0
    kept = size >= A_MONTH
    return jump(level[kept], size[kept].astype(np.float64), after[kept])


def _needed(found: Estimated, units: int, measure: Measure) -> int | None:
    if measure == "days":
        return None
    return math.ceil(units * ((normal_quantile(0.95) + _POWER) * found.error / SEEN) ** 2)
