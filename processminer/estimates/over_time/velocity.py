"""Sales velocity: what deals bring a day, all of its four figures taken from the same deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from datetime import date

    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval

YEAR = 365
"""Days of beginnings that are looked at: every season once."""


@dataclass(frozen=True, slots=True)
class Velocity:
    """Deals x amount x win share / lead time, of deals that began in one span and were all followed equally long."""

    since: date
    until: date
    """The first day after the span."""
    within_days: float
    deals: int
    without_amount: int
    """Deals of the span left out: they have no amount, or one in another currency."""
    currency: str | None
    won: int
    win_share: Interval
    """Won within `within_days`."""
    mean_amount: float
    """Of the won ones."""
    lead_days: float
    """Mean days from beginning to win, of the won ones."""

    @property
    def per_day(self) -> float:
        """Money a day, as long as these deals were worked on: deals x amount x win share / lead time."""
        return self.deals * self.mean_amount * self.win_share.estimate / self.lead_days

    @property
    def begun_per_day(self) -> float:
        """Money that the deals begun on an average day brought within `within_days`: the flow that lasts."""
        return self.won * self.mean_amount / (self.until - self.since).days


def velocity(log: EventLog, within_days: float) -> Velocity | None:
    """Return the velocity of the last year of deals that could be followed for `within_days`; None where none was won.

    Usual figures mix the pipeline of today, the wins of last quarter and the lead time of the year before; these are
    all of one cohort. Needs `stays` and `untimed_leads`.
    """
    now = log.as_of.replace(tzinfo=None)
    first = log.relations.row("SELECT min(first_at) FROM deals")[0]
    until = (now - timedelta(days=within_days)).replace(hour=0, minute=0, second=0, microsecond=0)
    since = max(until - timedelta(days=YEAR), first.replace(hour=0, minute=0, second=0, microsecond=0))
    values = {"since": since, "until": until, "days": within_days}
    sql = read_sql("processminer.estimates.over_time", "velocity.sql")
    currency, deals, without, won, amount, days = log.relations.row(sql, values)
    if not won or not days:
        return None
    return Velocity(
        since=since.date(),
        until=until.date(),
        within_days=within_days,
        deals=deals,
        without_amount=without,
        currency=currency,
        won=won,
        win_share=wilson(won, deals),
        mean_amount=amount,
        lead_days=days,
    )
