"""The mean difference that an action makes, among units that were alike when it was taken or not: augmented weighting.

Either the model of who takes the action or the model of the outcome may be wrong and the estimate still holds (Robins,
Rotnitzky & Zhao, 1994). Both are ridge regressions fitted on other units than those they are used on (Chernozhukov et
al., 2018), so that they cannot flatter themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.absorbing import Rows, chances, linear_without_each, logistic_without_each
from processminer.statistics.estimated import Estimated

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from processminer.statistics.survival import Floats

    Counts = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

FOLDS = 5
"""Each model sees four fifths of the units: enough to be nearly as good as on all."""

RIDGE = 1.0
"""On standardised columns and on levels of the factor: a level with 20 units keeps 19 twentieths of its own mean."""

OVERLAP = (0.02, 0.98)
"""A unit that nearly all like it act as has no counterpart: it is left out, and counted."""

CONTRAST = 2
"""Units of a level of the factor, or of a trait, with fewer in one arm (of at least `TELLING`) have no counterparts."""

TELLING = 10

FEW_CLUSTERS = 6
"""The spread of fewer clusters says nothing: units then count each for itself, and limits hold for these clusters."""

TINY = 1e-12
"""The least error of a mean: units that are all alike leave it above 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Units at the moment of a decision. All arrays have one entry, or row, per unit."""

    action: Flags
    outcome: Floats
    known: Floats
    """Numbers known at the moment, a column each, on any scale."""
    groups: Mapping[str, slice]
    """Which columns belong together, by what they say."""
    level: Counts
    """The level of the factor that is held equal, a dense number from 0; all 0 where there is none."""
    cluster: Counts
    """Units of one cluster are not independent of each other; dense numbers from 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What the action changes on average, among the units that have counterparts."""

    difference: Estimated
    with_action: float
    """The mean outcome if all units took the action."""
    without: float
    if_all: Estimated
    """How the mean outcome changes if all units take the action, and not only those that do."""
    if_none: Estimated
    """The same if none takes it."""
    clusters: int
    """How many pieces of evidence the limits count; the number of units where each counts for itself."""
    overlap: float
    """The share of units that have counterparts."""
    effective: tuple[float, float]
    """Kish's (1965) effective size of each arm after weighting: with the action, without."""
    apart: Mapping[str, tuple[float, float]]
    """By group of columns, the largest standardised difference between the arms, before and after weighting."""
    influence: Floats
    """What each unit with counterparts adds: the mean is the difference, and their spread its error."""
    kept: Flags
    """Which units have counterparts."""


def difference(units: Units, seed: int) -> Difference | None:
    """Return the cross-fitted doubly robust difference of mean outcomes; None where no unit has counterparts.

    Folds are balanced within arms and levels and drawn from `seed`. Errors count clusters, as `mean_by_cluster` says.
    """
    order, rows = _sorted(units, seed)
    action, outcome = units.action[order], units.outcome[order]
    odds = logistic_without_each(rows, action.astype(np.float64), RIDGE)
    share = np.concatenate([chances(one.predict(rows, fold)) for one, fold in zip(odds, rows.folds, strict=True)])
    expected = [
        np.concatenate([one.predict(rows, fold) for one, fold in zip(found, rows.folds, strict=True)])
        for found in (linear_without_each(rows, (action == arm).astype(np.float64), outcome, RIDGE) for arm in (0, 1))
    ]
    kept = (share >= OVERLAP[0]) & (share <= OVERLAP[1]) & _contrasted(units)[order]
    if not (kept & action).any() or not (kept & ~action).any():
        return None
    weights = np.where(action, 1 / share, 1 / (1 - share))
    did = expected[1] + np.where(action, (outcome - expected[1]) * weights, 0.0)
    did_not = expected[0] + np.where(action, 0.0, (outcome - expected[0]) * weights)
    influence, cluster = (did - did_not)[kept], units.cluster[order][kept]
    where = np.zeros(len(kept), dtype=np.bool_)
    where[order] = kept
    return Difference(
        difference=mean_by_cluster(influence, cluster),
        with_action=float(did[kept].mean()),
        without=float(did_not[kept].mean()),
        if_all=mean_by_cluster((did - outcome)[kept], cluster),
        if_none=mean_by_cluster((did_not - outcome)[kept], cluster),
        clusters=_pieces(cluster),
        overlap=float(kept.mean()),
        effective=(_effective(weights[kept & action]), _effective(weights[kept & ~action])),
        apart=_apart(units, rows.known[kept], action[kept], weights[kept]),
        influence=influence[np.argsort(order[kept])],
        kept=where,
    )


