"""Whether a figure told period by period changed once, and when: a scan over all splits, judged by shuffled periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from processminer.statistics.survival import Floats

    Scan = Callable[[Floats, Floats], Floats]

LEAST = 2
"""Periods on either side of a change: of a single one nobody can say that it is no outlier."""

SHUFFLES = 1_999
"""The smallest p-value that these can give is one in two thousand."""

SEED = 20_260_102


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """The one change that explains a series best, whether or not it is more than chance."""

    at: int
    """The first period after it, counted from 0."""
    before: float
    after: float
    p: float
    """How often shuffled periods show as great a change (Fisher's permutation test, 1935)."""


def share_change(events: npt.ArrayLike, units: npt.ArrayLike, shuffles: int = SHUFFLES) -> ChangePoint | None:
    """Return the best change of a share told as `events` of `units` by period; None where too few periods have units.

    The statistic is the largest binomial likelihood ratio over all splits. Whole periods are shuffled, so that a share
    that differs from period to period by more than chance (overdispersion) is no change.
    """
    return _scan(np.asarray(events, np.float64), np.asarray(units, np.float64), _likelihood_ratio, shuffles)


def mean_change(values: npt.ArrayLike, weights: npt.ArrayLike, shuffles: int = SHUFFLES) -> ChangePoint | None:
    """Return the best change of a mean told by period, each with its weight (say, how many units it stands for).

    The statistic is the largest weighted sum of squares between the two sides of a split.
    """
    weight = np.asarray(weights, np.float64)
    return _scan(np.asarray(values, np.float64) * weight, weight, _squares_between, shuffles)


def _scan(sums: Floats, weights: Floats, statistic: Scan, shuffles: int) -> ChangePoint | None:
    """Find the split and judge it; a period of weight 0 says nothing and is no split of its own."""
    told = np.flatnonzero(weights > 0)
    if len(told) < 2 * LEAST:
        return None
    sums, weights = sums[told], weights[told]
    order = np.random.default_rng(SEED).permuted(np.tile(np.arange(len(told)), (shuffles, 1)), axis=1)
    seen = statistic(sums[None, :], weights[None, :])[0]
    split = int(np.argmax(seen))
    # Sums in another order differ by the last bits.
    as_great = statistic(sums[order], weights[order]).max(axis=1) >= seen[split] - 1e-9
    first = split + LEAST
    return ChangePoint(
        at=int(told[first]),
        before=float(sums[:first].sum() / weights[:first].sum()),
        after=float(sums[first:].sum() / weights[first:].sum()),
        p=float((1 + as_great.sum()) / (1 + shuffles)),
    )


def _sides(sums: Floats, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return sums and weights before and after each split, a row a series."""
    splits = slice(LEAST - 1, sums.shape[1] - LEAST)
    sums_before, weights_before = np.cumsum(sums, axis=1)[:, splits], np.cumsum(weights, axis=1)[:, splits]
    sums_after = sums.sum(axis=1, keepdims=True) - sums_before
    return sums_before, weights_before, sums_after, weights.sum(axis=1, keepdims=True) - weights_before


def _likelihood_ratio(events: Floats, units: Floats) -> Floats:
    k1, n1, k2, n2 = _sides(events, units)
    ratio: Floats = 2 * (_log_likelihood(k1, n1) + _log_likelihood(k2, n2) - _log_likelihood(k1 + k2, n1 + n2))
    return ratio


def _log_likelihood(k: Floats, n: Floats) -> Floats:
    told: Floats = _times_log(k, n) + _times_log(n - k, n)
    return told


def _times_log(part: Floats, whole: Floats) -> Floats:
    some = part > 1e-9
    return np.multiply(part, np.log(np.divide(part, whole, out=np.ones_like(part), where=some)))


def _squares_between(sums: Floats, weights: Floats) -> Floats:
    s1, w1, s2, w2 = _sides(sums, weights)
    squares: Floats = (s1 / w1 - s2 / w2) ** 2 * w1 * w2 / (w1 + w2)
    return squares
