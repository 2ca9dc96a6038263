"""Shares, differences of shares and sample sizes against libraries, formulas written twice, and simulations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from processminer.statistics.proportions import (
    needed_units,
    newcombe,
    wilson,
)

counts = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_a_share_has_the_limits_that_statsmodels_gives_it(pair, level):
    k, n = pair
    found = wilson(k, n, level)
    assert 0 <= found.low <= found.estimate <= found.high <= 1
    if n:
        low, high = proportion_confint(k, n, alpha=1 - level, method="wilson")
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)


def test_a_share_of_none_may_be_anything():
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 3), (4, 3)])
def test_what_is_not_a_share_is_refused(k, n):
    with pytest.raises(ValueError, match="not a share"):
        wilson(k, n)


@given(counts, counts)
def test_a_difference_has_the_limits_that_statsmodels_gives_it(one, other):
    if not one[1] or not other[1]:
        with pytest.raises(ValueError, match="no difference"):
            newcombe(*one, *other)
        return
    found = newcombe(*one, *other)
    low, high = confint_proportions_2indep(*one, *other, method="newcomb", compare="diff")
    assert found.estimate == pytest.approx(one[0] / one[1] - other[0] / other[1])
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(("difference", "total"), [(0.03, 6787), (0.05, 2496), (0.10, 652), (0.15, 299), (0.20, 171)])
def test_the_deals_needed_at_a_win_rate_of_a_quarter_are_the_known_ones(difference, total):
    assert needed_units(0.25, difference) == total


@given(st.floats(0.05, 0.95), st.sampled_from([0.03, 0.05]), st.floats(0.05, 0.5))
def test_unequal_arms_never_need_fewer_units(base, difference, share):
    assert needed_units(base, difference, share) >= needed_units(base, difference) - 1
    assert needed_units(base, difference, share) == needed_units(1 - base, difference, 1 - share)


@pytest.mark.parametrize(("base", "difference", "share"), [(0.25, 0.0, 0.5), (0.5, 0.6, 0.5), (0.25, 0.05, 0.0)])
def test_a_difference_that_cannot_be_is_refused(base, difference, share):
    with pytest.raises(ValueError, match="cannot be seen"):
        needed_units(base, difference, share)


@pytest.mark.slow
def test_the_needed_deals_show_the_difference_four_times_in_five():
    random = np.random.default_rng(11)
    arm = needed_units(0.25, 0.10) // 2
    k1, k0 = random.binomial(arm, 0.35, 1500), random.binomial(arm, 0.25, 1500)
    seen = 0
    for one, other in zip(k1, k0, strict=True):
        found = newcombe(int(one), arm, int(other), arm)
        seen += found.low > 0
    assert 0.77 <= seen / 1500 <= 0.83