def mean_by_cluster(values: Floats, cluster: Counts) -> Estimated:
    """Return a mean whose error counts clusters: their sums' spread (Liang & Zeger, 1986) with the factor G / (G - 1).

    It is never below the error of units that count each for itself, which is right for these clusters where what they
    have in common is held equal (Abadie, Athey, Imbens & Wooldridge, 2023): the spread of a dozen sums is now and then
    small by chance. What clusters add to it is known from as many pieces of evidence as there are clusters of equal
    size (Carter, Schnepel & Steigerwald, 2017), less one; the degrees of freedom are those of both parts, each weighing
    as much as it adds. With fewer than `FEW_CLUSTERS`, units count each for itself.
    """
    mean, many = float(values.mean()), len(values)
    away = values - mean
    alone = float(away.var(ddof=1)) / many
    if _pieces(cluster) == many:
        return Estimated(mean, max(math.sqrt(alone), TINY), many - 1)
    sizes = np.bincount(cluster)
    sizes = sizes[sizes > 0].astype(np.float64)
    sums = np.bincount(cluster, away)
    together = len(sizes) / (len(sizes) - 1) * float((sums**2).sum()) / many**2
    variance = max(alone, together, TINY**2)
    even = max(1.0, float(sizes.sum()) ** 2 / float((sizes**2).sum()) - 1)
    added = max(0.0, variance - alone) / variance
    return Estimated(mean, math.sqrt(variance), 1 / (added / even + (1 - added) / (many - 1)))


def _pieces(cluster: Counts) -> int:
    clusters = len(np.unique(cluster))
    return clusters if clusters >= FEW_CLUSTERS else len(cluster)


def standardised(known: Floats) -> Floats:
    """Return columns with mean 0 and spread 1; a constant one becomes 0."""
    spread = known.std(axis=0)
    said: Floats = (known - known.mean(axis=0)) / np.where(spread > 1e-12, spread, 1.0)
    return said


def _sorted(units: Units, seed: int) -> tuple[Counts, Rows]:
    """Deal units out to folds, arm by arm and level by level, and sort them by fold and level."""
    many = len(units.action)
    # A random order, then by level and arm: taking turns down the line balances the folds.
    line = np.lexsort((np.random.default_rng(seed).random(many), units.action, units.level))
    fold = np.empty(many, dtype=np.int64)
    fold[line] = np.arange(many) % FOLDS
    order = np.lexsort((units.level, fold))
    ends = np.cumsum(np.bincount(fold, minlength=FOLDS))
    known = np.concatenate([np.ones((many, 1)), standardised(units.known)[order]], axis=1)
    folds = tuple(
        slice(int(end - size), int(end)) for end, size in zip(ends, np.bincount(fold, minlength=FOLDS), strict=True)
    )
    return order, Rows(known, units.level[order], int(units.level.max()) + 1, folds)


def _contrasted(units: Units) -> Flags:
    """Tell of each unit whether its level of the factor, and of each trait, holds both arms or is too small to tell.

    The ridge keeps the model of who acts from being sure of it in small samples, so that this is counted.
    """
    said = _both_arms(units.level, units.action)
    for columns in units.groups.values():
        part = units.known[:, columns]
        if ((part == 0) | (part == 1)).all() and (part.sum(axis=1) <= 1).all():
            trait: Floats = part @ np.arange(1.0, part.shape[1] + 1)
            said &= _both_arms(trait.astype(np.int64), units.action)
    return said


def _both_arms(level: Counts, action: Flags) -> Flags:
    size = np.bincount(level)
    acting = np.bincount(level, action)
    both = (np.minimum(acting, size - acting) >= CONTRAST) | (size < TELLING)
    said: Flags = both[level]
    return said


def _effective(weights: Floats) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum())


def _apart(units: Units, known: Floats, action: Flags, weights: Floats) -> dict[str, tuple[float, float]]:
    """Compare the arms' means, column by column, in standard deviations of all units."""
    told: list[Floats] = []
    for weight in (np.ones(len(action)), weights):
        means = [weight[arm] @ known[arm] / weight[arm].sum() for arm in (action, ~action)]
        told.append(np.abs(means[0] - means[1])[1:])
    return {
        name: (float(told[0][columns].max(initial=0.0)), float(told[1][columns].max(initial=0.0)))
        for name, columns in units.groups.items()
    }
