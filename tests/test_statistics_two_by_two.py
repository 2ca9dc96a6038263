# pyright: basic
"""The tests of shares against each other agree with the libraries that statisticians use."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.proportion import proportions_ztest

from processminer.statistics.trend import trend_of_shares
from processminer.statistics.two_by_two import ENOUGH_EXPECTED, shares_differ

SHARES = st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SHARES, SHARES)
def test_few_are_compared_exactly_and_many_by_the_score_test(one: tuple[int, int], other: tuple[int, int]) -> None:
    (k1, n1), (k0, n0) = one, other
    found = shares_differ(k1, n1, k0, n0)
    events, units = k1 + k0, n1 + n0
    if not (n1 and n0 and 0 < events < units):
        assert found == 1.0
        return
    least = min(n1, n0) * min(events, units - events) / units
    if least < ENOUGH_EXPECTED:
        expected = fisher_exact([[k1, n1 - k1], [k0, n0 - k0]])[1]
    else:
        expected = proportions_ztest([k1, k0], [n1, n0])[1]
    assert found == pytest.approx(expected, abs=1e-9)


def test_an_exact_test_of_a_rare_event_among_many_is_quick_and_right() -> None:
    assert shares_differ(4, 400, 20, 99_600) == pytest.approx(fisher_exact([[4, 396], [20, 99_580]])[1], rel=1e-6)


def test_the_two_groups_may_change_places() -> None:
    assert shares_differ(3, 20, 9, 11) == pytest.approx(shares_differ(9, 11, 3, 20))


@pytest.mark.parametrize("counts", [(3, 2, 0, 1), (-1, 2, 0, 1), (0, 1, 2, 1)])
def test_counts_that_are_no_shares_are_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="not two shares"):
        shares_differ(*counts)


PERIODS = st.lists(SHARES.filter(lambda one: one[1] > 0), min_size=2, max_size=8)


@given(PERIODS)
def test_the_trend_is_that_of_cochran_and_armitage(counted: list[tuple[int, int]]) -> None:
    found = trend_of_shares([(float(at), k, n) for at, (k, n) in enumerate(counted)])
    if sum(k for k, _ in counted) in (0, sum(n for _, n in counted)):
        assert found is None
        return
    assert found is not None
    table = np.array([[n - k, k] for k, n in counted])
    ordinal = Table(table, shift_zeros=False).test_ordinal_association(
        row_scores=np.arange(len(counted)), col_scores=np.array([0, 1])
    )
    units = sum(n for _, n in counted)
    # Theirs divides by one unit fewer (Mantel, 1963); the statistic of Cochran and Armitage does not.
    z = ordinal.zscore * math.sqrt(units / (units - 1))
    assert found.p_value == pytest.approx(math.erfc(abs(z) / math.sqrt(2)), abs=1e-9)
    slope = np.polyfit(range(len(counted)), [k / n for k, n in counted], 1, w=[math.sqrt(n) for _, n in counted])[0]
    assert found.slope.estimate == pytest.approx(slope, abs=1e-9)
    assert found.slope.low <= found.slope.estimate <= found.slope.high


@pytest.mark.parametrize("periods", [[], [(1.0, 2, 5)], [(1.0, 0, 5), (2.0, 0, 5)], [(3.0, 1, 4), (3.0, 2, 4)]])
def test_without_two_times_and_something_that_varies_there_is_no_trend(periods: list[tuple[float, int, int]]) -> None:
    assert trend_of_shares(periods) is None
