"""Whether two traits of a deal together promise more, or less, than each of them by itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from processminer.discovery.segments import segments
from processminer.engines.relations import read_sql
from processminer.statistics.combinations import excesses
from processminer.statistics.pseudo_values import pseudo_values
from processminer.statistics.shrinkage import shrunk

if TYPE_CHECKING:
    import numpy.typing as npt

    from processminer.log.eventlog import EventLog
    from processminer.statistics.combinations import Excess
    from processminer.statistics.interval import Interval
    from processminer.statistics.pseudo_values import Counts, Flags

FEWEST = 20
"""Of older deals; the share won of fewer is known to some twenty points either way."""

FEWEST_NEW = 10
"""Of the newest: fewer than half of what found a combination are left among three in ten."""

WINS = 10
"""With fewer wins in all, hardly anything can be told of what they come from."""

FOLLOWED = 20
"""So many deals must have been followed to the horizon: fewer cannot tell what becomes of the others."""

MOST_WINS = 0.9
"""Of the wins, so many lie within the horizon."""

OLDER = 0.7
"""Of the deals that were followed for the horizon, so many are for finding, and the newest for telling how much."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Deals that are one thing by one attribute and another by another."""

    attribute: str
    value: str
    other_attribute: str
    other_value: str
    deals: int
    """Older ones."""
    won: float
    """Share of the older deals won within the horizon; open deals count as far as they were followed."""
    excess: Interval
    """Points of it beyond what the two values promise, owners held equal; drawn towards the other combinations."""
    newest_deals: int
    newest_won: float | None
    """The same of the newest deals that were followed for the whole horizon; None where they are too few."""
    newest_excess: Interval | None


@dataclass(frozen=True, slots=True)
class Triage:
    """Two attributes whose values may mean more together than each by itself."""

    attribute: str
    other_attribute: str
    horizon_days: int
    """From the first stage."""
    deals: int
    """Older and newest."""
    p_value: float
    """Of the older deals, against "the values add up": the smallest of all combinations, times their number."""
    combinations: tuple[Combination, ...]
    """The farthest from what its values promise first."""


@dataclass(frozen=True, slots=True, eq=False)
class _Deals:
    one: Counts
    other: Counts
    owner: Counts
    moment_us: Counts
    days: Counts
    watched: Counts
    cause: Counts


def triage(log: EventLog) -> tuple[Triage, ...]:
    """Return what combinations promise for each two attributes that say what a deal is; those with too few left out.

    What is compared is the chance to be won within a horizon of the first stage. Needs `stays` and `untimed_leads`.
    """
    found = (_of_two(log, one, other) for one, other in combinations(segments(log), 2))
    return tuple(one for one in found if one is not None)


def _of_two(log: EventLog, one: str, other: str) -> Triage | None:
    said = {"one": one, "other": other, "as_of": log.as_of.replace(tzinfo=None)}
    told = log.relations.numbers(read_sql("processminer.estimates.triage", "first_traits.sql"), said)
    deals = _Deals(**{name: told[name].astype(np.int64) for name in _Deals.__slots__})
    won = deals.cause == 1
    if won.sum() < WINS:
        return None
    horizon = _horizon(deals)
    matured = deals.watched > horizon
    if not matured.any():
        return None
    older = deals.moment_us < np.quantile(deals.moment_us[matured], OLDER)
    newest = matured & ~older
    finds, tells = _beyond(deals, older, horizon, FEWEST), _beyond(deals, newest, horizon, FEWEST_NEW)
    if len(finds) < 2:
        return None
    names = [_names(log, attribute) for attribute in (one, other)]
    drawn = _drawn(finds)
    newer = dict(zip(((cell.one, cell.other) for cell in tells), zip(tells, _drawn(tells), strict=True), strict=True))
    each = [
        Combination(
            one, names[0][cell.one - 1], other, names[1][cell.other - 1], cell.units, cell.mean, excess,
            *_newest(newer.get((cell.one, cell.other)), deals, newest, cell),
        )
        for cell, excess in zip(finds, drawn, strict=True)
    ]  # fmt: skip
    smallest = min(cell.beyond.p_value for cell in finds)
    return Triage(
        attribute=one,
        other_attribute=other,
        horizon_days=horizon,
        deals=int(older.sum() + newest.sum()),
        p_value=min(1.0, smallest * len(finds)),
        combinations=_by_distance(each),
    )


def _horizon(deals: _Deals) -> int:
    """Choose within how many days a deal must be won to count; no longer than enough deals have been followed."""
    longest = max(1, int(np.sort(deals.watched)[-min(FOLLOWED, len(deals.watched))]))
    return max(1, min(int(np.ceil(np.quantile(deals.days[deals.cause == 1], MOST_WINS))), longest))


def _beyond(deals: _Deals, which: Flags, horizon: int, fewest: int) -> tuple[Excess, ...]:
    if not which.any():
        return ()
    values = pseudo_values(deals.days[which], deals.cause[which], horizon).values
    return excesses(values, deals.one[which], deals.other[which], deals.owner[which], fewest)


def _drawn(cells: tuple[Excess, ...]) -> list[Interval]:
    """Return the limits of each, small combinations drawn towards the others; of a single one, its own."""
    each = [cell.beyond for cell in cells]
    return [one.interval() for one in (shrunk(each).groups if len(each) > 1 else each)]


def _newest(
    told: tuple[Excess, Interval] | None, deals: _Deals, newest: Flags, cell: Excess
) -> tuple[int, float | None, Interval | None]:
    if told is None:
        there: npt.NDArray[np.bool_] = newest & (deals.one == cell.one) & (deals.other == cell.other)
        return int(there.sum()), None, None
    return told[0].units, told[0].mean, told[1]


def _by_distance(each: list[Combination]) -> tuple[Combination, ...]:
    usual = float(np.median([one.won for one in each]))

    def place(one: Combination) -> tuple[float, float, str, str]:
        # Of two by two, all lie as far off: then the one comes first that is won least like the others.
        return -round(abs(one.excess.estimate), 9), -round(abs(one.won - usual), 9), one.value, one.other_value

    return tuple(sorted(each, key=place))


def _names(log: EventLog, attribute: str) -> list[str]:
    rows = log.relations.rows(
        "SELECT DISTINCT value FROM attributes WHERE attribute = $attribute ORDER BY value", {"attribute": attribute}
    )
    return [str(value) for (value,) in rows]
