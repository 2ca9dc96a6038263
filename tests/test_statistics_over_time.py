"""Change points, rates, spreads of groups and slopes of rates: against libraries, dull counts and planted truths."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from processminer.statistics.between_groups import between_groups
from processminer.statistics.change_point import LEAST, mean_change, share_change
from processminer.statistics.exit_rates import RateCells, rate_slope
from processminer.statistics.rates import rate_ratio

series = st.lists(
    st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=4, max_size=20
)


def plain_ratio(k1: int, n1: int, k2: int, n2: int) -> float:
    """Twice the log of how much likelier two shares are than one."""

    def log_chance(k: int, n: int, share: float) -> float:
        return sum(count * np.log(of) for count, of in ((k, share), (n - k, 1 - share)) if count)

    both = (k1 + k2) / (n1 + n2)
    apart = log_chance(k1, n1, k1 / n1) + log_chance(k2, n2, k2 / n2)
    return 2 * (apart - log_chance(k1, n1, both) - log_chance(k2, n2, both))


@given(series)
def test_the_change_found_is_the_split_that_a_dull_loop_finds(periods):
    told = [at for at, (_, n) in enumerate(periods) if n]
    found = share_change(*zip(*periods, strict=True), shuffles=19)
    if len(told) < 2 * LEAST:
        assert found is None
        return
    scores = {}
    for split in range(LEAST, len(told) - LEAST + 1):
        sides = [[periods[at] for at in told[:split]], [periods[at] for at in told[split:]]]
        counts = [sum(one[part] for one in side) for side in sides for part in (0, 1)]
        scores[told[split]] = plain_ratio(*counts)
    assert scores[found.at] == pytest.approx(max(scores.values()), abs=1e-9)
    before = [one for one in periods[: found.at] if one[1]]
    assert found.before == pytest.approx(sum(k for k, _ in before) / sum(n for _, n in before))
    assert 0 < found.p <= 1


def test_a_mean_that_doubles_is_found_where_it_does():
    values = [10, 11, 9, 10, 10, 11, 20, 21, 19, 20]
    found = mean_change(values, [5] * 10)
    assert (found.at, found.before, found.after) == (6, pytest.approx(61 / 6), 20.0)
    assert found.p < 0.02
    assert mean_change([1, 2, 3], [1, 1, 1]) is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_ratio_of_rates_has_the_limits_of_an_exact_binomial_test(one, other):
    found = rate_ratio(one, other)
    if one + other == 0:
        assert found.p == 1.0
        return
    exact = stats.binomtest(one, one + other, 0.5).proportion_ci(0.95, "exact")
    assert found.ratio.low == pytest.approx(exact.low / (1 - exact.low))
    assert found.ratio.high == pytest.approx(exact.high / (1 - exact.high) if exact.high < 1 else np.inf)
    assert found.p == pytest.approx(stats.binomtest(one, one + other, 0.5).pvalue)


def test_counts_below_nothing_are_refused():
    with pytest.raises(ValueError, match="not two counts"):
        rate_ratio(-1, 3)


@given(
    st.lists(st.integers(1, 50).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=15)
)
def test_the_test_of_groups_is_pearsons_and_shrunk_shares_lie_between(groups):
    k, n = (np.array(column) for column in zip(*groups, strict=True))
    found = between_groups(k, n)
    if not 0 < k.sum() < n.sum():
        assert found is None
        return
    chi = stats.chi2_contingency([k, n - k], correction=False)
    assert found.p == pytest.approx(chi.pvalue, abs=1e-9)
    assert 0 <= found.not_chance < 1
    assert (found.variance == 0) == (chi.statistic <= len(n) - 1 + 1e-9)
    for one, raw in zip(found.shrunk, k / n, strict=True):
        assert min(raw, found.share) - 1e-9 <= one.estimate <= max(raw, found.share) + 1e-9
        assert one.low <= one.estimate <= one.high


def test_the_spread_between_groups_is_found_and_shrinking_pays():
    random = np.random.default_rng(6)
    found, raw_error, shrunk_error = [], [], []
    for _ in range(60):
        true = random.beta(6, 14, 40)  # a standard deviation of 0.1
        n = random.integers(4, 40, 40)
        k = random.binomial(n, true)
        spread = between_groups(k, n)
        found.append(spread.variance)
        raw_error.append(np.mean((k / n - true) ** 2))
        shrunk_error.append(np.mean((np.array([one.estimate for one in spread.shrunk]) - true) ** 2))
    assert np.mean(found) == pytest.approx(0.01, rel=0.15)
    assert np.sqrt(np.mean(shrunk_error)) < 0.8 * np.sqrt(np.mean(raw_error))


def random_cells(random: np.random.Generator, many: int = 300) -> RateCells:
    kind, group = random.integers(0, 4, many), random.integers(0, 9, many)
    quantity, exposure = random.normal(0, 1, many), random.uniform(0.5, 20, many)
    rate = 0.2 * np.exp(-0.4 * quantity + 0.3 * kind - 0.1 * group)
    return RateCells(random.poisson(rate * exposure).astype(float), exposure, quantity, kind, group)


def test_the_slope_of_a_rate_is_that_of_statsmodels_with_a_column_for_each_level():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import statsmodels.api as sm
    for seed in range(20):
        cells = random_cells(np.random.default_rng(seed))
        levels = [np.eye(level.max() + 1)[level][:, 1:] for level in (cells.kind, cells.group)]
        design = np.column_stack([cells.quantity, np.ones(len(cells.events)), *levels])
        fitted = sm.GLM(cells.events, design, family=sm.families.Poisson(), exposure=cells.exposure).fit(tol=1e-12)
        found = rate_slope(cells)
        assert found.slope.estimate == pytest.approx(fitted.params[0], abs=1e-7)
        assert (found.slope.low, found.slope.high) == pytest.approx(tuple(fitted.conf_int()[0]), abs=1e-5)
        assert found.p == pytest.approx(fitted.pvalues[0], abs=1e-6)


def test_where_the_quantity_does_not_vary_within_groups_there_is_no_slope():
    group = np.repeat(np.arange(5), 4)
    ones = np.ones(20)
    assert rate_slope(RateCells(ones, ones, group * 1.0, np.zeros(20, int), group)) is None
    assert rate_slope(RateCells(0 * ones, ones, group * 1.0, np.zeros(20, int), group)) is None
