"""Differences of shares where units come in clusters: how much clusters decide, and limits that count clusters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from processminer.statistics.interval import Interval

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Units counted by stratum, cluster and arm: one entry per combination, all arrays of equal length."""

    stratum: Counts
    """Dense numbers from 0."""
    cluster: Counts
    """Dense numbers from 0."""
    arm: Counts
    """1 or 0."""
    units: Counts
    events: Counts


def between_share(cells: Cells) -> float:
    """Return how much of the variance of the arm lies between clusters, from 0 (none decides) to 1 (each decides).

    Adjusted for the number of clusters (omega squared, Hays, 1963), so that many small ones do not seem to decide.
    """
    units = np.bincount(cells.cluster, cells.units)
    treated = np.bincount(cells.cluster, cells.units * cells.arm)
    whole, clusters = float(units.sum()), int(np.count_nonzero(units))
    share = float(treated.sum()) / whole
    total = whole * share * (1 - share)
    if total == 0 or whole <= clusters:
        return 0.0
    between = float(
        (units * (np.divide(treated, units, out=np.zeros_like(treated), where=units > 0) - share) ** 2).sum()
    )
    within = (total - between) / (whole - clusters)
    return max(0.0, (between - (clusters - 1) * within) / (total + within))


def clustered_difference(cells: Cells, level: float = 0.95) -> Interval | None:
    """Return the Mantel-Haenszel difference of shares with limits that let outcomes agree within clusters.

    The difference equals the slope of the event on the arm within strata, so the sandwich variance over clusters
    applies (Liang & Zeger, 1986), with the factor G / (G - 1) and G - 2 degrees of freedom. With two clusters or
    fewer nothing can be told: the limits are -1 and 1. None if no stratum holds both arms.
    """
    units = np.bincount(cells.stratum, cells.units)
    arm = cells.arm - (np.bincount(cells.stratum, cells.units * cells.arm) / units)[cells.stratum]
    event = cells.events - cells.units * (np.bincount(cells.stratum, cells.events) / units)[cells.stratum]
    information = float((cells.units * arm**2).sum())
    if information == 0:
        return None
    difference = float((arm * event).sum()) / information
    scores = np.bincount(cells.cluster, arm * (event - difference * cells.units * arm))
    clusters = len(np.unique(cells.cluster))
    if clusters < 3:
        return Interval(difference, -1.0, 1.0)
    error = math.sqrt(clusters / (clusters - 1) * float((scores**2).sum())) / information
    half = _student_quantile(level, clusters - 2) * error
    return Interval(difference, max(-1.0, difference - half), min(1.0, difference + half))


def _student_quantile(level: float, freedom: int) -> float:
    from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return float(stdtrit(freedom, 0.5 + level / 2))  # pyright: ignore[reportUnknownArgumentType]
