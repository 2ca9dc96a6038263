"""Whether a share rises or falls from one period to the next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Trend:
    """How a share changes by period."""

    slope: Interval
    """Change of the share by period."""
    p_value: float
    """Two-sided, against "it stays the same"."""


def trend_of_shares(periods: Sequence[tuple[float, int, int]], level: float = 0.95) -> Trend | None:
    """Return the linear trend of a share over periods given as (time, events, units); None where nothing can be told.

    The test is that of Cochran (1954) and Armitage (1955), the slope the least-squares line through the shares,
    weighted by units; its limits rest on the same variance, that of no trend. Nothing can be told of fewer than two
    times, or where all units or none had the event.
    """
    units = sum(n for _, _, n in periods)
    events = sum(k for _, k, _ in periods)
    if not 0 < events < units:
        return None
    middle = math.fsum(at * n for at, _, n in periods) / units
    spread = math.fsum(n * (at - middle) ** 2 for at, _, n in periods)
    if spread == 0:
        return None
    share = events / units
    slope = math.fsum((at - middle) * k for at, k, _ in periods) / spread
    error = math.sqrt(share * (1 - share) / spread)
    half = normal_quantile(level) * error
    return Trend(Interval(slope, slope - half, slope + half), 2 * NormalDist().cdf(-abs(slope) / error))
