"""Whether deals that have been in a stage for long go on from it more slowly than they did at first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.estimates.flow.forecast import PACKAGE
from processminer.statistics.estimated import Estimated

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog

FEWEST = 10
"""Deals that went on, early and late: with fewer, logarithms of rates are far from normal."""


@dataclass(frozen=True, slots=True)
class Slowing:
    """How fast deals go on from a stage before and after the age by which half of those had that do."""

    stage: str
    after_days: float
    four_in_five_days: float
    """The length within which four in five of the stays ended that led on."""
    went: tuple[int, int]
    """Stays that led on, before and after that age."""
    ratio: Estimated
    """Logarithm of the rate after that age over the rate before; below 0 where they slow down."""


def slowing(log: EventLog) -> tuple[Slowing, ...]:
    """Return it for each stage from which enough deals went on, in the log's order; open stays count so far.

    Events over days at risk, Poisson. Needs `stays`.
    """
    rows = log.relations.rows(read_sql(PACKAGE, "slowing.sql"), {"as_of": log.as_of.replace(tzinfo=None)})
    return tuple(
        Slowing(
            stage=log.stages[int(code)].name,
            after_days=float(cut),
            four_in_five_days=float(most),
            went=(early, late),
            ratio=Estimated(
                math.log(late / float(days_late)) - math.log(early / float(days_early)),
                math.sqrt(1 / early + 1 / late),
                math.inf,
            ),
        )
        for code, cut, most, early, late, days_early, days_late in rows
        if min(early, late) >= FEWEST and min(days_early, days_late) > 0
    )
