"""Times to one of several ends, seen only in part: curves and means from tables of who was at risk and who left.

A unit that has not left yet is censored, never dropped; ends compete with each other. Every function reads a
`RiskTable`, so that ten units and ten million cost the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile

Floats: TypeAlias = npt.NDArray[np.float64]

ENOUGH_AT_RISK = 20
"""Beyond the last time at which so many are still at risk, a curve is carried by too few to be averaged."""

FEWER_AT_RISK = 0.1
"""Where `ENOUGH_AT_RISK` is more than this share of all units, this share of them is enough: a small group would
otherwise lose most of its curve."""


@dataclass(frozen=True, slots=True, eq=False)
class RiskTable:
    """How many units were at risk at each time, and how many left just then, by cause.

    Units censored at a time are still at risk at it. `at` ascends strictly; `exits` has a row per time and a column
    per cause.
    """

    at: Floats
    exits: Floats
    at_risk: Floats
    units: int

    @property
    def left(self) -> Floats:
        """Exits to any cause, at each time."""
        total: Floats = self.exits.sum(axis=1)
        return total


@dataclass(frozen=True, slots=True)
class Quantile:
    """The time by which a share of the units has left, and its limits; None stands for not reached."""

    at: float | None
    low: float | None
    high: float | None


def risk_table(
    at: npt.ArrayLike, exits: npt.ArrayLike, censored: npt.ArrayLike, late: npt.ArrayLike | None = None
) -> RiskTable:
    """Return who was at risk when, from how many left (a column per cause), were last seen, or came late at each time.

    `late` counts the units that come under observation at that time and are at risk only after it (delayed entry);
    a unit that leaves no later than it comes was never at risk and must be counted in none of the arguments.
    Raises ValueError where times do not ascend or more leave than are at risk.
    """
    times = np.asarray(at, dtype=np.float64)
    by_cause = np.asarray(exits, dtype=np.float64)
    gone = by_cause.sum(axis=1) + np.asarray(censored, dtype=np.float64)
    came = np.zeros_like(times) if late is None else np.asarray(late, dtype=np.float64)
    units = float(gone.sum())
    at_risk = units - came.sum() + (np.cumsum(came) - came) - (np.cumsum(gone) - gone)
    if np.any(np.diff(times) <= 0):
        message = "times of a risk table must ascend"
        raise ValueError(message)
    if np.any(gone > at_risk):
        message = "more units leave than are at risk"
        raise ValueError(message)
    return RiskTable(times, by_cause, at_risk, round(units))


def survival(table: RiskTable) -> Floats:
    """Return the share that has not left just after each time (Kaplan & Meier, 1958)."""
    share: Floats = np.cumprod(1 - table.left / np.maximum(table.at_risk, 1), dtype=np.float64)
    return share


def survival_limits(table: RiskTable, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return lower and upper limits of `survival` (Greenwood, 1926, on the log(-log) scale).

    Where nobody has left both are 1; once all have left the lower limit is 0 and the upper one stays what it was.
    """
    share = survival(table)
    inside = (share > 0) & (share < 1)
    log_share = np.log(share, out=np.full_like(share, -1.0), where=inside)
    width = normal_quantile(level) * np.sqrt(np.cumsum(_greenwood(table))) / np.abs(log_share)
    low = np.where(inside, np.exp(log_share * np.exp(width)), share)
    high = np.where(inside, np.exp(log_share * np.exp(-width)), 1.0)
    known = np.flatnonzero(share > 0)
    high[share == 0] = high[known[-1]] if len(known) else 1.0
    return low, high


def quantile(table: RiskTable, share: float, level: float = 0.95) -> Quantile:
    """Return the first time by which `share` of the units has left, with limits (Brookmeyer & Crowley, 1982)."""
    low, high = survival_limits(table, level)
    staying = 1 - share
    return Quantile(*(_first(table.at, curve, staying) for curve in (survival(table), low, high)))


def _first(at: Floats, curve: Floats, staying: float) -> float | None:
    # A product of fractions may miss a round share by the last bit.
    reached = np.flatnonzero(curve <= staying + 1e-12)
    return float(at[reached[0]]) if len(reached) else None


def horizon(table: RiskTable, limit: float | None = None) -> float:
    """Return the time up to which the table can be averaged: the last one with enough units at risk.

    Enough are `ENOUGH_AT_RISK`, or a share of `FEWER_AT_RISK` of all units where that is fewer, and at least one.
    An earlier `limit` wins. 0 for an empty table.
    """
    enough = min(ENOUGH_AT_RISK, max(1, math.ceil(FEWER_AT_RISK * table.units)))
    followed = np.flatnonzero(table.at_risk >= enough)
    last = float(table.at[followed[-1]]) if len(followed) else 0.0
    return last if limit is None else min(limit, last)


