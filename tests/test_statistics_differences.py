"""Differences of changes, jumps of series and restricted means of units, against a second way of counting each."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from processminer.statistics.differences import differences_in_differences
from processminer.statistics.interrupted import jump
from processminer.statistics.pseudo_values import mean_values


def groups(seed: int, size: int = 25, many: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(many), 2 * size)
    after = np.tile(np.repeat([False, True], size), many)
    changed = group % 2 == 0
    outcome = random.normal(0.3 + 0.1 * after + 0.2 * (after & changed), 0.2) + random.normal(0, 0.3, many)[group]
    return outcome, after, changed, group


@pytest.mark.parametrize("seed", range(5))
def test_of_groups_of_equal_size_it_is_the_t_test_of_their_changes(seed: int) -> None:
    outcome, after, changed, group = groups(seed)
    moved = np.array([outcome[(group == g) & after].mean() - outcome[(group == g) & ~after].mean() for g in range(10)])
    expected = stats.ttest_ind(moved[::2], moved[1::2])
    found = differences_in_differences(outcome, after, changed, group)
    assert found is not None
    assert found.change.value == pytest.approx(moved[::2].mean() - moved[1::2].mean())
    assert found.change.p_value == pytest.approx(expected.pvalue)
    assert (found.changed.groups, found.others.groups, found.left_out) == (5, 5, 0)
    assert found.change.value == pytest.approx(
        found.changed.after - found.changed.before - found.others.after + found.others.before
    )


def test_what_changes_for_all_alike_is_no_effect() -> None:
    outcome, after, changed, group = groups(1)
    before = differences_in_differences(outcome, after, changed, group)
    risen = differences_in_differences(outcome + 5 * after, after, changed, group)
    level = differences_in_differences(outcome + group, after, changed, group)
    assert before is not None
    assert risen is not None
    assert level is not None
    assert risen.change.value == pytest.approx(before.change.value)
    assert level.change.value == pytest.approx(before.change.value)


def test_groups_on_one_side_of_the_day_are_left_out_and_counted() -> None:
    outcome, after, changed, group = groups(2)
    kept = ~((group == 4) & after)
    found = differences_in_differences(outcome[kept], after[kept], changed[kept], group[kept])
    assert found is not None
    assert (found.changed.groups, found.left_out) == (4, 25)


def test_with_one_group_on_a_side_nothing_is_told() -> None:
    outcome, after, _, group = groups(3)
    assert differences_in_differences(outcome, after, group == 0, group) is None
    assert differences_in_differences(outcome[after], after[after], group[after] % 2 == 0, group[after]) is None


def test_a_group_chosen_for_its_bad_luck_is_expected_to_recover() -> None:
    random = np.random.default_rng(7)
    group = np.repeat(np.arange(40), 60)
    after = np.tile(np.repeat([False, True], 30), 40)
    outcome = (random.random(len(group)) < 0.3).astype(float)
    before = np.array([outcome[(group == g) & ~after].mean() for g in range(40)])
    worst = np.argsort(before)[:10]
    found = differences_in_differences(outcome, after, np.isin(group, worst), group)
    assert found is not None
    # Nothing was changed: what the groups gain is what was expected of chance alone, to within its error.
    assert found.change.value > 0.05
    assert found.changed.to_the_mean > 0.05
    expected = found.changed.to_the_mean - found.others.to_the_mean
    assert abs(found.change.value - expected) < 3 * found.change.error


def test_groups_on_both_sides_were_not_chosen_for_how_they_stood() -> None:
    outcome, after, _, group = groups(5)
    changed = np.tile([True, False], len(group) // 2)
    found = differences_in_differences(outcome, after, changed, group)
    assert found is not None
    assert (found.changed.groups, found.changed.to_the_mean, found.others.to_the_mean) == (10, 0.0, 0.0)


@pytest.mark.parametrize("seed", range(3))
def test_the_jump_of_a_series_is_that_of_weighted_least_squares(seed: int) -> None:
    random = np.random.default_rng(seed)
    units = random.integers(10, 60, 18).astype(np.float64)
    after = np.arange(18) >= 11
    level = 0.2 + 0.01 * np.arange(18) + 0.1 * after + random.normal(0, 0.03, 18)
    design = sm.add_constant(np.column_stack([np.arange(18), after]))
    expected = sm.WLS(level, design, weights=units).fit()
    found = jump(level, units, after)
    assert found is not None
    assert (found.value, found.error) == (pytest.approx(expected.params[2]), pytest.approx(expected.bse[2]))
    assert found.p_value == pytest.approx(expected.pvalues[2])


def test_a_series_of_few_months_tells_nothing() -> None:
    assert jump(np.ones(7), np.ones(7), np.arange(7) >= 5) is None


def restricted(days: np.ndarray, ended: np.ndarray, horizon: int) -> float:
    total, staying = 0.0, 1.0
    for day in range(1, horizon + 1):
        total += staying
        there = int((days >= day).sum())
        if there:
            staying *= 1 - int(((days == day) & ended).sum()) / there
    return total


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=40), st.integers(1, 25))
def test_values_of_units_average_to_the_restricted_mean(told: list[tuple[int, bool]], horizon: int) -> None:
    days = np.array([one for one, _ in told], dtype=np.int64)
    ended = np.array([one for _, one in told])
    values = mean_values(days, ended, horizon)
    assert values.mean() == pytest.approx(restricted(days, ended, horizon), abs=1e-9)
    everyone = mean_values(days, np.ones_like(ended), horizon)
    assert everyone == pytest.approx(np.minimum(days, horizon).astype(float), abs=1e-9)


def test_a_mean_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="no mean of 0 units"):
        mean_values(np.array([], dtype=np.int64), np.array([], dtype=bool), 5)
