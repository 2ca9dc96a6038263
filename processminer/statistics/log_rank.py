"""Whether groups leave at the same pace: the log-rank test of two or more groups, within strata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from processminer.statistics.survival import Floats


@dataclass(frozen=True, slots=True)
class LogRank:
    """A test of "all groups leave at the same rate at every time"."""

    statistic: float
    """Chi-squared with `freedom` degrees of freedom if they do."""
    freedom: int
    p: float


def log_rank(strata: Iterable[tuple[Floats, Floats]]) -> LogRank | None:
    """Return the stratified log-rank test (Mantel, 1966; Peto & Peto, 1972); None where nothing can be compared.

    Each stratum is (exits, at_risk), a row per time and a column per group, the columns the same in all strata. Exits
    for other causes are no exits here, only units that are no longer at risk. Observed less expected exits and their
    hypergeometric covariances are summed over times and strata.
    """
    apart, spread = np.zeros(0), np.zeros((0, 0))
    for exits, at_risk in strata:
        here_apart, here_spread = _within(exits, at_risk)
        apart = apart + here_apart if apart.size else here_apart
        spread = spread + here_spread if spread.size else here_spread
    compared = np.flatnonzero(np.diag(spread) > 0)
    if len(compared) < 2:
        return None
    # The groups' differences sum to nothing, so that the last one says nothing more.
    kept = compared[:-1]
    statistic = float(apart[kept] @ np.linalg.pinv(spread[np.ix_(kept, kept)], hermitian=True) @ apart[kept])
    return LogRank(statistic, len(kept), _beyond(statistic, len(kept)))


def _within(exits: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    """Return observed less expected exits by group, and their covariance, summed over times."""
    left, there = exits.sum(axis=1), at_risk.sum(axis=1)
    some = there > 1
    left, there, exits, at_risk = left[some], there[some], exits[some], at_risk[some]
    share = at_risk / there[:, None]
    factor = left * (there - left) / (there - 1)
    apart: Floats = (exits - left[:, None] * share).sum(axis=0)
    spread: Floats = np.diag((factor[:, None] * share).sum(axis=0)) - (factor[:, None] * share).T @ share
    return apart, spread


def _beyond(statistic: float, freedom: int) -> float:
    """Return the chance that a chi-squared variable exceeds the statistic."""
    from scipy.special import gammaincc  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return float(gammaincc(freedom / 2, statistic / 2))
