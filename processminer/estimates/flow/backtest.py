"""Whether past forecasts came true, and whether deals still go on as they went: if not, none is to be believed."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from processminer.engines.relations import read_sql
from processminer.estimates.flow.forecast import PACKAGE, arrivals, forecast
from processminer.statistics.multiplicity import adjusted_p_values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval

    _Way = tuple[int, Literal["lost", "onward"]]
    _Cell = tuple[float, float, int, int]

ORIGINS = 8
"""Past moments from which a forecast is made, one period apart."""

FEWEST_ORIGINS = 4
"""With fewer, a forecast that is right half the time passes too often."""

RESAMPLES_EACH = 50
"""Of the deals per past moment: enough to tell whether a range of nine in ten held."""

FEWEST_WINS = 10
"""Won deals by an origin: with fewer there was nothing yet to learn from."""

HELD = 0.75
"""Of past periods that must lie within their range of nine in ten; fewer means that the ranges are too narrow."""

RECENT = (60.0, 120.0, 180.0)
"""Days: what has just changed shows in the last two months, what is weaker only in the last half year."""

MATTERS = 0.1
"""A shift of a smaller share of all exits moves the wins of a period by less than the width of its range."""

ALL = -1
"""Stands for all stages."""

FALSE_ALARMS = 0.05
"""The false discovery rate of the changes that are told."""


@dataclass(frozen=True, slots=True)
class Past:
    """A forecast as it would have been made, and what then came."""

    origin: datetime
    expected: Interval
    won: int

    @property
    def held(self) -> bool:
        """Whether the wins lay within the range."""
        return self.expected.low <= self.won <= self.expected.high


@dataclass(frozen=True, slots=True)
class Change:
    """A stage that deals have lately left otherwise than before, those as long in it compared with each other."""

    stage: str | None
    """None where it is in all stages taken together."""
    way: Literal["lost", "onward"]
    ratio: float
    """Lately, per day in the stage, so many times as often as before."""
    days: float
    """Lately is in the last so many days."""
    observed: int
    expected: float
    shift: float
    """The exits too many (or, negative, too few), as a share of all such exits of any stage in those days."""
    q: float
    """The false discovery rate at which it would still be told (Benjamini and Hochberg, 1995)."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether forecasts of this log are to be believed, and why not."""

    verdict: Literal["open", "shut", "cannot tell"]
    because: str
    past: tuple[Past, ...]
    """The latest first."""
    changes: tuple[Change, ...]
    """The surest first; those that move too little are told, and shut nothing."""


def gate(log: EventLog, days: float, span_days: float) -> Gate:
    """Return whether past forecasts of `days` came true and nothing has changed lately.

    Both are asked, since a backtest is blind to what has just changed, and a change of long ago is in all recent stays.
    """
    past = tuple(_past(log, days, span_days))
    changes = recent_changes(log)
    weighty = [one for one in changes if abs(one.shift) >= MATTERS]
    if weighty:
        return Gate("shut", _say_changes(weighty), past, changes)
    if len(past) < FEWEST_ORIGINS:
        why = f"only {len(past)} past periods of {days:g} days can be tried, and it takes {FEWEST_ORIGINS}"
        return Gate("cannot tell", why, past, changes)
    held = sum(one.held for one in past)
    said = f"of {len(past)} past periods of {days:g} days, {held} came as was expected"
    return Gate("open" if held >= HELD * len(past) else "shut", said, past, changes)


def _past(log: EventLog, days: float, span_days: float) -> list[Past]:
    tried: list[Past] = []
    for period in range(1, ORIGINS + 1):
        origin = log.as_of - timedelta(days=period * days)
        until = origin + timedelta(days=days)
        so_far = arrivals(log, _naive(origin) - timedelta(days=span_days), _naive(origin), None)
        if so_far[3] is None or so_far[1] < FEWEST_WINS:
            break
        told = forecast(log, days, span_days, origin, RESAMPLES_EACH, weigh_money=False)
        if told is None:
            break
        came = arrivals(log, _naive(origin), _naive(until), None)
        tried.append(Past(origin, told.wins, int(came[1])))
    return tried


def recent_changes(log: EventLog) -> tuple[Change, ...]:
    """Return the stages that deals have lately left otherwise than before, the surest first.

    Exits per day of those who have been there as long are compared (cells by age, Poisson), summed over ages as in a
    log-rank test (Mantel, 1966), for each stage and for all of them, and for each length of `RECENT`. All are one
    family of tests (Benjamini and Hochberg, 1995); of each stage and way out the surest is told.
    """
    asked = [(key, days, cells) for days in RECENT for key, cells in sorted(_cells(log, days).items())]
    tested = [(key, days, test) for key, days, cells in asked if (test := _compared(cells)) is not None]
    told = adjusted_p_values([p for _, _, (_, _, p) in tested])
    whole = {(key[1], days): observed for key, days, (observed, _, _) in tested if key[0] == ALL}
    found: dict[_Way, Change] = {}
    for (key, days, (observed, expected, _)), q in zip(tested, told, strict=True):
        if q <= FALSE_ALARMS and (key not in found or q < found[key].q):
            stage = None if key[0] == ALL else log.stages[key[0]].name
            shift = (observed - expected) / max(1, whole[key[1], days])
            found[key] = Change(stage, key[1], observed / expected, days, observed, expected, shift, q)
    return tuple(sorted(found.values(), key=lambda one: one.q))


def _cells(log: EventLog, days: float) -> dict[_Way, list[_Cell]]:
    """Return days lived before and since, and exits before and since, by age, of each stage and of all."""
    as_of = _naive(log.as_of)
    values = {"as_of": as_of, "since": as_of - timedelta(days=days)}
    rows = log.relations.rows(read_sql(PACKAGE, "recent_exits.sql"), values)
    by_way: dict[_Way, list[_Cell]] = defaultdict(list)
    for stage, _, before, since, lost_before, lost_since, left_before, left_since in rows:
        for place in (stage, ALL):
            by_way[place, "lost"].append((before, since, lost_before, lost_since))
            by_way[place, "onward"].append((before, since, left_before, left_since))
    return by_way


def _compared(cells: Sequence[_Cell]) -> tuple[int, float, float] | None:
    """Return the recent exits, those expected if nothing had changed, and the two-sided p-value; None where too few.

    Of the exits of a cell those that are recent are a share of its days, by chance alone.
    """
    observed, expected, variance = 0, 0.0, 0.0
    for before, since, exits_before, exits_since in cells:
        if before <= 0 or since <= 0:
            continue
        share = since / (before + since)
        exits = exits_before + exits_since
        observed += exits_since
        expected += exits * share
        variance += exits * share * (1 - share)
    if variance < 5:
        return None
    # Half an exit is taken off, since counts are whole.
    score = max(0.0, abs(observed - expected) - 0.5) / math.sqrt(variance)
    return observed, expected, 2 * NormalDist().cdf(-score)


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _say_changes(changes: Sequence[Change]) -> str:
    first = changes[0]
    where = "" if first.stage is None else f" from {first.stage}"
    what = "are lost" if first.way == "lost" else "go on"
    more = f", and {len(changes) - 1} more of such changes" if len(changes) > 1 else ""
    return f"in the last {first.days:g} days deals {what}{where} {first.ratio:.2g} times as often as before{more}"
