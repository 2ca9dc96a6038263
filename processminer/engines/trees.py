"""The one door to scikit-learn: trees that part units into groups whose mean differs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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


def grow_groups(columns: Floats, outcome: Floats, *, depth: int, least: int) -> tuple[Group, ...]:
    """Return the groups of a regression tree (Breiman et al., 1984), in the tree's order; one group if nothing tells.

    `least` is the fewest units of a group. A split stays if what it asks about and the outcome go together among its
    units, tested by permutation and corrected for the number of columns (Hothorn, Hornik & Zeileis, 2006), or if one
    below it stays. The same rows in the same order give the same tree.
    """
    from sklearn.tree import DecisionTreeRegressor  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    tree: Any = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=least, random_state=0)
    fitted = tree.fit(columns, outcome)
    return _groups(fitted.tree_, 0, (), columns, outcome)


def _groups(tree: Any, node: int, asked: tuple[Question, ...], columns: Floats, outcome: Floats) -> tuple[Group, ...]:
    column = int(tree.feature[node])
    if column < 0:
        return (Group(asked),)
    bound = float(tree.threshold[node])
    own = Group(asked).holds(columns)
    below = [
        _groups(tree, int(child[node]), (*asked, Question(column, bound, above)), columns, outcome)
        for child, above in ((tree.children_left, False), (tree.children_right, True))
    ]
    if len(below[0]) + len(below[1]) > 2 or _together(columns[own, column], outcome[own]) * columns.shape[1] <= TOLD:
        return (*below[0], *below[1])
    return (Group(asked),)


def _together(column: Floats, outcome: Floats) -> float:
    """Return the two-sided p-value against "the two are unrelated", by the normal limit of all permutations."""
    spread = float(column.std() * outcome.std())
    if spread <= 0:
        return 1.0
    correlation = float(((column - column.mean()) * (outcome - outcome.mean())).mean()) / spread
    return math.erfc(abs(correlation) * math.sqrt((len(column) - 1) / 2))
