"""How much groups truly differ in a share, beyond what chance makes of small numbers, and what each is likely to be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.interval import Interval
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    import numpy.typing as npt

    from processminer.statistics.survival import Floats


@dataclass(frozen=True, slots=True)
class BetweenGroups:
    """The spread of a share over groups."""

    share: float
    """Over all units."""
    variance: float
    """tau squared: the variance of the groups' true shares; 0 where chance explains all that is seen."""
    not_chance: float
    """I squared: the part of the spread seen that chance does not explain (Higgins & Thompson, 2002)."""
    p: float
    """Of Pearson's test that all groups share one share."""
    shrunk: tuple[Interval, ...]
    """What each group's share is likely to be, with approximate 95 % limits, in the order given."""


def between_groups(events: npt.ArrayLike, units: npt.ArrayLike, level: float = 0.95) -> BetweenGroups | None:
    """Return how much groups differ; None with fewer than two groups, or where all units or none had the event.

    Shares are taken as drawn from a beta distribution whose variance is that of the moments (Kleinman, 1973); each
    group's posterior mean lies the nearer to the common share the fewer units it has (Efron & Morris, 1975). Limits
    take that distribution for known and are a little too narrow (91 for 95 of 100 in simulations).
    """
    k, n = np.asarray(events, np.float64), np.asarray(units, np.float64)
    k, n = k[n > 0], n[n > 0]
    whole = float(n.sum())
    if len(n) < 2 or not 0 < k.sum() < whole:
        return None
    share = float(k.sum()) / whole
    freedom = len(n) - 1
    squares = float((n * (k / n - share) ** 2).sum()) / (share * (1 - share))
    excess = max(0.0, squares - freedom)
    variance = min(0.99, excess / (whole - float((n**2).sum()) / whole)) * share * (1 - share)
    return BetweenGroups(
        share=share,
        variance=variance,
        not_chance=excess / squares if squares else 0.0,
        p=_beyond(squares, freedom),
        shrunk=_shrunk(k, n, share, variance, level),
    )


def _shrunk(k: Floats, n: Floats, share: float, variance: float, level: float) -> tuple[Interval, ...]:
    from scipy.special import betaincinv  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    if variance <= 0:
        common = wilson(round(float(k.sum())), round(float(n.sum())), level)
        return tuple(common for _ in n)
    strength = share * (1 - share) / variance - 1
    a, b = share * strength + k, (1 - share) * strength + n - k
    tail, mean = (1 - level) / 2, a / (a + b)
    # Of a distribution with a peak at either end the mean may lie outside of the middle 95 %.
    low = np.minimum(mean, np.asarray(betaincinv(a, b, tail), np.float64))
    high = np.maximum(mean, np.asarray(betaincinv(a, b, 1 - tail), np.float64))
    return tuple(Interval(*map(float, one)) for one in zip(mean, low, high, strict=True))


def _beyond(statistic: float, freedom: int) -> float:
    from scipy.special import gammaincc  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return float(gammaincc(freedom / 2, statistic / 2)) if math.isfinite(statistic) else 0.0
