"""The log-rank test says what another program's says, within strata too, and finds nothing where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from processminer.statistics.log_rank import LogRank, log_rank

Floats = NDArray[np.float64]


def units(seed: int, many: int = 120, groups: int = 3) -> tuple[Floats, Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    days, left = rng.integers(1, 12, many).astype(float), (rng.random(many) < 0.7).astype(float)
    return days, left, rng.integers(0, groups, many).astype(float), rng.integers(0, 2, many).astype(float)


def tables(days: Floats, left: Floats, group: Floats, stratum: Floats) -> list[tuple[Floats, Floats]]:
    at, kinds = np.unique(days), np.unique(group)
    found = []
    for one in np.unique(stratum):
        mine = stratum == one
        exits = [[((days == t) & (group == g) & mine & (left > 0)).sum() for g in kinds] for t in at]
        there = [[((days >= t) & (group == g) & mine).sum() for g in kinds] for t in at]
        found.append((np.array(exits, dtype=float), np.array(there, dtype=float)))
    return found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("groups", [2, 3, 4])
def test_it_is_the_stratified_test_of_statsmodels(seed: int, groups: int) -> None:
    from statsmodels.duration.survfunc import survdiff

    days, left, group, stratum = units(seed, groups=groups)
    statistic, p = survdiff(days, left, group, strata=stratum)
    told = log_rank(tables(days, left, group, stratum))
    assert told is not None
    assert (told.statistic, told.freedom, told.p) == pytest.approx((statistic, groups - 1, p))
    plain = log_rank(tables(days, left, group, np.zeros_like(days)))
    assert plain is not None
    assert (plain.statistic, plain.p) == pytest.approx(survdiff(days, left, group))


def test_alike_groups_differ_in_one_of_twenty_logs() -> None:
    told = [log_rank(tables(*units(seed))) for seed in range(200)]
    found = sum(one is not None and one.p <= 0.05 for one in told)
    # One in twenty of 200, but for one case in a hundred.
    assert 3 <= found <= 19


def test_one_group_alone_is_not_compared() -> None:
    days, left, _, stratum = units(1)
    assert log_rank(tables(days, left, np.zeros_like(days), stratum)) is None
    assert log_rank([]) is None
    # A group that nobody left while another was there says nothing.
    assert log_rank([(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]]))]) is None


def test_groups_that_leave_at_once_and_never_are_told_apart() -> None:
    exits = np.array([[30.0, 0.0], [0.0, 0.0]])
    told = log_rank([(exits, np.array([[30.0, 30.0], [0.0, 30.0]]))])
    assert isinstance(told, LogRank)
    assert told.p < 1e-9
