import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processminer.statistics.pseudo_values import pseudo_values
from processminer.statistics.survival import incidence_curves, risk_table

UNITS = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2)), min_size=2, max_size=40)


def columns(units):
    return np.array([day for day, _ in units]), np.array([cause for _, cause in units])


def share_by_table(days, cause, horizon):
    """The incidence by the other code of the house, which leaves no unit out."""
    at = np.arange(1, int(days.max()) + 1)
    exits = np.array([[((days == day) & (cause == kind)).sum() for kind in (1, 2)] for day in at])
    censored = np.array([((days == day) & (cause == 0)).sum() for day in at])
    curves, _ = incidence_curves(risk_table(at.astype(float), exits, censored))
    return float(curves[min(horizon, len(at)) - 1, 0])


@given(UNITS, st.integers(1, 14))
def test_each_value_is_what_leaving_the_unit_out_takes_away(units, horizon):
    days, cause = columns(units)
    many = len(units)
    whole = share_by_table(days, cause, horizon)
    by_hand = [
        many * whole - (many - 1) * share_by_table(np.delete(days, at), np.delete(cause, at), horizon)
        for at in range(many)
    ]
    found = pseudo_values(days, cause, horizon)
    assert found.share == pytest.approx(whole, abs=1e-12)
    assert found.values == pytest.approx(np.array(by_hand), abs=1e-9)


@given(UNITS, st.integers(1, 14))
def test_where_nobody_is_censored_a_value_says_whether_it_was_won_in_time(units, horizon):
    days, cause = columns(units)
    cause = np.where(cause == 0, 2, cause)
    found = pseudo_values(days, cause, horizon)
    assert found.values == pytest.approx(((cause == 1) & (days <= horizon)).astype(float), abs=1e-9)


def test_values_of_censored_deals_lie_between_and_average_to_the_share_of_those_that_were_followed():
    random = np.random.default_rng(5)
    life, seen = random.integers(1, 100, 4000), random.integers(1, 120, 4000)
    won = random.random(4000) < 0.3
    cause = np.where(life <= seen, np.where(won, 1, 2), 0)
    found = pseudo_values(np.minimum(life, seen), cause, 80)
    assert found.values.mean() == pytest.approx(found.share, abs=1e-3)
    assert found.values.mean() == pytest.approx((won & (life <= 80)).mean(), abs=0.03)
    assert ((found.values > 0.02) & (found.values < 0.9))[(cause == 0) & (seen < 40)].all()


@pytest.mark.parametrize(("days", "horizon"), [([], 5), ([3], 0)])
def test_nothing_is_told_of_no_units_or_no_time(days, horizon):
    with pytest.raises(ValueError, match="no incidence"):
        pseudo_values(np.array(days, dtype=int), np.zeros(len(days), dtype=int), horizon)
