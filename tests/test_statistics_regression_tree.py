"""Tests of regression trees: the question asked is the best one, by a search of all there are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from processminer.statistics.regression_tree import Question, grow_groups


def spread_within(sides: list[np.ndarray]) -> float:
    """Return the squared distances from the mean of each side."""
    return sum(float(((side - side.mean()) ** 2).sum()) for side in sides)


@pytest.mark.parametrize("seed", range(12))
def test_the_question_leaves_less_spread_than_any_other_that_leaves_enough_units_on_both_sides(seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns = rng.integers(0, [2, 4, 30], size=(120, 3)).astype(float)
    outcome = columns[:, seed % 3] / columns[:, seed % 3].max() + rng.normal(scale=0.3, size=120)
    left: dict[tuple[int, float], float] = {}
    for column in range(3):
        told = sorted(set(columns[:, column]))
        for low, high in pairwise(told):
            sides = [outcome[columns[:, column] <= low], outcome[columns[:, column] >= high]]
            if min(len(side) for side in sides) >= 20:
                left[column, (low + high) / 2] = spread_within(sides)
    column, bound = min(left, key=left.__getitem__)
    below, above = grow_groups(columns, outcome, depth=1, least=20)
    assert below.questions == (Question(column, bound, above=False),)
    assert above.questions == (Question(column, bound, above=True),)


def test_each_unit_belongs_to_exactly_one_group_of_a_tree() -> None:
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(400, 4))
    outcome = (columns[:, 1] > 0.2) * 1.0 + rng.normal(scale=0.3, size=400)
    groups = grow_groups(columns, outcome, depth=3, least=30)
    belongs = np.array([group.holds(columns) for group in groups])
    assert (belongs.sum(axis=0) == 1).all()
    assert {group.questions[0].column for group in groups} == {1}
    assert min(group.holds(columns).sum() for group in groups) >= 30


def test_a_difference_behind_another_one_is_found_though_the_first_question_alone_tells_little() -> None:
    rng = np.random.default_rng(5)
    columns = rng.integers(0, 2, size=(800, 2)).astype(float)
    outcome = (columns[:, 0] * columns[:, 1]) + rng.normal(scale=0.2, size=800)
    both = [group for group in grow_groups(columns, outcome, depth=2, least=30) if len(group.questions) == 2]
    won = max(both, key=lambda group: float(outcome[group.holds(columns)].mean()))
    assert {(one.column, one.above) for one in won.questions} == {(0, True), (1, True)}


def test_of_two_columns_that_say_the_same_the_first_is_asked_in_whatever_order_the_units_come() -> None:
    rng = np.random.default_rng(7)
    one = rng.integers(0, 2, size=300).astype(float)
    columns = np.column_stack([one, 1 - one, one])
    outcome = one + rng.normal(scale=0.3, size=300)
    for _ in range(20):
        order = rng.permutation(300)
        groups = grow_groups(columns[order], outcome[order], depth=2, least=40)
        assert {question.column for group in groups for question in group.questions} == {0}


def test_units_that_are_all_alike_or_too_few_are_one_group() -> None:
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(100, 2))
    assert [group.questions for group in grow_groups(columns, np.ones(100), depth=3, least=10)] == [()]
    assert [group.questions for group in grow_groups(columns, columns[:, 0], depth=3, least=51)] == [()]
    assert [group.questions for group in grow_groups(np.ones((100, 2)), columns[:, 0], depth=3, least=10)] == [()]
