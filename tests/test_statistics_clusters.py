"""Differences with clusters: against an ordinary regression by statsmodels, and against planted truths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS

from processminer.statistics.clusters import Cells, between_share, clustered_difference
from processminer.statistics.proportions import Stratum, pooled_difference

Unit = tuple[int, int, int, int]
"""Stratum, cluster, arm, event."""

units = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=60
)


def cells_of(rows: list[Unit]) -> Cells:
    """Count equal units together."""
    combinations, counts = np.unique(np.array([row[:3] for row in rows]), axis=0, return_counts=True)
    won = [sum(row[3] for row in rows if row[:3] == tuple(kind)) for kind in combinations.tolist()]
    stratum, cluster = (np.unique(combinations[:, column], return_inverse=True)[1] for column in (0, 1))
    return Cells(stratum, cluster, combinations[:, 2], counts, np.array(won))


@given(units)
def test_the_clustered_estimate_is_the_mantel_haenszel_one(rows):
    strata = [
        Stratum(
            *(sum(row[0] == s and row[2] == arm and row[3] >= won for row in rows) for arm in (1, 0) for won in (0, 1))
        )
        for s in range(3)
    ]
    pooled, clustered = pooled_difference(strata), clustered_difference(cells_of(rows))
    if pooled is None:
        assert clustered is None
    else:
        assert clustered is not None
        assert clustered.estimate == pytest.approx(pooled.estimate, abs=1e-12)
        assert -1 <= clustered.low <= clustered.estimate <= clustered.high <= 1


def test_the_limits_are_those_of_a_regression_with_clustered_errors():
    random = np.random.default_rng(2)
    rows = [tuple(row) for row in np.stack([random.integers(0, top, 400) for top in (3, 8, 2, 2)], axis=1).tolist()]
    found = clustered_difference(cells_of(rows))
    stratum, cluster, arm, event = np.array(rows).T
    design = np.column_stack([arm, *(stratum == s for s in range(3))]).astype(float)
    fit = OLS(event.astype(float), design).fit(
        cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False, "df_correction": False}
    )
    assert found is not None
    assert found.estimate == pytest.approx(fit.params[0], abs=1e-10)
    # 2.446912 is the 97.5 % quantile of Student's t with 8 - 2 degrees of freedom.
    error = (found.high - found.low) / 2 / 2.446912 / np.sqrt(8 / 7)
    assert error == pytest.approx(fit.bse[0], rel=1e-6)


def test_two_clusters_tell_nothing():
    found = clustered_difference(cells_of([(0, 0, 1, 1)] * 50 + [(0, 1, 0, 0)] * 50))
    assert found is not None
    assert (found.estimate, found.low, found.high) == (1.0, -1.0, 1.0)


def test_a_choice_that_each_cluster_makes_alike_lies_between_them():
    assert between_share(cells_of([(0, owner, owner % 2, 0) for owner in range(6)] * 20)) == pytest.approx(1, abs=0.01)


def test_a_choice_that_chance_makes_does_not_lie_between_many_small_clusters():
    random = np.random.default_rng(5)
    rows = [(0, unit // 4, int(random.integers(2)), 0) for unit in range(2000)]
    assert between_share(cells_of(rows)) < 0.1


@pytest.mark.parametrize("rows", [[(0, 0, 1, 1)], [(0, 0, 1, 0), (0, 1, 0, 0)]], ids=["one arm", "one unit each"])
def test_too_few_units_decide_nothing_between_clusters(rows):
    assert between_share(cells_of(rows)) == 0.0


def _practice_by_owner(seed: int, runs: int) -> list[tuple[bool, bool]]:
    """Twelve owners, each doing it always or never, differ in skill; doing it changes nothing."""
    random = np.random.default_rng(seed)
    covered = []
    for _ in range(runs):
        skill = np.clip(random.normal(0.3, 0.12, 12), 0.05, 0.9)
        arm = random.permutation(np.arange(12) % 2)
        won = random.binomial(60, skill)
        cells = Cells(np.zeros(12, dtype=int), np.arange(12), arm, np.full(12, 60), won)
        counted = clustered_difference(cells)
        naive = pooled_difference([Stratum(360, int(won[arm == 1].sum()), 360, int(won[arm == 0].sum()))])
        assert counted is not None
        assert naive is not None
        covered.append((counted.low <= 0 <= counted.high, naive.low <= 0 <= naive.high))
    return covered


@pytest.mark.slow
def test_limits_that_count_owners_hold_where_limits_that_count_deals_fail():
    clustered, naive = np.mean(_practice_by_owner(seed=9, runs=1000), axis=0)
    assert 0.93 <= clustered <= 0.975
    assert naive < 0.7
