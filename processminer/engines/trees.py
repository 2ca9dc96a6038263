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


FOLDS = 5


def grow_groups(columns: Floats, outcome: Floats, *, depth: int, least: int) -> tuple[Group, ...]:
    """Return the groups of a regression tree (Breiman et al., 1984), in the tree's order; one group if nothing tells.

    `least` is the fewest units of a group. The tree is cut back to the one that errs least on units that it has not
    seen, by `FOLDS` folds. The same rows in the same order give the same tree.
    """
    from sklearn.tree import DecisionTreeRegressor  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    grown: Any = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=least, random_state=0)
    fitted: Any = grown.set_params(ccp_alpha=_cut(grown, columns, outcome)).fit(columns, outcome)
    return _groups(fitted.tree_)


def _cut(grown: Any, columns: Floats, outcome: Floats) -> float:
    """Return how much a split must be worth to stay."""
    from sklearn.model_selection import (  # pyright: ignore[reportMissingTypeStubs]
        KFold,
        validation_curve,  # pyright: ignore[reportUnknownVariableType]
    )

    alphas: Floats = np.unique(grown.cost_complexity_pruning_path(columns, outcome).ccp_alphas)
    # Between two of them the tree is the same: their geometric mean stands for the span (Breiman et al., 1984).
    tried: Floats = np.append(np.sqrt(alphas[:-1] * alphas[1:]), alphas[-1] + 1e-12)
    scores: Any = validation_curve(
        grown,
        columns,
        outcome,
        param_name="ccp_alpha",
        param_range=tried,
        cv=KFold(FOLDS, shuffle=True, random_state=0),
        scoring="neg_mean_squared_error",
    )[1]
    error: Floats = -np.asarray(scores, dtype=np.float64).mean(axis=1)
    return float(tried[error <= error.min() + 1e-12].max())


def _groups(tree: Any) -> tuple[Group, ...]:
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
