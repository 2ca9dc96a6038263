"""The lives of deals, summed by age: who was won, lost, or is open still, and the same of resampled deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.statistics.survival import risk_table

if TYPE_CHECKING:
    import numpy.typing as npt

    from processminer.log.eventlog import EventLog
    from processminer.statistics.survival import Floats, RiskTable

    Places = npt.NDArray[np.intp]

RESAMPLES = 400
"""Ten of them lie beyond on each side of limits of 95 %."""

SEED = 20_260_103

WON, LOST, STILL_OPEN = 0, 1, -1
"""Targets of `ended_by_age.sql`."""


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """Deals by age at their end, by how they ended, and by when they came to be seen: arrays of equal length."""

    at: Floats
    """All ages in days, ascending; the others tell places in it."""
    age: Places
    target: Floats
    seen: Places
    """The age at which they came to be seen; -1: from their beginning."""
    deals: Floats

    def ended(self, target: int) -> Floats:
        """Return by age how many deals ended so."""
        return _summed(self.age, self.deals * (self.target == target), len(self.at))

    @property
    def late(self) -> Floats:
        """Deals that had begun before the history did, by the age at which they came to be seen."""
        came = self.seen >= 0
        return _summed(self.seen[came], self.deals[came], len(self.at))

    def table(self) -> RiskTable:
        """Return who was at risk at each age, won and lost as competing ends."""
        ends = np.stack([self.ended(WON), self.ended(LOST)], axis=1)
        return risk_table(self.at, ends, self.ended(STILL_OPEN), self.late)

    def resampled(self) -> Floats:
        """Return the shares won and lost by each age among resampled deals (Efron, 1979): resample, age, end.

        Seeded: the same deals give the same ones.
        """
        many = round(float(self.deals.sum()))
        drawn = np.random.default_rng(SEED).multinomial(many, self.deals / many, size=RESAMPLES).astype(np.float64)
        came = self.seen >= 0
        gone, late = self._by_age(drawn, self.age), self._by_age(drawn[:, came], self.seen[came])
        ends: Floats = np.stack([self._by_age(drawn * (self.target == end), self.age) for end in (WON, LOST)], axis=2)
        out = np.cumsum(late, axis=1) - late - (np.cumsum(gone, axis=1) - gone)
        at_risk: Floats = np.maximum(many - late.sum(axis=1, keepdims=True) + out, 1.0)[..., None]
        staying: Floats = np.cumprod(1 - np.minimum((ends / at_risk).sum(axis=2), 1.0), axis=1, dtype=np.float64)
        before = np.concatenate([np.ones((RESAMPLES, 1)), staying[:, :-1]], axis=1)[..., None]
        shares: Floats = np.cumsum(before * ends / at_risk, axis=1)
        return shares

    def _by_age(self, drawn: Floats, place: Places) -> Floats:
        """Return the deals of each resample by age."""
        found = np.zeros((len(self.at), len(drawn)))
        np.add.at(found, place, drawn.T)
        return found.T


def lives_of(log: EventLog) -> Lives | None:
    """Return the lives of all deals whose beginning and end (if any) are known; None where there is none."""
    sql = read_sql("processminer.estimates.over_time", "ended_by_age.sql")
    rows = log.relations.rows(sql, {"as_of": log.as_of.replace(tzinfo=None)})
    if not rows:
        return None
    table: Floats = np.array(rows, dtype=np.float64)
    late = ~np.isnan(table[:, 2])
    at: Floats = np.unique(np.concatenate((table[:, 0], table[late, 2])))
    age: Places = np.searchsorted(at, table[:, 0])
    seen: Places = np.full(len(table), -1, dtype=np.intp)
    seen[late] = np.searchsorted(at, table[late, 2])
    return Lives(at, age, table[:, 1], seen, table[:, 3])


def _summed(place: Places, deals: Floats, ages: int) -> Floats:
    return np.bincount(place, deals, minlength=ages).astype(np.float64)
