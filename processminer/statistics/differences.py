"""Whether a change did anything: groups that changed beside groups that did not, each before and after."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.estimated import Estimated

if TYPE_CHECKING:
    from processminer.statistics.doubly_robust import Counts, Flags
    from processminer.statistics.survival import Floats

LEAST = 2
"""Groups on each side; one alone cannot show how far groups go apart by themselves."""

TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Side:
    """The groups of one side."""

    groups: int
    before: float
    """The mean outcome, every group counting by the precision of its change."""
    after: float
    to_the_mean: float
    """By how much the groups' later mean is to differ from their earlier one by chance alone: what is extreme once is
    less so the next time (Galton, 1886), by the part of the earlier differences that is noise (Efron & Morris, 1975). 0
    where groups lie on both sides.
    """


@dataclass(frozen=True, slots=True)
class Differences:
    """What the groups that changed have gained beyond what the others gained in the same time."""

    change: Estimated
    """The difference of the two sides' changes, with G - 2 degrees of freedom."""
    changed: Side
    others: Side
    left_out: int
    """Units of groups that have none before, or none after."""


def differences_in_differences(outcome: Floats, after: Flags, changed: Flags, group: Counts) -> Differences | None:
    """Return the difference of the changes of groups; None with fewer than `LEAST` on a side.

    Units of a group are first made one number before and one after (Bertrand, Duflo & Mullainathan, 2004): what units
    of a group have in common then counts once. Groups count by the precision of their change, with the variance between
    groups estimated (DerSimonian & Laird, 1986) and the error taken from how far groups of a side differ (Hartung and
    Knapp, 2001). A group that lies on both sides counts as one on each.
    """
    _, cluster = np.unique(2 * group + changed, return_inverse=True)
    size = np.stack([np.bincount(cluster[part], minlength=cluster.max() + 1) for part in (~after, after)])
    both: Flags = np.logical_and(size[0] > 0, size[1] > 0)
    kept: Flags = both[cluster]
    if not kept.any():
        return None
    _, cluster = np.unique(cluster[kept], return_inverse=True)
    table = _table(outcome[kept], after[kept], changed[kept], cluster)
    sides: Flags = table.changed
    if min(int(sides.sum()), int((~sides).sum())) < LEAST:
        return None
    moved = table.after - table.before
    weight = 1 / (_between(moved, table.noise, sides) + table.noise)
    means = [float(np.average(moved[side], weights=weight[side])) for side in (sides, ~sides)]
    left = moved - np.where(sides, means[0], means[1])
    freedom = len(moved) - 2
    spread = float((weight * left**2).sum()) / freedom
    error = math.sqrt(max(spread * sum(1 / float(weight[side].sum()) for side in (sides, ~sides)), TINY))
    # Groups that lie on both sides were not chosen for how they stood.
    apart = not np.intersect1d(group[changed], group[~changed]).size
    return Differences(
        Estimated(means[0] - means[1], error, freedom),
        _side(table, sides, weight, chosen=apart),
        _side(table, ~sides, weight, chosen=apart),
        int((~kept).sum()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    before: Floats
    after: Floats
    noise: Floats
    """Variance of the change that the units of the group make."""
    noise_before: Floats
    changed: Flags


def _table(outcome: Floats, after: Flags, changed: Flags, cluster: Counts) -> _Table:
    size = np.stack([np.bincount(cluster[part], minlength=cluster.max() + 1) for part in (~after, after)])
    total = np.stack([np.bincount(cluster[p], outcome[p], minlength=cluster.max() + 1) for p in (~after, after)])
    mean = total / size
    left = outcome - mean[after.astype(np.int64), cluster]
    # One variance for all units: a group of a few cannot tell its own.
    freedom = max(1, len(outcome) - 2 * size.shape[1])
    variance = max(float((left**2).sum()) / freedom, TINY)
    sides: Flags = np.bincount(cluster, changed) > 0
    return _Table(mean[0], mean[1], variance * (1 / size).sum(axis=0), variance / size[0], sides)


def _between(moved: Floats, noise: Floats, sides: Flags) -> float:
    """Return the variance of the groups' true changes about their side's, by the method of moments."""
    squares = expected = needed = 0.0
    for side in (sides, ~sides):
        weight = 1 / noise[side]
        middle = float(np.average(moved[side], weights=weight))
        squares += float((weight * (moved[side] - middle) ** 2).sum())
        expected += int(side.sum()) - 1
        needed += float(weight.sum() - (weight**2).sum() / weight.sum())
    return max(0.0, (squares - expected) / needed) if needed > 0 else 0.0


def _side(table: _Table, side: Flags, weight: Floats, *, chosen: bool) -> Side:
    before, share = table.before, weight[side] / weight[side].sum()
    precision = 1 / table.noise_before
    overall = float(np.average(before, weights=precision))
    spread = float((precision * (before - overall) ** 2).sum()) - (len(before) - 1)
    scale = float(precision.sum() - (precision**2).sum() / precision.sum())
    true = max(0.0, spread / scale) if scale > 0 else 0.0
    drawn = table.noise_before / (table.noise_before + true) * (overall - before)
    return Side(
        groups=int(side.sum()),
        before=float((share * before[side]).sum()),
        after=float((share * table.after[side]).sum()),
        to_the_mean=float((share * drawn[side]).sum()) if chosen else 0.0,
    )
