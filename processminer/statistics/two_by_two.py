"""Whether two shares differ by more than chance: an exact test for small numbers, a score test for large ones."""

from __future__ import annotations

import math
from statistics import NormalDist

ENOUGH_EXPECTED = 5.0
"""With fewer expected in a cell, the normal approximation is not to be trusted (Cochran, 1954)."""

_TIES = 1e-7
"""Tables as likely as the one seen, up to rounding, are as extreme as it."""


def shares_differ(k1: int, n1: int, k0: int, n0: int) -> float:
    """Return the two-sided p-value against "k1 of n1 and k0 of n0 are shares of one size"; 1 where nothing varies.

    Fisher's exact test (1935) where one of the four cells expects fewer than five, else the score test with the pooled
    variance (Pearson's chi-squared, 1900). Raises ValueError for counts that are no shares.

    >>> round(shares_differ(3, 3, 0, 3), 3), round(shares_differ(60, 100, 40, 100), 4)
    (0.1, 0.0047)
    """
    if not (0 <= k1 <= n1 and 0 <= k0 <= n0):
        message = f"{k1} of {n1} and {k0} of {n0} are not two shares"
        raise ValueError(message)
    events, units = k1 + k0, n1 + n0
    if not (n1 and n0 and 0 < events < units):
        return 1.0
    least = min(n1, n0) * min(events, units - events) / units
    if least < ENOUGH_EXPECTED:
        return _exact(k1, n1, n0, events)
    pooled = events / units
    error = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0))
    return 2 * NormalDist().cdf(-abs(k1 / n1 - k0 / n0) / error)


def _exact(k1: int, n1: int, n0: int, events: int) -> float:
    """Return how likely tables of these margins are that are no likelier than the one seen."""
    seen = _log_chance(k1, n1, n0, events)
    possible = range(max(0, events - n0), min(n1, events) + 1)
    chances = (_log_chance(k, n1, n0, events) for k in possible)
    return min(1.0, math.fsum(math.exp(chance) for chance in chances if chance <= seen + _TIES))


def _log_chance(k1: int, n1: int, n0: int, events: int) -> float:
    return _log_ways(n1, k1) + _log_ways(n0, events - k1) - _log_ways(n1 + n0, events)


def _log_ways(units: int, chosen: int) -> float:
    return math.lgamma(units + 1) - math.lgamma(chosen + 1) - math.lgamma(units - chosen + 1)
