"""Many tests at once: how small a p-value must be when others were looked at beside it."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence


def adjusted_p_values(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return each p-value as the false discovery rate at which it would still be accepted, in the order given.

    Benjamini and Hochberg (1995), step-up.

    >>> adjusted_p_values([0.04, 0.01, 0.03])
    (0.04, 0.03, 0.04)
    """
    many = len(p_values)
    largest_first = sorted(range(many), key=lambda index: -p_values[index])
    adjusted = [1.0] * many
    least = 1.0
    for passed, index in enumerate(largest_first):
        least = min(least, p_values[index] * many / (many - passed))
        adjusted[index] = least
    return tuple(adjusted)


def chance_above(interval: Interval, bound: float, level: float = 0.95) -> float:
    """Return the one-sided p-value against "the truth is `bound` or more", read off an interval's upper half.

    It is (1 - level) / 2 exactly where the upper limit meets the bound. Normal approximation.

    >>> from processminer.statistics.interval import Interval
    >>> round(chance_above(Interval(0.0, -0.05, 0.05), 0.05), 3)
    0.025
    """
    error = (interval.high - interval.estimate) / normal_quantile(level)
    if error <= 0:
        return 0.0 if interval.estimate < bound else 1.0
    return NormalDist().cdf((interval.estimate - bound) / error)


def chance_below(interval: Interval, bound: float, level: float = 0.95) -> float:
    """Return the one-sided p-value against "the truth is `bound` or less", read off an interval's lower half.

    >>> from processminer.statistics.interval import Interval
    >>> round(chance_below(Interval(0.05, 0.0, 0.1), 0.0), 3)
    0.025
    """
    mirrored = Interval(-interval.estimate, -interval.high, -interval.low)
    return chance_above(mirrored, -bound, level)
