"""What became of the deals of each month or quarter: wins, conversion of stages and stays, by when deals began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Literal

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.flow.model import usual_horizon
from processminer.statistics.proportions import wilson
from processminer.statistics.survival import incidence, restricted_mean, risk_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.engines.relations import Row
    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval
    from processminer.statistics.survival import Floats

Every = Literal["week", "month", "quarter"]
Measure = Literal["won", "went on", "days in stage"]

PACKAGE = "processminer.estimates.over_time"

YOUNG_DAYS = 300
"""A younger log has too few months for a change to be seen among them."""

OLD_DAYS = 1460
"""In four years months are too many to be read."""

FEW_DEALS = 10
"""Shares of fewer deals jump from period to period, whatever happens."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Deals that began, or came to a stage, in one period."""

    begins: date
    n: int
    happened: int
    """Of them, those that were won, or went on, within the horizon, as far as can be seen yet; 0 for stays."""
    estimate: Interval | None
    """Within the horizon. Wilson limits where all were followed so long, else open ones are censored; None where
    nobody was followed long enough."""
    mature: bool
    """Whether even the last of them could be followed for the horizon; if not, the figure may still move."""


@dataclass(frozen=True, slots=True)
class Series:
    """One measure, period by period."""

    measure: Measure
    stage: str | None
    """None for the whole process."""
    within_days: float
    """The horizon."""
    every: Every
    cohorts: tuple[Cohort, ...]
    """The oldest first; periods in which nothing began are left out."""

    @property
    def told(self) -> tuple[Cohort, ...]:
        """The mature ones."""
        return tuple(one for one in self.cohorts if one.mature and one.estimate is not None)


def usual_period(log: EventLog) -> Every:
    """Return by which periods the deals of a log can be followed: weeks in a young log, quarters in an old one.

    Else, and where weeks would hold too few deals, months. The dates of a few odd old deals do not count.
    """
    sql = "SELECT count(*), quantile_disc(first_at, 0.01) FROM deals JOIN paths ON paths.deal = deals.deal"
    deals, first = log.relations.row(sql)
    days = 0.0 if first is None else (log.as_of.replace(tzinfo=None) - first).total_seconds() / 86_400
    if days < YOUNG_DAYS:
        return "week" if deals * 7 >= FEW_DEALS * days else "month"
    return "quarter" if days > OLD_DAYS or deals * 30 < FEW_DEALS * days else "month"


def cohort_series(log: EventLog, every: Every = "month", within_days: float | None = None) -> tuple[Series, ...]:
    """Return the share won by cohort, and for each open stage the share that went on and the restricted mean stay.

    The horizon is `within_days`, the usual time to a win if not given; that of a stage is the time by which nine in
    ten of the stays had ended that ended within it at all. Cohorts are by beginning, not by end, so that quick deals
    are in no period's favour. Needs `stays` and `untimed_leads`.
    """
    days = usual_horizon(log) if within_days is None else within_days
    values = {"as_of": log.as_of.replace(tzinfo=None), "every": every}
    begun = log.relations.rows(read_sql(PACKAGE, "deals_begun.sql"), values)
    came = log.relations.rows(read_sql(PACKAGE, "stays_begun.sql"), values)
    looked = log.as_of.date()
    found = [Series("won", None, days, every, _cohorts(begun, days, every, looked, "won"))]
    for code, rows in groupby(came, key=lambda row: int(row[0])):
        those = [row[1:] for row in rows]
        stage, within = log.stages[code].name, _stage_horizon(those, days)
        found += [
            Series(measure, stage, within, every, _cohorts(those, within, every, looked, measure))
            for measure in ("went on", "days in stage")
        ]
    return tuple(found)


def _stage_horizon(rows: Sequence[Row], most: float) -> float:
    """Return by how many days nine in ten stays that ended within `most` had ended, a whole number and at least 1."""
    days, went_on, otherwise = (np.array([row[at] for row in rows], dtype=np.float64) for at in (1, 2, 3))
    order = np.argsort(days, kind="stable")
    ended = np.cumsum(((went_on + otherwise) * (days <= most))[order])
    if not len(ended) or ended[-1] == 0:
        return most
    return float(max(1.0, days[order][np.searchsorted(ended, 0.9 * ended[-1])]))


def _cohorts(rows: Sequence[Row], days: float, every: Every, looked: date, measure: Measure) -> tuple[Cohort, ...]:
    return tuple(_cohort(period, cells, days, every, looked, measure) for period, cells in _by_period(rows))


def _by_period(rows: Sequence[Row]) -> Iterator[tuple[date, Floats]]:
    """Yield each period with rows of days, happened, ended otherwise, and still there."""
    for period, those in groupby(rows, key=lambda row: row[0]):
        yield period, np.array([row[1:] for row in those], dtype=np.float64)


def _cohort(period: date, cells: Floats, days: float, every: Every, looked: date, measure: Measure) -> Cohort:
    at, happened, otherwise, still_there = cells.T
    n = round(float(cells[:, 1:].sum()))
    mature = _next(period, every) + timedelta(days=days) <= looked
    count = round(float(happened[at <= days].sum()))
    # Somebody must have been followed to the horizon, or all have ended before it.
    followed = bool((at >= days).any()) or not still_there.any()
    table = risk_table(at, np.stack([happened, otherwise], axis=1), still_there)
    if measure == "days in stage":
        return Cohort(period, n, 0, restricted_mean(table, days) if followed else None, mature)
    share = wilson(count, n) if mature else incidence(table, days)[0] if followed else None
    return Cohort(period, n, count, share, mature)


def _next(period: date, every: Every) -> date:
    if every == "week":
        return period + timedelta(days=7)
    months = period.month - 1 + (1 if every == "month" else 3)
    return date(period.year + months // 12, months % 12 + 1, 1)
