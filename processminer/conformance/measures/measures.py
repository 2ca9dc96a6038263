"""Fitness by deal and by worth, by owner, segment and quarter, and of the newest deals against the rest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.conformance.measured import Generalisation, Group, Measures, QuarterTrend
from processminer.conformance.measures.precision import precision
from processminer.conformance.measures.queries import rows
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile, wilson
from processminer.statistics.trend import trend_of_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.engines.relations import Relations, Row
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook

ENOUGH_DEALS = 5
"""Of fewer deals a share says next to nothing, and an owner could be told by it: such groups are told together."""

ENOUGH_QUARTERS = 3
"""Two quarters make no trend."""


def measure(log: EventLog, playbook: Playbook) -> Measures:
    """Return the measures of all deals with a path; needs `deal_fitness` and `deal_groups`.

    Nothing here makes an open deal owe what is not due yet, but one that began lately has had less time to leave the
    playbook. Quarters are therefore those of the close, and of closed deals only; owners and segments count all deals.
    """
    relations = log.relations
    ((deals, mean, variance, currency, value_deals, value_fitness),) = rows(relations, "overall")
    used = precision(log, playbook)
    groups = [_group(row) for row in rows(relations, "groups", {"enough": ENOUGH_DEALS})]
    quarters = tuple(one for one in groups if one.attribute == "quarter")
    return Measures(
        deals=deals,
        fitness=_mean(mean, variance, deals) if deals else None,
        value_fitness=value_fitness if value_deals else None,
        value_deals=value_deals,
        currency=currency if value_deals else None,
        moves_allowed=used.allowed,
        moves_used=used.used,
        precision=used.precision,
        visits=used.visits,
        generalisation=_generalisation(relations),
        owners=tuple(one for one in groups if one.attribute == "owner"),
        segments=tuple(one for one in groups if one.attribute not in {"owner", "quarter"}),
        quarters=quarters,
        trend=_trend(quarters),
    )


def _group(row: Row) -> Group:
    attribute, value, groups, deals, fitness, violating = row
    return Group(attribute, value, groups, deals, fitness, violating, wilson(violating, deals))


def _mean(mean: float, variance: float | None, deals: int) -> Interval:
    """Return a mean of fitness with its limits; of one deal nothing is known."""
    if variance is None:
        return Interval(mean, 0.0, 1.0)
    half = normal_quantile(0.95) * math.sqrt(variance / deals)
    return Interval(mean, max(0.0, mean - half), min(1.0, mean + half))


def _generalisation(relations: Relations) -> Generalisation | None:
    """Return how the newest deals differ; None where one side has fewer than two, and so no spread."""
    sides = {bool(newest): counted for newest, *counted in rows(relations, "newest")}
    if len(sides) < 2 or any(deals < 2 for deals, *_ in sides.values()):
        return None
    (deals1, mean1, variance1, still), (deals0, mean0, variance0, _) = sides[True], sides[False]
    half = normal_quantile(0.95) * math.sqrt(variance1 / deals1 + variance0 / deals0)
    difference = mean1 - mean0
    limits = Interval(difference, max(-1.0, difference - half), min(1.0, difference + half))
    return Generalisation(deals1, deals0, limits, still)


def _trend(quarters: Sequence[Group]) -> QuarterTrend | None:
    """Return the trend over the quarters with enough deals, at their true distances."""
    told = [(_number(one.value), one.violating, one.deals) for one in quarters if one.value is not None]
    found = trend_of_shares(told) if len(told) >= ENOUGH_QUARTERS else None
    if found is None:
        return None
    return QuarterTrend(len(told), sum(deals for _, _, deals in told), found.slope, found.p_value)


def _number(quarter: str) -> float:
    """Return a quarter as a number, one more than that of the quarter before.

    >>> _number("2026-Q1") - _number("2025-Q4")
    1.0
    """
    year, _, number = quarter.partition("-Q")
    return float(int(year) * 4 + int(number))
