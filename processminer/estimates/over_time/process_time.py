"""How long deals take to be won, to be lost, to be either, those that are open still counted as not yet ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.statistics.survival import (
    Quantile,
    horizon,
    incidence,
    incidence_curves,
    quantile,
    restricted_mean,
    risk_table,
    survival,
)

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.statistics.interval import Interval
    from processminer.statistics.survival import Floats, RiskTable

CURVE_POINTS = 120
"""More of them no line shows."""

WON, LOST, STILL_OPEN, CAME_LATE = 0, 1, -1, -2
"""Targets of `ended_by_age.sql`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How all deals of an age stand: the shares sum to 1."""

    age_days: float
    won: float
    lost: float
    open: float


@dataclass(frozen=True, slots=True)
class Ending:
    """Of all deals, how many end so, and when. Days count from a deal's beginning; None stands for not reached."""

    share: Interval
    """By `tau_days`."""
    first_quarter_days: float | None
    """By then a quarter of all deals have ended so: where fewer ever do, it is not reached."""
    half_days: float | None
    typical_days: float | None
    """By then half of those have ended so that do by `tau_days`; None where none did."""


@dataclass(frozen=True, slots=True)
class ProcessTime:
    """The life of deals from their beginning to their end."""

    deals: int
    """With a path whose beginning and end (if any) are known."""
    open: int
    late: int
    """Of the deals, those that had begun before the history did: at risk only from the age at which they came to be
    seen."""
    tau_days: float
    """So far enough deals were followed."""
    won: Ending
    lost: Ending
    either: Quantile
    """By when half of all deals have ended one way or the other, with 95 % limits."""
    mean_days: Interval
    """A deal's mean time until either, counting no more than `tau_days`."""
    curve: tuple[Standing, ...]


def process_time(discovery: Discovery) -> ProcessTime | None:
    """Return how long deals take to end, from their first event; None where no deal has a beginning that is known.

    Won and lost compete (Aalen & Johansen, 1978): the time that wins take (`typical_days`) says nothing without the
    share of deals that is won at all.
    """
    log = discovery.log
    rows = log.relations.rows(
        read_sql("processminer.estimates.over_time", "ended_by_age.sql"), {"as_of": log.as_of.replace(tzinfo=None)}
    )
    if not rows:
        return None
    days, target, deals = np.array(rows, dtype=np.float64).T
    at, tick = np.unique(days, return_inverse=True)

    def counted(one: int) -> Floats:
        found: Floats = np.bincount(tick, deals * (target == one), minlength=len(at)).astype(np.float64)
        return found

    table = risk_table(at, np.stack([counted(WON), counted(LOST)], axis=1), counted(STILL_OPEN), counted(CAME_LATE))
    tau = horizon(table)
    curves, _ = incidence_curves(table)
    won, lost = incidence(table, tau)
    return ProcessTime(
        deals=table.units,
        open=round(float(counted(STILL_OPEN).sum())),
        late=round(float(counted(CAME_LATE).sum())),
        tau_days=tau,
        won=_ending(table, curves[:, WON], won, tau),
        lost=_ending(table, curves[:, LOST], lost, tau),
        either=quantile(table, 0.5),
        mean_days=restricted_mean(table, tau),
        curve=_curve(table, curves, tau),
    )


def _ending(table: RiskTable, curve: Floats, share: Interval, tau: float) -> Ending:
    seen = table.at <= tau
    at, known = table.at[seen], curve[seen]
    return Ending(
        share=share,
        first_quarter_days=_first(at, known, 0.25),
        half_days=_first(at, known, 0.5),
        typical_days=_first(at, known, share.estimate / 2) if share.estimate > 0 else None,
    )


def _first(at: Floats, curve: Floats, share: float) -> float | None:
    """Return the first age by which the curve reaches a share; a sum may miss a round one by the last bit."""
    reached = np.flatnonzero(curve >= share - 1e-12)
    return float(at[reached[0]]) if len(reached) else None


def _curve(table: RiskTable, curves: Floats, tau: float) -> tuple[Standing, ...]:
    last = int(np.searchsorted(table.at, tau, side="right")) - 1
    staying = survival(table)
    places = sorted({round(last * part / CURVE_POINTS) for part in range(CURVE_POINTS + 1)}) if last >= 0 else []
    return tuple(
        Standing(float(table.at[at]), float(curves[at, WON]), float(curves[at, LOST]), float(staying[at]))
        for at in places
    )
