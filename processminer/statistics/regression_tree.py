"""Regression trees: units parted by yes-or-no questions into groups whose mean differs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Question:
    """A column, the value it is held against, and whether the units of a group lie above it."""

    column: int
    bound: float
    above: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Units that answer all the questions alike."""

    questions: tuple[Question, ...]

    def holds(self, columns: Floats) -> Flags:
        """Tell which rows belong to it."""
        belongs = np.ones(len(columns), dtype=np.bool_)
        for one in self.questions:
            belongs &= (columns[:, one.column] > one.bound) == one.above
        return belongs


TOLD = 0.05
"""Of trees grown where nothing tells units apart, one in twenty splits at all."""

AS_GOOD = 1e-9
"""Questions whose gains differ by less than this share are alike: the order in which units are added up decides it."""


def grow_groups(columns: Floats, outcome: Floats, *, depth: int, least: int) -> tuple[Group, ...]:
    """Return the groups of a regression tree (Breiman et al., 1984), in the tree's order; one group if nothing tells.

    `least` is the fewest units of a group. A split stays if what it asks about and the outcome go together among its
    units, tested by permutation and corrected for the number of columns (Hothorn, Hornik & Zeileis, 2006), or if one
    below it stays. Of questions that part the units equally well the first column's is asked, at its lowest bound.
    """
    return _groups((), columns, outcome, depth, least)


def _groups(asked: tuple[Question, ...], columns: Floats, outcome: Floats, depth: int, least: int) -> tuple[Group, ...]:
    best = _best_question(columns, outcome, least) if depth else None
    if best is None:
        return (Group(asked),)
    column, bound = best
    above = columns[:, column] > bound
    below = [
        _groups(
            (*asked, Question(column, bound, side)), columns[above == side], outcome[above == side], depth - 1, least
        )
        for side in (False, True)
    ]
    if len(below[0]) + len(below[1]) > 2 or _together(columns[:, column], outcome) * columns.shape[1] <= TOLD:
        return (*below[0], *below[1])
    return (Group(asked),)


def _best_question(columns: Floats, outcome: Floats, least: int) -> tuple[int, float] | None:
    """Return the column and the bound that leave the least spread within both sides; None where none can be asked."""
    units = len(outcome)
    if units < 2 * least or np.ptp(outcome) <= 0:
        return None
    order = np.argsort(columns, axis=0, kind="stable")
    values = np.take_along_axis(columns, order, axis=0)
    # Sums of what differs from the mean: the squares of those of one side over both sides' units are what it gains.
    left = np.cumsum((outcome - outcome.mean())[order], axis=0)[least - 1 : units - least]
    here = np.arange(least, units - least + 1, dtype=np.float64)[:, np.newaxis]
    gain = left * left * units / (here * (units - here))
    low, high = values[least - 1 : units - least], values[least : units - least + 1]
    gain[low >= high] = -1.0
    if gain.max() < 0:
        return None
    column, place = np.argwhere(gain.max() * (1 - AS_GOOD) <= gain.T)[0]
    return int(column), float(low[place, column] / 2 + high[place, column] / 2)


def _together(column: Floats, outcome: Floats) -> float:
    """Return the two-sided p-value against "the two are unrelated", by the normal limit of all permutations."""
    spread = float(column.std() * outcome.std())
    if spread <= 0:
        return 1.0
    correlation = float(((column - column.mean()) * (outcome - outcome.mean())).mean()) / spread
    return math.erfc(abs(correlation) * math.sqrt((len(column) - 1) / 2))
