"""Within which time deals go on from a stage, of those that go on; those still in it are counted as censored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from processminer.engines.relations import read_sql
from processminer.statistics.proportions import wilson
from processminer.statistics.survival import horizon, incidence_curves, risk_table, survival

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.discovery.discovery import Discovery
    from processminer.statistics.survival import Floats, RiskTable

SHARE = 0.8
"""Four in five keep to it: late enough that hurry is not the rule, early enough that something can still be done."""

ENOUGH_ADVANCED = 10
"""Of fewer deals that went on, the 95 % limits of what four in five keep to reach below the median."""


@dataclass(frozen=True, slots=True)
class AdvanceTime:
    """How long it takes to go on from a stage, to a later one or to a win. Lengths are in days."""

    stage: str
    stays: int
    """Stays with a length of their own."""
    advanced: int
    open: int
    """Stays that had not ended at `as_of`."""
    days: float | None
    """Within so many days SHARE of those that go on have gone on; None where that is not known."""
    low: float | None
    high: float | None
    """95 % limits; None where not reached."""
    followed_days: float
    """The longest length to which enough stays could be followed."""
    staying: float
    """Share of the stays that last longer than that."""

    @property
    def needed(self) -> int:
        """How many more stays must end, at least, before `days` can be told; 0 where it is told."""
        if self.days is not None:
            return 0
        # A difference of fractions may miss a whole number by the last bit.
        stuck = math.ceil(round((self.staying - (1 - SHARE)) * self.stays, 6))
        return max(1, ENOUGH_ADVANCED - self.advanced, stuck)


def advance_times(discovery: Discovery, place: Mapping[str, int]) -> dict[str, AdvanceTime]:
    """Return, by stage of the log, the time within which 80 % of those that go on from it have gone on.

    `place` numbers the stages in the order in which deals are meant to take them; spellings of one stage may share a
    number. Going on means to a higher number or to a win; going back, being lost and going to a stage without
    a number compete with it (Aalen & Johansen, 1978). Of the stays that are followed no further, the same share is
    taken to go on as of those that ended: where more than 20 % of the stays are, the time is not known. The limits
    are those of a share of 80 % (Wilson, 1927) among as many stays as the weights are worth (Kish, 1965), read off the
    curve (Woodruff, 1952).
    """
    log = discovery.log
    numbered = [(code, place[stage.name]) for code, stage in enumerate(log.stages) if stage.name in place]
    log.relations.put(
        "places",
        {"code": [code for code, _ in numbered], "place": [at for _, at in numbered]},
        {"code": "SMALLINT", "place": "INTEGER"},
    )
    sql = read_sql("processminer.estimates", "gone_on.sql")
    rows = np.array(log.relations.rows(sql, {"as_of": log.as_of.replace(tzinfo=None)}), dtype=np.float64).reshape(-1, 5)
    return {
        log.stages[code].name: _advance_time(log.stages[code].name, rows[rows[:, 0] == code]) for code, _ in numbered
    }


def _advance_time(stage: str, rows: Floats) -> AdvanceTime:
    """Build a stage's time from its rows of stage, days, and stays that went on, ended otherwise, or have not ended."""
    table = risk_table(rows[:, 1], rows[:, 2:4], rows[:, 4])
    tau = horizon(table)
    followed = table.at <= tau
    staying = float(survival(table)[followed][-1]) if followed.any() else 1.0
    enough = table.exits[followed, 0].sum() >= ENOUGH_ADVANCED
    days, low, high = _quantiles(table, followed, staying) if enough else (None, None, None)
    advanced, _, still_there = (int(count) for count in rows[:, 2:].sum(axis=0))
    return AdvanceTime(stage, table.units, advanced, still_there, days, low, high, tau, staying)


def _quantiles(table: RiskTable, followed: npt.NDArray[np.bool_], staying: float) -> tuple[float | None, ...]:
    """Return when SHARE of those that go on have gone on, and its limits."""
    curve = incidence_curves(table)[0][followed, 0]
    shares = curve / curve[-1] * (1 - staying)
    limits = _limits(np.diff(curve, prepend=0.0), table.exits[followed, 0])
    reached = (np.flatnonzero(shares >= share - 1e-12) for share in (SHARE, *limits))
    return tuple(float(table.at[followed][first[0]]) if len(first) else None for first in reached)


def _limits(weights: Floats, stays: Floats) -> tuple[float, float]:
    """Return the limits between which a share of SHARE may lie, from what the stays of each moment weigh together."""
    some = stays > 0
    worth = weights.sum() ** 2 / (weights[some] ** 2 / stays[some]).sum()
    # A whole number of stays of which SHARE is one too, rounded down to be on the safe side.
    fives = max(1, int(worth + 1e-9) // 5)
    limits = wilson(4 * fives, 5 * fives)
    return limits.low, limits.high
