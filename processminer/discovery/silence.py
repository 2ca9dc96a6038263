"""How long open deals have been silent, beside how long deals take that are won."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog


@dataclass(frozen=True, slots=True)
class SilentDeals:
    """Open deals whose last event, of any kind, lies so many whole days before `as_of`."""

    days: int
    deals: int
    examples: tuple[str, ...]
    """At most five, in alphabetical order."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Open deals by the length of their silence."""

    open: int
    """Open deals with at least one dated event."""
    lengths: tuple[SilentDeals, ...]
    """The longest silence first."""
    won_p90_days: float | None
    """Nine in ten won deals were won within so many days of their first stage event; None without won deals."""


def silence_of(log: EventLog) -> Silence:
    """Return how long the open deals of a log have been silent at its `as_of`."""
    package = "processminer.discovery"
    rows = log.relations.rows(read_sql(package, "silence.sql"), {"as_of": log.as_of.replace(tzinfo=None)})
    lengths = tuple(SilentDeals(days, deals, tuple(examples)) for days, deals, examples in rows)
    (p90,) = log.relations.row(read_sql(package, "won_lead_time.sql"))
    return Silence(sum(one.deals for one in lengths), lengths, p90)
