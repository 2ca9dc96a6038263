"""How many of the deals that enter a stage are won, the open ones counted for as long as they were followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.statistics.survival import horizon, incidence, risk_table

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.statistics.interval import Interval


@dataclass(frozen=True, slots=True)
class StageWins:
    """What became of the deals that entered a stage, from their first entry on."""

    stage: str
    deals: int
    open: int
    won: Interval
    """Share won within `within_days` of the entry (Aalen & Johansen, 1978)."""
    within_days: float
    """The last day to which enough deals could be followed."""
    undecided: float = 0.0
    """The share that is neither won nor lost by then: of those, any part may be won later."""


def stage_wins(discovery: Discovery) -> dict[str, StageWins]:
    """Return, by stage, the share of the deals entering it that are won, in the log's order.

    A deal that was closed at a moment that is not its own (a clean-up) counts as closed then: when it ended is not
    known, but that it ended is. What happens after a deal's close counts for nothing.
    """
    log = discovery.log
    sql = read_sql("processminer.estimates", "won_from_stage.sql")
    rows = np.array(log.relations.rows(sql, {"as_of": log.as_of.replace(tzinfo=None)}), dtype=np.float64).reshape(-1, 5)
    wins: dict[str, StageWins] = {}
    for code in np.unique(rows[:, 0]):
        days, won, lost, still_open = rows[rows[:, 0] == code, 1:].T
        table = risk_table(days, np.stack([won, lost], axis=1), still_open)
        tau = horizon(table)
        stage = log.stages[int(code)].name
        in_time, gone = incidence(table, tau)
        left = max(0.0, 1 - in_time.estimate - gone.estimate)
        wins[stage] = StageWins(stage, table.units, int(still_open.sum()), in_time, tau, left)
    return wins
