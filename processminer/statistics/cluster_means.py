"""The difference that an action makes where clusters decide on it: each cluster is one piece of evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.doubly_robust import standardised
from processminer.statistics.estimated import Estimated

if TYPE_CHECKING:
    from processminer.statistics.doubly_robust import Counts, Units
    from processminer.statistics.survival import Floats

LEAST = 2
"""Clusters on each side; one alone cannot show how far clusters differ among themselves."""

RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class ClusterDifference:
    """What clusters that take the action have ahead of those that do not."""

    difference: Estimated
    with_action: float
    """The mean outcome if all clusters took the action."""
    without: float
    clusters: int
    acting: int
    """Clusters in which most units took it."""


def cluster_difference(units: Units) -> ClusterDifference | None:
    """Return the slope of clusters' mean outcomes on the share of their units that took the action.

    Outcomes are first made comparable by what is known of units: with the slopes that hold within clusters, where
    neither the action nor the cluster differs (Mundlak, 1978). Clusters count by the precision of their mean, whose
    part between clusters is estimated (DerSimonian & Laird, 1986); the test has G - 2 degrees of freedom. None with
    fewer than `LEAST` clusters on either side, or fewer than two clusters more than two.
    """
    names, cluster = np.unique(units.cluster, return_inverse=True)
    size = np.bincount(cluster).astype(np.float64)
    share = np.bincount(cluster, units.action) / size
    acting = int((share > units.action.mean()).sum())
    if min(acting, len(names) - acting) < LEAST or len(names) < 4:
        return None
    outcome, noise = _comparable(units, cluster, size)
    level = np.bincount(cluster, outcome) / size
    weight = size / max(noise, 1e-12)
    apart = _between(level, share, weight, len(names))
    weight = 1 / (apart + 1 / weight)
    slope, at_mean, left, information = _line(level, share, weight)
    freedom = len(names) - 2
    error = math.sqrt(max(float((weight * left**2).sum()) / freedom / information, 1e-24))
    middle = float((weight * share).sum() / weight.sum())
    without = at_mean - slope * middle
    return ClusterDifference(Estimated(slope, error, freedom), without + slope, without, len(names), acting)


def _comparable(units: Units, cluster: Counts, size: Floats) -> tuple[Floats, float]:
    """Return outcomes less what is known of units explains within clusters, and the variance that is left there."""
    columns = np.column_stack([standardised(units.known), units.action.astype(np.float64)])
    within = columns - (np.array([np.bincount(cluster, one) for one in columns.T]).T / size[:, None])[cluster]
    away = units.outcome - (np.bincount(cluster, units.outcome) / size)[cluster]
    slopes: Floats = np.linalg.solve(within.T @ within + RIDGE * np.eye(within.shape[1]), within.T @ away).astype(
        np.float64
    )
    left = away - within @ slopes
    freedom = max(1, len(away) - len(size) - columns.shape[1])
    comparable: Floats = units.outcome - columns[:, :-1] @ slopes[:-1]
    return comparable, float((left**2).sum()) / freedom


def _between(level: Floats, share: Floats, weight: Floats, clusters: int) -> float:
    """Return the variance between clusters beside the line, by the method of moments."""
    _, _, left, _ = _line(level, share, weight)
    design = np.column_stack([np.ones_like(share), share])
    inverse: Floats = np.linalg.inv((design * weight[:, None]).T @ design).astype(np.float64)
    expected = float(weight.sum()) - float(np.trace(inverse @ ((design * weight[:, None] ** 2).T @ design)))
    return max(0.0, (float((weight * left**2).sum()) - (clusters - 2)) / expected)


def _line(level: Floats, share: Floats, weight: Floats) -> tuple[float, float, Floats, float]:
    """Return slope, height at the mean, what is left and the information of a weighted line."""
    middle, height = float(weight @ share / weight.sum()), float(weight @ level / weight.sum())
    information = float((weight * (share - middle) ** 2).sum())
    slope = float((weight * (share - middle) * (level - height)).sum()) / information
    left: Floats = level - height - slope * (share - middle)
    return slope, height, left, information
