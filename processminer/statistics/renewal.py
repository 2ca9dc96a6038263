"""What becomes of units that may have to begin again, if beginning again changes nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from processminer.statistics.pseudo_values import Counts
    from processminer.statistics.survival import Floats

WON, AGAIN = 1, 3
"""What ends the wait for a win, and what starts it anew; 2 is any other end, and 0 that none was seen."""


def won_if_anew(days: Counts, cause: Counts, horizon: int) -> float:
    """Return the share won within `horizon` days of units that, each time they begin again, stand as at first.

    Renewal equation (Feller, 1941) over the incidences of winning and of beginning again (Aalen & Johansen, 1978):
    won by day t is who is won before anything else, and who begins again on day u and is won within the days left.
    `days` counts whole days from 1. Raises ValueError for an empty sample or a horizon below 1.
    """
    if len(days) == 0 or horizon < 1:
        message = f"no share of {len(days)} units by day {horizon}"
        raise ValueError(message)
    at = np.minimum(days, horizon + 1)
    kind = np.where(days > horizon, 0, cause)
    counted = np.bincount(4 * at + kind, minlength=4 * (horizon + 2)).reshape(-1, 4)[1 : horizon + 2].astype(np.float64)
    gone = counted.sum(axis=1)
    at_risk = np.maximum(gone[::-1].cumsum()[::-1], 1.0)
    leaves: Floats = counted[:, 1:].sum(axis=1) / at_risk
    there = np.ones(horizon + 1)
    there[1:] = np.cumprod(1 - leaves)[:-1]
    won, again = there * counted[:, WON] / at_risk, there * counted[:, AGAIN] / at_risk
    share = np.zeros(horizon + 1)
    first = np.zeros(horizon + 1)
    first[1:] = won[:horizon].cumsum()
    for day in range(1, horizon + 1):
        share[day] = first[day] + float(again[:day] @ share[day - 1 :: -1][:day])
    return float(share[horizon])
