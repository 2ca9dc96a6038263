"""How strong something that nobody wrote down would have to be to explain a difference away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.doubly_robust import mean_by_cluster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.statistics.doubly_robust import Counts, Units
    from processminer.statistics.estimated import Estimated
    from processminer.statistics.interval import Interval
    from processminer.statistics.survival import Floats

LEVEL = "owner"
"""What the factor of `Units` is called beside the groups of columns."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The known thing that moves the difference most when it is not held equal."""

    name: str
    moves: float
    """By so much, without sign: what something unknown that is as strong could do."""


def benchmark(units: Units) -> Benchmark | None:
    """Return the strongest group of columns, or the factor, by least squares; None where nothing is known of units.

    The yardstick of leaving out what was observed (Imbens, 2003; Cinelli & Hazlett, 2020), taken from one linear
    model of the outcome, so that leaving out costs no second look at the units.
    """
    columns = np.column_stack([units.action.astype(np.float64), units.known, units.outcome])
    within = _inside(columns, units.level)
    products = within.T @ within
    every = list(range(1, columns.shape[1] - 1))
    whole = _slope(products, every)
    moved = {
        name: abs(_slope(products, [one for one in every if not which.start <= one - 1 < which.stop]) - whole)
        for name, which in units.groups.items()
    }
    if units.level.any():
        level = columns - columns.mean(axis=0)
        moved[LEVEL] = abs(_slope(level.T @ level, every) - whole)
    strongest = max(moved, key=lambda name: moved[name], default=None)
    return None if strongest is None else Benchmark(strongest, moved[strongest])


def unaffected(units: Units, outcome: Floats) -> Estimated | None:
    """Return the difference of an outcome that the action cannot have changed, as it came before it.

    What is known is held equal by least squares; far from 0, units differ in more than what is known (Lipsitch,
    Tchetgen Tchetgen & Cohen, 2010). Errors are summed by cluster. None where nothing is left of the action.
    """
    columns = _inside(np.column_stack([units.known, units.action.astype(np.float64), outcome]), units.level)
    known, action, control = columns[:, :-2], columns[:, -2], columns[:, -1]
    products = known.T @ known + 1e-9 * np.eye(known.shape[1]) * len(action)
    left, beside = (one - known @ np.linalg.solve(products, known.T @ one) for one in (action, control))
    information = float(left @ left)
    if information < 1e-9 * len(action):
        return None
    slope = float(left @ beside) / information
    return mean_by_cluster(slope + len(left) * left * (beside - slope * left) / information, units.cluster)


def e_value(without: float, difference: Interval) -> tuple[float, float] | None:
    """Return how many times likelier an unknown thing must make both action and outcome to explain it all away.

    For the estimate, and for the limit next to none; the latter is 1 where the limits include none (VanderWeele &
    Ding, 2017). None where a share is not between 0 and 1.
    """
    nearest = 0.0 if difference.low <= 0 <= difference.high else min(difference.low, difference.high, key=abs)
    shares = [without + points for points in (difference.estimate, nearest)]
    if without <= 0 or min(shares) <= 0:
        return None
    point, limit = (_explained(share / without) for share in shares)
    return point, limit


def _explained(ratio: float) -> float:
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def _inside(columns: Floats, level: Counts) -> Floats:
    """Return columns less their means within each level of the factor."""
    size = np.maximum(np.bincount(level), 1)
    means = np.array([np.bincount(level, one) for one in columns.T]).T / size[:, None]
    said: Floats = columns - means[level]
    return said


def _slope(products: Floats, held: Sequence[int]) -> float:
    """Return the slope of the last column on the first, the `held` ones being equal."""
    which = [0, *held]
    scale = 1e-9 * float(np.trace(products)) * np.eye(len(which))
    return float(np.linalg.solve(products[np.ix_(which, which)] + scale, products[which, -1])[0])