def restricted_mean(table: RiskTable, tau: float, level: float = 0.95) -> Interval:
    """Return the mean time until leaving, counting no more than `tau` of each unit (Irwin, 1949; Greenwood variance).

    Where all that left by `tau` did so at one time, or none did, the variance is 0 and says nothing: the lower limit
    then is what the rule of three (Hanley & Lippman-Hand, 1983) allows.
    """
    start = table.at <= tau
    share = survival(table)[start]
    edges = np.concatenate(([0.0], table.at[start], [tau]))
    areas = np.concatenate(([1.0], share)) * np.diff(edges)
    mean = float(areas.sum())
    to_come = np.cumsum(areas[::-1])[::-1][1:]
    variance = float((to_come**2 * _greenwood(table)[start]).sum())
    if variance <= 0:
        return Interval(mean, mean * _none_of(_resolved(table, tau), level), min(tau, mean))
    half = normal_quantile(level) * math.sqrt(variance)
    return Interval(mean, max(0.0, mean - half), min(tau, mean + half))


def incidence_curves(table: RiskTable) -> tuple[Floats, Floats]:
    """Return the shares that have left to each cause by each time, other causes competing, and their standard errors.

    A column per cause (Aalen & Johansen, 1978; variance by the delta method, Marubini & Valsecchi, 1995).
    """
    at_risk = np.maximum(table.at_risk, 1)[:, None]
    before = np.concatenate(([1.0], survival(table)[:-1]))[:, None]
    spread = _greenwood(table)[:, None]
    curves: Floats = np.cumsum(before * table.exits / at_risk, axis=0)
    shared = before * table.exits / at_risk**2
    variance = (
        curves**2 * np.cumsum(spread, axis=0)
        - 2 * curves * np.cumsum(curves * spread, axis=0)
        + np.cumsum(curves**2 * spread, axis=0)
        + np.cumsum(before**2 * (at_risk - table.exits) * table.exits / at_risk**3, axis=0)
        - 2 * curves * np.cumsum(shared, axis=0)
        + 2 * np.cumsum(curves * shared, axis=0)
    )
    return curves, np.sqrt(np.maximum(variance, 0.0))


def incidence_limits(table: RiskTable, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return lower and upper limits of `incidence_curves` on the log(-log) scale, a column per cause.

    Where none or all have left to a cause, both are the share itself: `incidence` says what the rule of three allows.
    """
    curves, errors = incidence_curves(table)
    inside = (curves > 0) & (curves < 1 - 1e-12)
    log_share = np.log(curves, out=np.full_like(curves, -1.0), where=inside)
    scale = np.where(inside, curves * np.abs(log_share), 1.0)
    width = normal_quantile(level) * errors / scale
    low = np.where(inside, np.exp(log_share * np.exp(width)), curves)
    high = np.where(inside, np.exp(log_share * np.exp(-width)), curves)
    return low, high


def incidence(table: RiskTable, tau: float, level: float = 0.95) -> tuple[Interval, ...]:
    """Return, for each cause, the share that has left to it by `tau`, with limits on the log(-log) scale.

    Where none, or all, left to a cause, the limit on the open side is exact for those whose fate by `tau` is known
    (the rule of three).
    """
    curves, errors = incidence_curves(table)
    last = int(np.searchsorted(table.at, tau, side="right")) - 1
    alone = _none_of(_resolved(table, tau), level)
    if last < 0:
        return tuple(Interval(0.0, 0.0, 1 - alone) for _ in range(table.exits.shape[1]))
    return tuple(
        _share_between(min(1.0, float(share)), float(error), alone, level)
        for share, error in zip(curves[last], errors[last], strict=True)
    )


def _share_between(share: float, error: float, alone: float, level: float) -> Interval:
    if share <= 0:
        return Interval(0.0, 0.0, 1 - alone)
    if share > 1 - 1e-12:
        return Interval(1.0, alone, 1.0)
    log_share = math.log(share)
    width = normal_quantile(level) * error / abs(share * log_share)
    return Interval(share, math.exp(log_share * math.exp(width)), math.exp(log_share * math.exp(-width)))


def _greenwood(table: RiskTable) -> Floats:
    """Return d / (Y (Y - d)) at each time; 0 where all leave, since nothing that comes later can vary."""
    staying = table.at_risk - table.left
    some = staying > 0
    return np.divide(table.left, table.at_risk * staying, out=np.zeros_like(staying), where=some)


def _resolved(table: RiskTable, tau: float) -> int:
    """Return how many units are known to have left by `tau`, or to have been at risk still."""
    start = table.at <= tau
    late = table.at >= tau
    staying = table.at_risk[late][0] - table.left[late & start].sum() if late.any() else 0.0
    return max(1, round(float(table.left[start].sum() + staying)))


def _none_of(units: int, level: float) -> float:
    """Return the smallest share of stayers that lets all of so many units stay with a chance of 1 - level."""
    return math.exp(math.log1p(-level) / units)
