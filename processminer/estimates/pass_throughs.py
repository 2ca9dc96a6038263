"""Stages that deals only pass through: how many leave within a few hours, and how many are lost there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval

HOURS = 8
"""A stage that is left on the working day on which it was entered held no question to a customer and no answer."""


@dataclass(frozen=True, slots=True)
class PassThrough:
    """How deals pass through one stage."""

    stage: str
    deals: int
    stays: int
    """Stays that have ended, or have lasted longer than a pass-through already."""
    passed: Interval
    """Share of them that ended within `HOURS`, or on the same day where the export knows dates only."""
    clicked: int
    """Those that ended so soon that they have no length of their own, and are in no mean."""
    lost: Interval
    """Share of the stays that have ended from which the deal was lost straight away."""
    other_days: float
    """Median days of the stays that are no pass-throughs, as far as they have lasted; 0 where there are none."""


def pass_throughs(log: EventLog) -> tuple[PassThrough, ...]:
    """Return every open stage that deals were in, in the log's order; needs `stays`. Limits are Wilson's, 95 %."""
    said = {"as_of": log.as_of.replace(tzinfo=None), "hours": HOURS}
    rows = log.relations.rows(read_sql("processminer.estimates", "pass_throughs.sql"), said)
    return tuple(
        PassThrough(log.stages[int(code)].name, deals, stays, wilson(passed, stays), clicked, wilson(lost, ended), days)
        for code, stays, deals, passed, clicked, ended, lost, days in rows
    )
