"""Corrected p-values, against statsmodels and against the interval they are read off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from processminer.statistics.interval import Interval
from processminer.statistics.multiplicity import adjusted_p_values, chance_above

shares = st.floats(0, 1)


@given(st.lists(shares, min_size=1, max_size=30))
def test_corrected_p_values_are_those_of_statsmodels(p_values: list[float]) -> None:
    assert adjusted_p_values(p_values) == pytest.approx(multipletests(p_values, method="fdr_bh")[1])


def test_nothing_tested_needs_no_correction() -> None:
    assert adjusted_p_values([]) == ()


@given(st.floats(-0.5, 0.5), st.floats(0.001, 0.3), st.floats(-0.5, 0.5))
def test_a_bound_above_the_upper_limit_is_refuted_at_the_level_of_the_interval(
    estimate: float, half: float, bound: float
) -> None:
    interval = Interval(estimate, estimate - half, estimate + half)
    assert chance_above(interval, interval.high) == pytest.approx(0.025)
    if abs(bound - interval.high) > 1e-9:
        assert (chance_above(interval, bound) < 0.025) == (bound > interval.high)


def test_an_interval_without_width_refutes_what_lies_above_it() -> None:
    point = Interval(0.1, 0.1, 0.1)
    assert (chance_above(point, 0.2), chance_above(point, 0.1)) == (0.0, 1.0)
