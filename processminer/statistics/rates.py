"""Two counts over the same time: how many times as many came of one as of the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

from processminer.statistics.interval import Interval


@dataclass(frozen=True, slots=True)
class RateRatio:
    """How many times one rate is another."""

    ratio: Interval
    """The estimate and limits may be infinite, or not a number where nothing was counted."""
    p: float
    """Two-sided, against "the rates are the same"."""


def rate_ratio(one: int, other: int, level: float = 0.95) -> RateRatio:
    """Return the ratio of two Poisson counts over equal times, with exact limits.

    Given their sum, one count is binomial (Przyborowski & Wilenski, 1940); its limits are those of Clopper & Pearson
    (1934), the p-value is twice the smaller tail. Raises ValueError for counts below 0.

    >>> found = rate_ratio(30, 10)
    >>> round(found.ratio.low, 2), round(found.ratio.high, 2), round(found.p, 4)
    (1.43, 6.88, 0.0022)
    """
    from scipy.special import betainc, betaincinv  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    if min(one, other) < 0:
        message = f"{one} and {other} are not two counts"
        raise ValueError(message)
    if one + other == 0:
        return RateRatio(Interval(math.nan, 0.0, math.inf), 1.0)
    tail = (1 - level) / 2
    low = float(betaincinv(one, other + 1, tail)) if one else 0.0  # pyright: ignore[reportUnknownArgumentType]
    high = float(betaincinv(one + 1, other, 1 - tail)) if other else 1.0  # pyright: ignore[reportUnknownArgumentType]
    as_many = float(betainc(one, other + 1, 0.5)) if one else 1.0  # pyright: ignore[reportUnknownArgumentType]
    as_few = float(betainc(other, one + 1, 0.5)) if other else 1.0  # pyright: ignore[reportUnknownArgumentType]
    return RateRatio(Interval(_odds(one / (one + other)), _odds(low), _odds(high)), min(1.0, 2 * min(as_many, as_few)))


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
