"""Signs that the CRM was filled in afterwards: changes of stage in bursts, or on one day of the week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval

OTHERS = 5
"""Nobody talks to six customers within ten minutes: who moves as many deals is tidying up."""


@dataclass(frozen=True, slots=True)
class Bursts:
    """How changes of stage fall in time; in a log with many bursts short waits say little."""

    changes: int
    """Beginnings of a deal included."""
    of_somebody: int
    """Those of which it is known who made them, or who owns the deal."""
    in_bursts: Interval | None
    """Share of these made within ten minutes of changes of `OTHERS` other deals by the same person; None where the
    export knows dates only, or nobody's name."""
    weekday: int
    """The day on which most fall, from Monday, 1."""
    on_weekday: Interval
    """Share of all changes that fall on it."""


def bursts(log: EventLog) -> Bursts | None:
    """Return how changes of stage fall in time; None where there is none. Needs `stays`."""
    rows = log.relations.rows(read_sql("processminer.estimates.queue", "bursts.sql"), {"others": OTHERS})
    changes = sum(int(row[1]) for row in rows)
    if not changes:
        return None
    named, burst = (sum(int(row[at]) for row in rows) for at in (2, 3))
    # Of equally busy days the first of the week.
    weekday, most = min(((int(row[0]), int(row[1])) for row in rows), key=lambda one: (-one[1], one[0]))
    told = named > 0 and not all(row[4] for row in rows)
    return Bursts(changes, named, wilson(burst, named) if told else None, weekday, wilson(most, changes))
