"""Whether deals wait for their owner: whether they leave a stage more slowly the more the owner had to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.statistics.exit_rates import RateCells, rate_slope

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval


@dataclass(frozen=True, slots=True)
class Contention:
    """How the rate of leaving a stage goes with the owner's other work: a sign of waiting, not a measure of it.

    One time a stage does not tell work from waiting; this is the nearest that can be said from changes of stage.
    """

    slope: Interval
    """Change of the log rate by one unit of log(1 + other deals of the owner at entry)."""
    doubled: Interval
    """The rate of leaving with twice as much work, as a multiple of what it is; below 1: deals wait for their owner."""
    p: float
    owners: int
    exits: int

    @property
    def waits(self) -> bool:
        """Whether deals leave more slowly where their owner had more to do, beyond chance."""
        return self.slope.high < 0


def contention(log: EventLog, *, owners_alike: bool = False) -> Contention | None:
    """Return the slope over all open stages; None where no owner is known, or work never varied. Needs `stays`.

    Every stage and age has a rate of its own, and every owner a pace of their own: without it, owners whose customers
    are slow pile up deals, and waiting for a customer looks like waiting for the owner (Little's law read backwards).
    `owners_alike` drops it, to show just that.
    """
    rows = log.relations.rows(
        read_sql("processminer.estimates.queue", "loads.sql"), {"as_of": log.as_of.replace(tzinfo=None)}
    )
    if not rows:
        return None
    stage, band, owner, load, days, exits = np.array(rows, dtype=np.float64).T
    _, kind = np.unique(np.column_stack([stage, band]), axis=0, return_inverse=True)
    group = owner.astype(np.int64)
    found = rate_slope(RateCells(exits, days, load / 8, kind.reshape(-1), group * 0 if owners_alike else group))
    if found is None:
        return None
    slope = found.slope
    doubled = type(slope)(*(float(2**one) for one in (slope.estimate, slope.low, slope.high)))
    return Contention(slope, doubled, found.p, len(np.unique(group)), round(float(exits.sum())))
