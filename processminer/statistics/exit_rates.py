"""How a rate of leaving goes with a quantity, among units that are alike otherwise: counts and time at risk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile

if TYPE_CHECKING:
    import numpy.typing as npt

    from processminer.statistics.survival import Floats

    Counts = npt.NDArray[np.int64]

ROUNDS = 50
"""Newton's steps; a slope that has not settled by then has no finite value."""


@dataclass(frozen=True, slots=True, eq=False)
class RateCells:
    """Units alike in all that is told, summed: arrays of equal length."""

    events: Floats
    exposure: Floats
    """Time at risk."""
    quantity: Floats
    kind: Counts
    """Dense numbers from 0: stage and age, say. Each has a rate of its own."""
    group: Counts
    """Dense numbers from 0: the owner, say. Each multiplies the rates by a factor of its own."""


@dataclass(frozen=True, slots=True)
class RateSlope:
    """The change of the log rate by one unit of the quantity."""

    slope: Interval
    p: float
    """Two-sided, against "none"."""


def rate_slope(cells: RateCells, level: float = 0.95) -> RateSlope | None:
    """Return the slope of a Poisson regression with a level for each kind and each group; None where nothing is told.

    Levels of groups are solved for exactly and never held in a matrix (as in the conditional likelihood of Palmgren,
    1981), so that thousands of them cost no more than a few. Kinds and groups without an event say nothing and are
    left out.
    """
    kept = _telling(cells)
    if len(kept.events) == 0:
        return None
    columns, offset = _columns(kept)
    slopes = np.zeros(columns.shape[1])
    for _ in range(ROUNDS):
        expected, within = _expected(kept, columns, offset, slopes)
        information = within.T @ (expected[:, None] * within)
        step: Floats = np.linalg.pinv(information, hermitian=True) @ (within.T @ (kept.events - expected))
        longest = float(np.abs(step).max())
        # A longer step could lead to where the likelihood falls again.
        slopes = _moved(slopes, step, min(1.0, 3.0 / max(1e-12, longest)))
        if longest < 1e-9:
            break
    else:
        return None
    variance = float(np.linalg.pinv(information, hermitian=True)[0, 0])
    if variance <= 1e-12:
        return None
    error = math.sqrt(variance)
    half = normal_quantile(level) * error
    found = float(slopes[0])
    return RateSlope(Interval(found, found - half, found + half), 2 * NormalDist().cdf(-abs(found) / error))


def _moved(slopes: Floats, step: Floats, part: float) -> Floats:
    return slopes + part * step


def _columns(cells: RateCells) -> tuple[Floats, Floats]:
    """Return the quantity with a column for each kind but the first, and the logs of the times at risk."""
    kinds: Floats = np.eye(len(np.unique(cells.kind)))
    return np.column_stack([cells.quantity, kinds[cells.kind][:, 1:]]), np.log(cells.exposure)


def _expected(cells: RateCells, columns: Floats, offset: Floats, slopes: Floats) -> tuple[Floats, Floats]:
    """Return the events expected in each cell at the best levels of groups, and the columns less their group's mean."""
    # A slope on its way may be steep: only ratios within a group matter.
    told = columns @ slopes + offset
    told -= np.maximum.reduceat(told, _firsts(cells.group))[cells.group]
    raw = np.exp(told)
    scale = np.bincount(cells.group, cells.events) / np.bincount(cells.group, raw)
    expected: Floats = raw * scale[cells.group]
    whole = np.bincount(cells.group, expected)
    means = np.column_stack([np.bincount(cells.group, expected * column) / whole for column in columns.T])
    within: Floats = columns - means[cells.group]
    return expected, within


def _firsts(group: Counts) -> Counts:
    """Return where each group begins; cells are sorted by group."""
    return np.flatnonzero(np.diff(group, prepend=-1)).astype(np.int64)


def _telling(cells: RateCells) -> RateCells:
    """Return the cells of kinds and groups that have events, numbered densely and sorted by group."""
    chosen = np.flatnonzero(cells.exposure > 0)
    before = -1
    while before != len(chosen):
        before = len(chosen)
        for level in (cells.kind, cells.group):
            events = np.bincount(level[chosen], cells.events[chosen])
            chosen = chosen[events[level[chosen]] > 0]
    chosen = chosen[np.argsort(cells.group[chosen], kind="stable")]
    kinds = np.unique(cells.kind[chosen], return_inverse=True)[1]
    groups = np.unique(cells.group[chosen], return_inverse=True)[1]
    return RateCells(cells.events[chosen], cells.exposure[chosen], cells.quantity[chosen], kinds, groups)
