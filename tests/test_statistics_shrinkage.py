"""Groups drawn towards each other: no farther than they are known, and nearer to the truth than each by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processminer.statistics.estimated import Estimated
from processminer.statistics.shrinkage import shrunk

estimates = st.lists(
    st.builds(Estimated, st.floats(-1, 1), st.floats(0.01, 0.5), st.just(math.inf)), min_size=2, max_size=12
)


@given(estimates)
def test_each_group_lies_between_what_it_shows_itself_and_what_all_show(told):
    found = shrunk(told)
    low, high = min(one.value for one in told), max(one.value for one in told)
    assert len(found.groups) == len(told)
    for own, drawn in zip(told, found.groups, strict=True):
        assert low - 1e-9 <= drawn.value <= high + 1e-9
        assert 0 < drawn.error <= own.error * (1 + 1e-9)
    assert 0 <= found.p_value <= 1


def test_groups_that_agree_become_one_and_groups_that_differ_stay_apart():
    same = shrunk([Estimated(0.1, 0.05, math.inf)] * 4)
    assert (same.spread, [round(one.value, 9) for one in same.groups]) == (0.0, [0.1] * 4)
    assert same.p_value == pytest.approx(1)
    apart = shrunk([Estimated(-0.5, 0.01, math.inf), Estimated(0.5, 0.01, math.inf)])
    assert [round(one.value, 2) for one in apart.groups] == [-0.5, 0.5]
    assert apart.p_value < 1e-6


def test_what_groups_are_said_to_be_is_nearer_to_the_truth_and_within_its_limits():
    random = np.random.default_rng(4)
    raw = drawn = inside = many = 0
    for _ in range(300):
        true, error = random.normal(0.05, 0.04, 8), random.uniform(0.03, 0.1, 8)
        seen = random.normal(true, error)
        found = shrunk([Estimated(float(a), float(b), math.inf) for a, b in zip(seen, error, strict=True)]).groups
        raw += ((seen - true) ** 2).sum()
        drawn += sum((one.value - t) ** 2 for one, t in zip(found, true, strict=True))
        inside += sum(one.interval().low <= t <= one.interval().high for one, t in zip(found, true, strict=True))
        many += 8
    assert drawn < 0.6 * raw
    assert 0.85 <= inside / many <= 0.98


def test_one_group_has_nothing_to_be_drawn_to():
    with pytest.raises(ValueError, match="1 groups"):
        shrunk([Estimated(0.1, 0.1, math.inf)])
