"""Shares with limits, differences of shares, and how many it takes to see a difference."""

from __future__ import annotations

import math
from statistics import NormalDist

from processminer.statistics.interval import Interval


def normal_quantile(level: float) -> float:
    """Return how many standard errors lie between an estimate and each limit of a two-sided interval.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(k: int, n: int, level: float = 0.95) -> Interval:
    """Return the share k / n with its score limits (Wilson, 1927), which always lie between 0 and 1.

    Of none (n = 0) nothing is known: the limits are 0 and 1, and the estimate, which then says nothing, is 0.
    Raises ValueError unless 0 <= k <= n.

    >>> wilson(0, 0)
    Interval(estimate=0.0, low=0.0, high=1.0)
    """
    if not 0 <= k <= n:
        message = f"{k} of {n} is not a share"
        raise ValueError(message)
    if n == 0:
        return Interval(0.0, 0.0, 1.0)
    z = normal_quantile(level)
    share = k / n
    middle = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(n * share * (1 - share) + z * z / 4)
    # Rounding must not move a limit off its estimate where none or all of them were counted.
    low = 0.0 if k == 0 else max(0.0, middle - half)
    high = 1.0 if k == n else min(1.0, middle + half)
    return Interval(share, low, high)


def newcombe(k1: int, n1: int, k0: int, n0: int, level: float = 0.95) -> Interval:
    """Return k1 / n1 minus k0 / n0 with limits built from the two score intervals (Newcombe, 1998, method 10).

    Raises ValueError where a share has no denominator.
    """
    if n1 == 0 or n0 == 0:
        message = f"no difference between {k1} of {n1} and {k0} of {n0}"
        raise ValueError(message)
    one, other = wilson(k1, n1, level), wilson(k0, n0, level)
    difference = one.estimate - other.estimate
    down = math.hypot(one.estimate - one.low, other.high - other.estimate)
    up = math.hypot(one.high - one.estimate, other.estimate - other.low)
    return Interval(difference, max(-1.0, difference - down), min(1.0, difference + up))


def needed_units(base: float, difference: float, share: float = 0.5) -> int:
    """Return how many units, both arms together, would show a difference of shares (80 % power, 5 % two-sided).

    One arm has the share `base`, the other one `difference` more or less, whichever needs more units; `share` of all
    units are in the smaller arm. Normal approximation with unpooled variances (Fleiss, Levin & Paik, 2003, ch. 4).
    Raises ValueError if no share lies that far from `base`, or an arm is empty.

    >>> needed_units(0.25, 0.05), needed_units(0.25, 0.1)
    (2496, 652)
    """
    others = [other for other in (base + difference, base - difference) if 0 <= other <= 1]
    if difference <= 0 or not others or not 0 < share < 1:
        message = f"a difference of {difference} from {base} with {share} in one arm cannot be seen"
        raise ValueError(message)
    spread = max(_spread(base, first) + _spread(other, 1 - first) for other in others for first in (share, 1 - share))
    both = normal_quantile(0.95) + NormalDist().inv_cdf(0.8)
    return math.ceil(both**2 * spread / difference**2)


def _spread(share: float, part: float) -> float:
    return share * (1 - share) / part
