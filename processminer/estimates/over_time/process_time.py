"""How long deals take to be won, to be lost, to be either, those that are open still counted as not yet ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.estimates.over_time.lives import LOST, STILL_OPEN, WON, lives_of
from processminer.statistics.interval import Interval
from processminer.statistics.survival import (
    Quantile,
    horizon,
    incidence,
    incidence_curves,
    incidence_limits,
    quantile,
    restricted_mean,
    survival,
)

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.over_time.lives import Lives
    from processminer.statistics.survival import Floats, RiskTable

CURVE_POINTS = 80
"""More of them no line shows."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How all deals of an age stand: the shares sum to 1."""

    age_days: float
    won: float
    lost: float
    open: float
    won_limits: tuple[float, float]
    """95 % limits."""
    lost_limits: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ending:
    """Of all deals, how many end so, and when. Days count from a deal's beginning; None stands for not reached."""

    share: Interval
    """By `tau_days`."""
    deals: int
    """Seen to end so, at whatever age."""
    first_quarter_days: float | None
    """By then a quarter of all deals have ended so: where fewer ever do, it is not reached."""
    half_days: float | None
    typical_days: float | None
    """By then half of those have ended so that do by `tau_days`; None where none did."""
    typical_limits: tuple[float | None, float | None]
    """95 % limits of it, from resampled deals."""
    mean_days: Interval | None
    """Of those that end so by `tau_days`; None where none did. Limits from resampled deals."""


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
    """Shares won (the win curve) and lost by age."""

    def by(self, age_days: float) -> Standing | None:
        """Return how deals of an age stand; None beyond what was followed."""
        known = [one for one in self.curve if one.age_days <= age_days]
        return known[-1] if known and age_days <= self.tau_days else None


def process_time(discovery: Discovery) -> ProcessTime | None:
    """Return how long deals take to end, from their first event; None where no deal has a beginning that is known.

    Won and lost compete (Aalen & Johansen, 1978): the time that wins take says nothing without the share of deals that
    is won at all. Needs `late_stays` and `untimed_leads`.
    """
    lives = lives_of(discovery.log)
    if lives is None:
        return None
    table = lives.table()
    tau = horizon(table)
    won, lost = _endings(lives, table, tau)
    return ProcessTime(
        deals=table.units,
        open=round(float(lives.ended(STILL_OPEN).sum())),
        late=round(float(lives.late.sum())),
        tau_days=tau,
        won=won,
        lost=lost,
        either=quantile(table, 0.5),
        mean_days=restricted_mean(table, tau),
        curve=_curve(table, tau),
    )


def _endings(lives: Lives, table: RiskTable, tau: float) -> tuple[Ending, ...]:
    """Return won and lost."""
    seen = table.at <= tau
    at, resampled = table.at[seen], lives.resampled()[:, seen]
    curves = incidence_curves(table)[0][seen]
    shares = incidence(table, tau)
    return tuple(
        Ending(
            share=shares[end],
            deals=round(float(lives.ended(end).sum())),
            first_quarter_days=_first(at, curves[:, end], 0.25),
            half_days=_first(at, curves[:, end], 0.5),
            typical_days=_typical(at, curves[:, end]),
            typical_limits=_limits([_typical(at, one) for one in resampled[..., end]]),
            mean_days=_mean(at, curves[:, end], resampled[..., end]),
        )
        for end in (WON, LOST)
    )


def _first(at: Floats, curve: Floats, share: float) -> float | None:
    """Return the first age by which the curve reaches a share; a sum may miss a round one by the last bit."""
    reached = np.flatnonzero(curve >= share - 1e-12)
    return float(at[reached[0]]) if len(reached) else None


def _typical(at: Floats, curve: Floats) -> float | None:
    return _first(at, curve, curve[-1] / 2) if len(curve) and curve[-1] > 0 else None


def _limits(resampled: list[float | None]) -> tuple[float | None, float | None]:
    known = [one for one in resampled if one is not None]
    if not known:
        return None, None
    # A lead time is a whole day that was seen: no limit may fall between two of them.
    low, high = np.quantile(known, (0.025, 0.975), method="inverted_cdf")
    return float(low), float(high)


def _mean(at: Floats, curve: Floats, resampled: Floats) -> Interval | None:
    """Return the mean age of those that ended so, each age weighed by what the curve rises there."""
    if not len(curve) or curve[-1] <= 0:
        return None

    def mean(shares: Floats) -> Floats:
        found: Floats = (np.diff(shares, prepend=0.0, axis=-1) @ at) / shares[..., -1]
        return found

    estimate = float(mean(curve))
    low, high = np.quantile(mean(resampled[resampled[:, -1] > 0]), (0.025, 0.975))
    return Interval(estimate, min(float(low), estimate), max(float(high), estimate))


def _curve(table: RiskTable, tau: float) -> tuple[Standing, ...]:
    curves, staying, (low, high) = incidence_curves(table)[0], survival(table), incidence_limits(table)
    last = int(np.searchsorted(table.at, tau, side="right")) - 1
    places = sorted({round(last * part / CURVE_POINTS) for part in range(CURVE_POINTS + 1)}) if last >= 0 else []

    def limits(at: int, end: int) -> tuple[float, float]:
        return float(low[at, end]), float(high[at, end])

    return tuple(
        Standing(
            age_days=float(table.at[at]),
            won=float(curves[at, WON]),
            lost=float(curves[at, LOST]),
            open=float(staying[at]),
            won_limits=limits(at, WON),
            lost_limits=limits(at, LOST),
        )
        for at in places
    )
