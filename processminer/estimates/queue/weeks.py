"""Each stage as a queue, week by week, and whether more deals come to it than leave it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.statistics.rates import rate_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval

PACKAGE = "processminer.estimates.queue"

RECENT_WEEKS = 8
"""Two months: long enough for counts to speak, short enough to still be now."""


@dataclass(frozen=True, slots=True)
class StageWeek:
    """What one stage saw in one calendar week (from Monday, UTC). The sums so far draw the cumulative flow."""

    stage: str
    week: date
    """Its Monday."""
    arrivals: int
    departures: int
    """Deals that left for any other stage, or a win."""
    wins: int
    """Of the departures, those that were won from here."""
    losses: int
    arrived_so_far: int
    gone_so_far: int
    """Departed or lost."""
    complete: bool
    """Whether the week was over when the log was looked at."""

    @property
    def in_progress(self) -> int:
        """Deals in the stage at the week's end (or when the log was looked at)."""
        return self.arrived_so_far - self.gone_so_far


@dataclass(frozen=True, slots=True)
class QueueGrowth:
    """Arrivals against all that left a stage, over the last complete weeks."""

    stage: str
    weeks: int
    arrivals: int
    left: int
    ratio: Interval
    """Arrivals for each that left, with exact limits; a queue that grows has both above 1."""
    p: float
    """Two-sided, against "as many come as leave"."""

    @property
    def grows(self) -> bool:
        """Whether more come than leave, beyond chance."""
        return self.ratio.low > 1


def stage_weeks(log: EventLog) -> tuple[StageWeek, ...]:
    """Return every open stage in every week from the log's first to `as_of`, in the log's order and then by week.

    Stays that were clicked through are no queue and are left out, as is all after a deal's close. Needs `stays`.
    """
    rows = log.relations.rows(read_sql(PACKAGE, "weeks.sql"), {"as_of": log.as_of.replace(tzinfo=None)})
    return tuple(StageWeek(log.stages[int(code)].name, *told) for code, *told in rows)


def queue_growth(weeks: Sequence[StageWeek], recent: int = RECENT_WEEKS) -> tuple[QueueGrowth, ...]:
    """Return, stage by stage, whether its queue grew over the last `recent` complete weeks (fewer in a young log).

    Counts of arrivals and of those that left are compared as Poisson counts. In a steady queue both rise and fall
    together, so that the test is cautious.
    """
    found: list[QueueGrowth] = []
    for stage, those in groupby(weeks, key=lambda one: one.stage):
        last = [one for one in those if one.complete][-recent:]
        arrivals = sum(one.arrivals for one in last)
        left = sum(one.departures + one.losses for one in last)
        compared = rate_ratio(arrivals, left)
        found.append(QueueGrowth(stage, len(last), arrivals, left, compared.ratio, compared.p))
    return tuple(found)
