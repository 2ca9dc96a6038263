"""Curves and means of times seen in part: against statsmodels, against dull Python, and against planted truths."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from processminer.statistics.survival import (
    RiskTable,
    horizon,
    incidence,
    incidence_curves,
    quantile,
    restricted_mean,
    risk_table,
    survival,
    survival_limits,
)

CAUSES = 2

Unit = tuple[int, int, int]
"""Time last seen, cause it left to (0: not left), time it came under observation (-1: from the start)."""

punctual = st.lists(st.tuples(st.integers(0, 12), st.integers(0, CAUSES), st.just(-1)), min_size=1, max_size=60)
delayed = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, CAUSES), st.integers(-1, 11)).filter(lambda unit: unit[2] < unit[0]),
    min_size=1,
    max_size=60,
)


def table_of(units: list[Unit]) -> RiskTable:
    at = sorted({time for time, _, _ in units} | {came for _, _, came in units if came >= 0})
    gone = Counter((time, cause) for time, cause, _ in units)
    came = Counter(came for _, _, came in units)
    return risk_table(
        at,
        [[gone[time, cause] for cause in range(1, CAUSES + 1)] for time in at],
        [gone[time, 0] for time in at],
        [came[time] for time in at],
    )


def plainly_staying(units: list[Unit], until: float) -> float:
    """Multiply up who stays, one time after the other."""
    share = 1.0
    for time in sorted({time for time, cause, _ in units if cause}):
        if time <= until:
            at_risk = sum(came < time <= last for last, _, came in units)
            left = sum(last == time and cause > 0 for last, cause, _ in units)
            share *= 1 - left / at_risk
    return share


def plainly_left(units: list[Unit], cause: int, until: float) -> float:
    """Add up who leaves to one cause, one time after the other."""
    share = 0.0
    for time in sorted({time for time, why, _ in units if why == cause}):
        if time <= until:
            at_risk = sum(came < time <= last for last, _, came in units)
            left = sum(last == time and why == cause for last, why, _ in units)
            share += plainly_staying(units, time - 0.5) * left / at_risk
    return share


@given(st.one_of(punctual, delayed))
def test_the_curve_equals_a_plain_product(units):
    table = table_of(units)
    plain = [plainly_staying(units, time) for time in table.at]
    assert survival(table) == pytest.approx(plain, abs=1e-12)


@given(st.one_of(punctual, delayed))
def test_ends_and_staying_share_out_every_unit(units):
    table = table_of(units)
    curves, _ = incidence_curves(table)
    assert curves.sum(axis=1) + survival(table) == pytest.approx(np.ones(len(table.at)), abs=1e-12)
    for cause in range(1, CAUSES + 1):
        assert curves[:, cause - 1] == pytest.approx([plainly_left(units, cause, time) for time in table.at], abs=1e-12)


@given(st.one_of(punctual, delayed))
def test_the_restricted_mean_is_the_area_under_a_plain_curve(units):
    table = table_of(units)
    for tau in {horizon(table), 3.5}:
        found = restricted_mean(table, tau)
        steps = sorted({0.0, tau, *(time for time in table.at if time < tau)})
        area = sum(plainly_staying(units, left) * (right - left) for left, right in itertools.pairwise(steps))
        assert found.estimate == pytest.approx(area, abs=1e-9)
        assert 0 <= found.low <= found.estimate + 1e-12
        assert found.estimate <= found.high + 1e-12
        assert found.high <= tau + 1e-12


@given(st.one_of(punctual, delayed))
def test_the_curve_and_its_error_are_those_of_statsmodels(units):
    table = table_of(units)
    times, causes, came = (np.array(column) for column in zip(*units, strict=True))
    if not causes.any():
        return
    oracle = SurvfuncRight(times, (causes > 0).astype(int), entry=came)
    where = np.isin(table.at, oracle.surv_times)
    assert survival(table)[where] == pytest.approx(oracle.surv_prob, abs=1e-9)
    low, high = survival_limits(table)
    for share, error, lower, upper in zip(oracle.surv_prob, oracle.surv_prob_se, low[where], high[where], strict=True):
        if 1e-9 < share < 1 - 1e-9:
            width = 1.959963984540054 * error / abs(share * math.log(share))
            assert (lower, upper) == pytest.approx((share ** math.exp(width), share ** math.exp(-width)), abs=1e-9)


@given(punctual)
def test_competing_ends_and_their_errors_are_those_of_statsmodels(units):
    table = table_of(units)
    times, causes, _ = (np.array(column) for column in zip(*units, strict=True))
    if not causes.any():
        return
    with np.errstate(all="ignore"):
        oracle = CumIncidenceRight(times, causes)
    curves, errors = incidence_curves(table)
    for cause, (share, error) in enumerate(zip(oracle.cinc, oracle.cinc_se, strict=True)):
        assert curves[:, cause] == pytest.approx(share, abs=1e-9)
        # statsmodels gives no number once all have left, and the root of a rounding error where nothing varies.
        finite = np.isfinite(error)
        assert errors[finite, cause] ** 2 == pytest.approx(error[finite] ** 2, abs=1e-9)


@given(st.one_of(punctual, delayed), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))
def test_a_quantile_is_the_first_time_by_which_so_many_have_left(units, share):
    table = table_of(units)
    plain = next((time for time in table.at if plainly_staying(units, time) <= 1 - share + 1e-9), None)
    found = quantile(table, share)
    assert found.at == plain
    if found.at is not None:
        assert found.low is not None
        assert found.low <= found.at
        assert found.high is None or found.high >= found.at


@given(st.one_of(punctual, delayed), st.integers(2, 5))
def test_more_of_the_same_units_change_no_estimate_and_widen_no_limit(units, times):
    table, more = table_of(units), table_of(units * times)
    assert survival(more) == pytest.approx(survival(table))
    tau = min(horizon(table), horizon(more))
    one, many = restricted_mean(table, tau), restricted_mean(more, tau)
    assert many.estimate == pytest.approx(one.estimate)
    assert many.high - many.low <= one.high - one.low + 1e-9


def test_a_curve_that_nobody_leaves_reaches_no_quantile():
    table = risk_table([1.0, 2.0], [[0], [0]], [3, 4])
    assert quantile(table, 0.1).at is None
    assert survival(table).tolist() == [1.0, 1.0]


def test_an_end_that_was_never_seen_may_still_come():
    table = risk_table([1.0, 2.0], [[50, 0], [0, 0]], [0, 50])
    seen, unseen = incidence(table, 2.0)
    assert seen.estimate == pytest.approx(0.5)
    assert (unseen.estimate, unseen.low) == (0.0, 0.0)
    # The rule of three: 3 of 100.
    assert unseen.high == pytest.approx(1 - 0.05 ** (1 / 100))


def test_units_censored_early_do_not_count_as_proof_that_an_end_never_comes():
    table = risk_table([1.0, 9.0], [[0, 0], [10, 0]], [900, 90])
    assert incidence(table, 9.0)[1].high == pytest.approx(1 - 0.05 ** (1 / 100))


def test_an_end_that_all_took_may_still_be_missed():
    assert incidence(risk_table([1.0], [[20]], [0]), 1.0)[0].low == pytest.approx(0.05 ** (1 / 20))


def test_a_single_unit_proves_little():
    found = restricted_mean(risk_table([8.0], [[1]], [0]), 8.0)
    assert (found.estimate, found.low, found.high) == (8.0, pytest.approx(0.4), 8.0)


def test_an_empty_table_has_no_horizon():
    table = risk_table([], np.empty((0, 2)), [])
    assert horizon(table) == 0.0
    assert restricted_mean(table, 0.0).estimate == 0.0
    assert [found.high for found in incidence(table, 0.0)] == pytest.approx([0.95, 0.95])


@pytest.mark.parametrize(
    ("leaving", "reached"), [([1] * 1000, 980.0), ([1] * 100, 90.0), ([1] * 5, 4.0)], ids=["1000", "100", "5"]
)
def test_the_horizon_keeps_twenty_at_risk_or_a_tenth_of_a_small_group(leaving, reached):
    table = risk_table(np.arange(len(leaving)), [[n] for n in leaving], [0] * len(leaving))
    assert horizon(table) == reached
    assert horizon(table, limit=3.0) == 3.0


def test_more_leaving_than_there_are_is_refused():
    with pytest.raises(ValueError, match="more units leave"):
        risk_table([1.0, 2.0], [[2], [1]], [0, 0], [0, 1])


def test_times_out_of_order_are_refused():
    with pytest.raises(ValueError, match="must ascend"):
        risk_table([2.0, 1.0], [[1], [1]], [0, 0])


def _binned(times: np.ndarray, cause: np.ndarray, late: np.ndarray) -> RiskTable:
    """Count on a day grid, each day standing for its middle."""
    last, came = np.floor(times).astype(int), np.floor(late).astype(int)
    days = int(last.max()) + 1
    seen = last > came
    exits = np.stack([np.bincount(last[seen & (cause == k)], minlength=days) for k in (1, 2)], axis=1)
    censored = np.bincount(last[seen & (cause == 0)], minlength=days)
    entries = np.bincount(came[seen & (came >= 0)], minlength=days)
    return risk_table(np.arange(days) + 0.5, exits, censored, entries)


TRUE_DAYS = {1: 54.0, 2: 72.0}
"""Mean days to either end, exponential and independent: 4 of 7 that leave go to the first, at any time."""


def _logs(*, runs: int, seed: int, days: int, started_before: int = 0, heed_late: bool = True) -> list[RiskTable]:
    """Play logs of 400 deals that begin until their last day, some before the first one and seen only from then on."""
    random = np.random.default_rng(seed)
    tables = []
    for _ in range(runs):
        begun = random.uniform(-started_before, days, 400)
        ends = np.stack([random.exponential(mean, 400) for mean in TRUE_DAYS.values()])
        left = ends.min(axis=0)
        there = begun + left > 0
        cause = np.where(begun + left < days, ends.argmin(axis=0) + 1, 0)
        seen = np.minimum(left, days - begun)
        late = np.where((begun < 0) & heed_late, -begun, -1.0)
        tables.append(_binned(seen[there], cause[there], late[there]))
    return tables


def _coverage(tables: list[RiskTable]) -> tuple[float, float]:
    rate = sum(1 / mean for mean in TRUE_DAYS.values())
    tau = 50.5
    mean = (1 - math.exp(-rate * tau)) / rate
    share = (1 - math.exp(-rate * 51)) / TRUE_DAYS[1] / rate
    means = [restricted_mean(table, tau) for table in tables]
    shares = [incidence(table, tau)[0] for table in tables]
    return (
        sum(found.low <= mean <= found.high for found in means) / len(tables),
        sum(found.low <= share <= found.high for found in shares) / len(tables),
    )


@pytest.mark.slow
def test_limits_hold_when_a_year_long_log_is_full_of_open_deals():
    for covered in _coverage(_logs(runs=1500, seed=3, days=365)):
        assert 0.93 <= covered <= 0.97


@pytest.mark.slow
def test_limits_hold_when_the_log_begins_in_the_middle_of_the_deals():
    for covered in _coverage(_logs(runs=1500, seed=4, days=120, started_before=90)):
        assert 0.93 <= covered <= 0.97


@pytest.mark.slow
def test_taking_late_comers_for_punctual_ones_would_miss_the_truth():
    assert _coverage(_logs(runs=300, seed=4, days=120, started_before=90, heed_late=False))[0] < 0.5
