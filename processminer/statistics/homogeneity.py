"""Whether groups choose alike: one table of counts for each thing there is to choose at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable

Table = npt.NDArray[np.float64]

ENOUGH_EXPECTED = 5.0
"""With fewer expected in a cell, the chi-squared approximation is not to be trusted (Cochran, 1954)."""


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """The likelihood-ratio test that all groups choose with the same chances, at every place."""

    statistic: float
    freedom: int
    p: float


def homogeneity(tables: Iterable[Table]) -> Homogeneity | None:
    """Return the test summed over tables of counts, a row a group and a column a choice; None where nothing can differ.

    G squared (Wilks, 1938). Choices that are rare in some group are counted together, and small groups are left out, so
    that each cell expects at least `ENOUGH_EXPECTED`.

    >>> homogeneity([np.array([[50.0, 50.0], [50.0, 50.0]])])
    Homogeneity(statistic=0.0, freedom=1, p=1.0)
    """
    statistic, freedom = 0.0, 0
    for table in tables:
        counts = _told(table)
        if min(counts.shape) < 2:
            continue
        expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
        logs = np.log(np.divide(counts, expected, out=np.ones_like(counts), where=counts > 0))
        statistic += 2 * float((counts * logs).sum())
        freedom += (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return Homogeneity(statistic, freedom, _beyond(statistic, freedom)) if freedom else None


def _told(table: Table) -> Table:
    """Return the table of groups large enough for a half and half choice, with rare choices as one column."""
    counts: Table = table[table.sum(axis=1) >= 2 * ENOUGH_EXPECTED]
    if not len(counts):
        return counts
    least = counts.sum(axis=1).min() * counts.sum(axis=0) / counts.sum()
    rare = least < ENOUGH_EXPECTED
    kept: Table = counts[:, ~rare]
    rest = counts[:, rare].sum(axis=1, keepdims=True)
    few = counts.sum(axis=1).min() * rest.sum() / counts.sum() < ENOUGH_EXPECTED
    # What is too rare even together says nothing of its own and goes with the most usual choice.
    if few and kept.shape[1]:
        kept[:, np.argmax(kept.sum(axis=0))] += rest[:, 0]
        return kept
    told: Table = np.hstack([kept, rest])
    return told


def _beyond(statistic: float, freedom: int) -> float:
    from scipy.special import chdtrc  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return float(chdtrc(freedom, statistic))  # pyright: ignore[reportUnknownArgumentType]
