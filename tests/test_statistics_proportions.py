"""Shares, differences of shares and sample sizes against libraries, formulas written twice, and simulations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from processminer.statistics.proportions import (
    Stratum,
    needed_units,
    newcombe,
    normal_quantile,
    pooled_difference,
    wilson,
)

counts = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
strata = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).flatmap(
        lambda sizes: st.builds(
            Stratum,
            n1=st.just(sizes[0]),
            k1=st.integers(0, sizes[0]),
            n0=st.just(sizes[1]),
            k0=st.integers(0, sizes[1]),
        )
    ),
    min_size=1,
    max_size=8,
)


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


def _plainly_pooled(many: list[Stratum]) -> tuple[float, float] | None:
    top = bottom = linear = constant = 0.0
    for s in many:
        n = s.n1 + s.n0
        if s.n1 == 0 or s.n0 == 0:
            continue
        top += (s.k1 * s.n0 - s.k0 * s.n1) / n
        bottom += s.n1 * s.n0 / n
        linear += (s.n1 * s.n1 * s.k0 - s.n0 * s.n0 * s.k1 + 0.5 * s.n1 * s.n0 * (s.n0 - s.n1)) / (n * n)
        constant += (s.k1 * (s.n0 - s.k0) + s.k0 * (s.n1 - s.k1)) / (2 * n)
    return (top / bottom, (top / bottom * linear + constant) / bottom**2) if bottom else None


@given(strata)
def test_the_pooled_difference_is_what_the_formulas_say(many):
    plain = _plainly_pooled(many)
    found = pooled_difference(many)
    if plain is None:
        assert found is None
        return
    assert found is not None
    assert found.estimate == pytest.approx(plain[0], abs=1e-12)
    assert -1 <= found.low <= found.estimate <= found.high <= 1
    if plain[1] > 1e-9 and found.low > -1 and found.high < 1:
        assert found.high - found.low == pytest.approx(2 * normal_quantile(0.95) * math.sqrt(plain[1]))


@given(strata)
def test_exchanging_the_arms_turns_the_pooled_difference_round(many):
    found = pooled_difference(many)
    turned = pooled_difference([Stratum(s.n0, s.k0, s.n1, s.k1) for s in many])
    if found is None or turned is None:
        assert found is turned
        return
    assert (turned.estimate, turned.low, turned.high) == pytest.approx(
        (-found.estimate, -found.high, -found.low), abs=1e-9
    )


def test_arms_in_which_nobody_won_leave_the_difference_wide_open():
    found = pooled_difference([Stratum(10, 0, 10, 0), Stratum(5, 0, 20, 0)])
    assert found == newcombe(0, 15, 0, 30)
    assert found is not None
    assert found.high - found.low > 0.2


def test_strata_in_which_all_ended_alike_differ_in_nothing():
    found = pooled_difference([Stratum(1, 0, 2, 0), Stratum(1, 1, 1, 1)])
    assert found is not None
    assert found.estimate == 0.0
    assert found.low < -0.2
    assert found.high > 0.2


def test_one_stratum_is_the_crude_difference():
    found = pooled_difference([Stratum(200, 80, 100, 25)])
    assert found is not None
    assert found.estimate == pytest.approx(0.15)


def _coverage(*, runs: int, sizes: tuple[int, int], strata: int, seed: int) -> float:
    random = np.random.default_rng(seed)
    hits = 0
    for _ in range(runs):
        base = random.uniform(0.1, 0.6, strata)
        n1, n0 = (random.integers(1, size + 1, strata) for size in sizes)
        k1, k0 = random.binomial(n1, base + 0.1), random.binomial(n0, base)
        found = pooled_difference([Stratum(*map(int, row)) for row in zip(n1, k1, n0, k0, strict=True)])
        assert found is not None
        hits += found.low <= 0.1 <= found.high
    return hits / runs


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sizes", "strata"), [((300, 200), 3), ((4, 4), 150)], ids=["a few large strata", "many thin strata"]
)
def test_the_pooled_limits_cover_a_planted_difference(sizes, strata):
    # 99 % binomial band around 95 % for 1,500 runs is 93.5 to 96.4 %.
    assert 0.93 <= _coverage(runs=1500, sizes=sizes, strata=strata, seed=7) <= 0.97


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
        found = pooled_difference([Stratum(arm, int(one), arm, int(other))])
        assert found is not None
        seen += found.low > 0
    assert 0.77 <= seen / 1500 <= 0.83
