"""Differences of shares where units come in clusters: how much clusters decide, and limits that count clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
