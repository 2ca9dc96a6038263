"""What each unit adds to an incidence of competing risks: a value also for those that were not followed to the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from processminer.statistics.survival import Floats

    Counts = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """The share that has left to the first cause by a horizon, and what each unit contributes to it."""

    share: float
    """Aalen & Johansen (1978)."""
    values: Floats
    """A pseudo-value for each unit, in the order given; their mean is the share, nearly."""


def pseudo_values(days: Counts, cause: Counts, horizon: int) -> Incidence:
    """Return the jackknife pseudo-values of leaving to cause 1 by `horizon` (Andersen, Klein & Rosthoj, 2003).

    `days` counts whole days from 1, `cause` is 1, or another positive number for a competing end, or 0 for a unit that
    was last seen then and was still at risk on that day. A unit's value is n times the incidence less n - 1 times the
    incidence without it: 1 and 0 where nobody is censored. It depends on the day and the cause alone, and leaving one
    unit out changes one day's risk and takes one off the risk sets before, so that all values come from cumulative
    products over days: no unit is looped over. Raises ValueError for an empty sample or a horizon below 1.
    """
    units = len(days)
    if units == 0 or horizon < 1:
        message = f"no incidence of {units} units by day {horizon}"
        raise ValueError(message)
    # Whoever is followed beyond the horizon left to no cause by then: one more day holds them all.
    at = np.minimum(days, horizon + 1)
    kind = np.where(days > horizon, 0, np.minimum(cause, 2))
    counted = np.bincount(3 * at + kind, minlength=3 * (horizon + 2)).reshape(-1, 3)[1:].astype(np.float64)
    share, without = _with_all(counted), _without_each(counted, units)
    values: Floats = units * share - (units - 1) * without[at - 1, kind]
    return Incidence(share, values)


def _with_all(counted: Floats) -> float:
    gone = counted.sum(axis=1)
    at_risk = gone.sum() - (np.cumsum(gone) - gone)
    wins, leaves = _risks(counted[:, 1], counted[:, 1] + counted[:, 2], at_risk)
    return float((_staying(leaves) * wins).sum())


def _staying(leaves: Floats) -> Floats:
    """Return the share that is still there when each day begins."""
    share: Floats = np.concatenate(([1.0], np.cumprod(1 - leaves)[:-1]))
    return share


def _without_each(counted: Floats, units: int) -> Floats:
    """Return the incidence without one unit of each (day, kind): what was before, on that day, and after it."""
    gone = counted.sum(axis=1)
    at_risk = units - (np.cumsum(gone) - gone)
    won, left = counted[:, 1], counted[:, 1] + counted[:, 2]
    # Before its day, one unit less was at risk and as many left.
    wins, leaves = _risks(won, left, at_risk - 1)
    staying = _staying(leaves)
    before = np.concatenate(([0.0], np.cumsum(staying * wins)[:-1]))
    # After its day nothing changes: the incidence among those still at risk, from the last day backwards.
    ahead = np.zeros(len(gone) + 1)
    wins_all, leaves_all = _risks(won, left, at_risk)
    for day in range(len(gone) - 1, -1, -1):
        ahead[day] = wins_all[day] + (1 - leaves_all[day]) * ahead[day + 1]
    without = np.empty_like(counted)
    for kind, (as_win, as_leave) in enumerate(((0, 0), (1, 1), (0, 1))):
        on_day, leave_day = _risks(won - as_win, left - as_leave, at_risk - 1)
        without[:, kind] = before + staying * (on_day + (1 - leave_day) * ahead[1:])
    return without


def _risks(won: Floats, left: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    some = np.maximum(at_risk, 1.0)
    return np.clip(won, 0.0, None) / some, np.clip(left, 0.0, None) / some


def mean_values(days: Counts, ended: Flags, horizon: int) -> Floats:
    """Return for each unit a value whose mean is the restricted mean of `days` up to `horizon`.

    The mean plus the unit's influence on it (Andersen, Hansen & Klein, 2004; the jackknife to first order): where
    everyone is followed, about the unit's own days, or the horizon. `days` counts whole days from 1; a unit that has
    not `ended` was at risk on its last day. Raises ValueError for an empty sample or a horizon below 1.
    """
    units = len(days)
    if units == 0 or horizon < 1:
        message = f"no mean of {units} units up to day {horizon}"
        raise ValueError(message)
    at = np.minimum(days, horizon + 1)
    over = ended & (days <= horizon)
    gone = np.bincount(at, minlength=horizon + 2)[1:].astype(np.float64)
    at_risk = np.maximum(units - (np.cumsum(gone) - gone), 1.0)
    leaves = np.bincount(at[over], minlength=horizon + 2)[1:] / at_risk
    staying = np.cumprod(1 - leaves)
    mean = 1.0 + float(staying[: horizon - 1].sum())
    ahead = np.concatenate([np.cumsum(staying[: horizon - 1][::-1])[::-1], [0.0, 0.0]])
    worth = np.divide(ahead, 1 - leaves, out=np.zeros_like(ahead), where=leaves < 1) * units / at_risk
    values: Floats = mean - np.where(over, worth[at - 1], 0.0) + np.cumsum(worth * leaves)[at - 1]
    return values
