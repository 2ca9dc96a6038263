"""Differences with clusters: against an ordinary regression by statsmodels, and against planted truths."""

from __future__ import annotations

import numpy as np
import pytest

from processminer.statistics.clusters import Cells, between_share

Unit = tuple[int, int, int, int]
"""Stratum, cluster, arm, event."""


def cells_of(rows: list[Unit]) -> Cells:
    """Count equal units together."""
    combinations, counts = np.unique(np.array([row[:3] for row in rows]), axis=0, return_counts=True)
    won = [sum(row[3] for row in rows if row[:3] == tuple(kind)) for kind in combinations.tolist()]
    stratum, cluster = (np.unique(combinations[:, column], return_inverse=True)[1] for column in (0, 1))
    return Cells(stratum, cluster, combinations[:, 2], counts, np.array(won))


def test_a_choice_that_each_cluster_makes_alike_lies_between_them():
    assert between_share(cells_of([(0, owner, owner % 2, 0) for owner in range(6)] * 20)) == pytest.approx(1, abs=0.01)


def test_a_choice_that_chance_makes_does_not_lie_between_many_small_clusters():
    random = np.random.default_rng(5)
    rows = [(0, unit // 4, int(random.integers(2)), 0) for unit in range(2000)]
    assert between_share(cells_of(rows)) < 0.1


@pytest.mark.parametrize("rows", [[(0, 0, 1, 1)], [(0, 0, 1, 0), (0, 1, 0, 0)]], ids=["one arm", "one unit each"])
def test_too_few_units_decide_nothing_between_clusters(rows):
    assert between_share(cells_of(rows)) == 0.0
