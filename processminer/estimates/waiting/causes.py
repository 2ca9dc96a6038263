"""Why work on deals waited for the people who did it: five causes, where a log has starts, ends and names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from processminer.engines.relations import read_sql
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.engines.relations import Row
    from processminer.log.eventlog import EventLog

PACKAGE = "processminer.estimates.waiting"

Cause = Literal["batching", "contention", "prioritisation", "unavailability", "extraneous"]

CAUSES: tuple[Cause, ...] = ("batching", "contention", "prioritisation", "unavailability", "extraneous")
"""In the order in which they are asked: what one explains is not told again by the next."""

RIGHT_AFTER = 0
"""Microseconds: only work begun at the end of other work, or before it, is done in one go with it."""

OFTEN = 0.1
"""Of the weeks in which somebody was seen, so many must show them at work in an hour of the week: one late evening in
a year is no working hour."""


LIFECYCLES = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'xes_rows'"
"""Whether the log came as XES, whose events say whether they begin or end an activity."""

TIMED_WORK = "SELECT count(*) FROM work_items WHERE has_start AND began < ended AND resource IS NOT NULL"


@dataclass(frozen=True, slots=True)
class CauseShare:
    """What one cause explains of an activity's waiting."""

    cause: Cause
    days: float
    """Over all pieces of work."""
    share: Interval
    """Of the time waited; limits from the spread between deals."""
    efficiency_without: float
    """Time worked over time worked and waited, if this cause were gone."""


@dataclass(frozen=True, slots=True)
class ActivityWait:
    """How long work of one kind waited, and why."""

    activity: str | None
    """None for all of them together."""
    pieces: int
    deals: int
    worked_days: float
    waited_days: float
    causes: tuple[CauseShare, ...]
    """In the order of `CAUSES`; they sum to the time waited."""

    @property
    def efficiency(self) -> float:
        """Time worked over time worked and waited; not a number where there was neither."""
        return _efficiency(self.worked_days, self.waited_days)


def waiting_causes(log: EventLog) -> tuple[ActivityWait, ...]:
    """Return why work waited, all of it first and then each activity, the longest waits first.

    Empty where the log does not have both ends of a piece of work and who did it, be it by events that begin and
    complete it, or by activities with two times. A piece waits from the end of the last work on its deal until its
    start; where activities have two times, the first piece from when the deal began. It waited, in this order: until a
    batch was complete (batching); while
    whoever did it was at work that was ready no later (contention), or at work that was ready later (prioritisation);
    outside of the hours of the week in which they are seen at work (unavailability); the rest for something outside of
    the log (extraneous). After Lashkevich, Milani, Chapela-Campa, Suvorau and Dumas (2022; 2024), whose calendars and
    concurrency are richer: here work on a deal follows one after the other.
    """
    relations = log.relations
    if relations.row("SELECT count(started_at) FROM task_events")[0]:
        relations.run(read_sql(PACKAGE, "task_work.sql"), {"as_of": log.as_of.replace(tzinfo=None)})
    elif relations.row(LIFECYCLES)[0]:
        relations.run(read_sql(PACKAGE, "logged_work.sql"))
    else:
        return ()
    relations.run(read_sql(PACKAGE, "work_items.sql"))
    if not relations.row(TIMED_WORK)[0]:
        return ()
    relations.run(read_sql(PACKAGE, "batches.sql"), {"right_after": RIGHT_AFTER})
    relations.run(read_sql(PACKAGE, "calendars.sql"), {"often": OFTEN})
    return causes_of_work(relations.rows(read_sql(PACKAGE, "causes.sql")))


def causes_of_work(rows: Sequence[Row]) -> tuple[ActivityWait, ...]:
    """Return the waits that rows of `causes.sql` tell."""
    return tuple(sorted(_waits(rows), key=lambda one: (one.activity is not None, -round(one.waited_days, 9))))


def _waits(rows: Sequence[Row]) -> Iterator[ActivityWait]:
    for activity, those in groupby(rows, key=lambda row: row[0]):
        told = list(those)
        _, _, pieces, deals, worked, waited, *_ = told[0]
        yield ActivityWait(
            activity=activity,
            pieces=int(pieces),
            deals=int(deals),
            worked_days=float(worked),
            waited_days=float(waited),
            causes=tuple(_share(row) for row in told),
        )


def _share(row: Row) -> CauseShare:
    place, deals, worked, waited, days = int(row[1]), int(row[3]), float(row[4]), float(row[5]), float(row[6])
    return CauseShare(
        cause=CAUSES[place],
        days=days,
        share=_ratio(days, waited, deals, (float(row[7]), float(row[8]), float(row[9]))),
        efficiency_without=_efficiency(worked, waited - days),
    )


def _ratio(part: float, whole: float, deals: int, squares: tuple[float, float, float]) -> Interval:
    """Return part / whole with limits from the spread between deals (linearised; Cochran, 1977)."""
    if whole <= 0:
        return Interval(0.0, 0.0, 1.0)
    ratio = part / whole
    if deals < 2:
        return Interval(ratio, 0.0, 1.0)
    own, shared, all_of_it = squares
    spread = max(0.0, own - 2 * ratio * shared + ratio**2 * all_of_it) * deals / (deals - 1)
    half = normal_quantile(0.95) * math.sqrt(spread) / whole
    return Interval(ratio, max(0.0, ratio - half), min(1.0, ratio + half))


def _efficiency(worked: float, waited: float) -> float:
    return worked / (worked + waited) if worked + waited > 0 else math.nan
