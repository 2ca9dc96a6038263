"""How long it pays to wait, against the dullest count of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.statistics.semi_markov import Kernel, reached
from processminer.statistics.stopping import coarser, promise
from tests.test_statistics_semi_markov import random_kernel


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 0.5), st.integers(0, 6), st.integers(1, 6))
def test_an_index_is_the_best_of_all_moments_to_stop(seed: int, left: float, age: int, ahead: int) -> None:
    one = random_kernel(seed, states=2, left=left)
    ticks = one.ticks - 1
    told = promise(one, np.array([0.3, 0.7]), 0, 7, ahead)
    ends = reached(one, ticks)
    for state in range(2):
        still = 1 - one.exits[state, :, : age + 1].sum()
        best = paid = waited = 0.0
        here = still
        for wait in range(1, ahead + 1):
            leaves = one.exits[state, :, age + wait] if age + wait < one.ticks else np.zeros(4)
            paid += leaves[2] + sum(leaves[to] * ends[to, 0, ticks] for to in range(2))
            for to in range(2):
                alive = 1 - ends[to].sum(axis=0)
                waited += leaves[to] * sum(alive[at] for at in range(ticks))
            waited += here - leaves.sum() / 2
            here -= leaves.sum()
            best = max(best, paid / waited)
        if still > 1e-6:
            assert told.index[state, age] == pytest.approx(best, rel=1e-6, abs=1e-9)
            assert told.chance[state, age] == pytest.approx(paid / still, rel=1e-6, abs=1e-6)


def test_of_an_age_that_no_stay_comes_to_nothing_is_told() -> None:
    exits = np.zeros((1, 3, 5))
    exits[0, 1, 2] = 1.0
    told = promise(Kernel(exits), np.array([1.0]), 0, 5, 4)
    assert np.isnan(told.index[0]).tolist() == [False, False, True, True, True]
    assert told.fresh == pytest.approx(1 / 2)
    # A stay of two steps is waited for to its end or not at all.
    assert told.index[0, :2] == pytest.approx([1 / 1.5, 1 / 0.5])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 30))
def test_fewer_steps_keep_where_stays_lead_and_how_long_they_last(seed: int, points: int) -> None:
    one = random_kernel(seed, ticks=31, left=0.2)
    coarse = coarser(one, points)
    assert coarse.ticks == points + 1
    assert coarse.shares == pytest.approx(one.shares)
    fine, rough = np.arange(31) / 30, np.arange(points + 1) / points
    assert (coarse.exits * rough).sum(axis=-1) == pytest.approx((one.exits * fine).sum(axis=-1))


def test_resamples_are_read_together_as_they_are_alone() -> None:
    kernels = [random_kernel(seed) for seed in (1, 2)]
    starts = np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]])
    both = promise(Kernel(np.stack([one.exits for one in kernels])), starts, 0, 4, 5)
    for at, one in enumerate(kernels):
        alone = promise(one, starts[at], 0, 4, 5)
        assert both.index[at] == pytest.approx(alone.index)
        assert both.chance[at] == pytest.approx(alone.chance)
        assert both.fresh[at] == pytest.approx(alone.fresh)
