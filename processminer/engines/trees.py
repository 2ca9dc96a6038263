"""The one door to scikit-learn: trees that part units into groups whose mean differs."""

from __future__ import annotations

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


def grow_groups(columns: Floats, outcome: Floats, *, depth: int, least: int) -> tuple[Group, ...]:
    """Return the groups of a regression tree (Breiman et al., 1984), grown on all columns, in the tree's order.

    `least` is the fewest units of a group. The same rows in the same order give the same tree.
    """
    from sklearn.tree import DecisionTreeRegressor  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    fitted: Any = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=least, random_state=0).fit(columns, outcome)
    tree = fitted.tree_
    groups: list[Group] = []
    waiting: list[tuple[int, tuple[Question, ...]]] = [(0, ())]
    while waiting:
        node, asked = waiting.pop()
        column = int(tree.feature[node])
        if column < 0:
            groups.append(Group(asked))
            continue
        bound = float(tree.threshold[node])
        waiting.append((int(tree.children_right[node]), (*asked, Question(column, bound, above=True))))
        waiting.append((int(tree.children_left[node]), (*asked, Question(column, bound, above=False))))
    return tuple(groups)
