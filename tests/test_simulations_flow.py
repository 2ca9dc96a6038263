"""Forecasts, gates, what-ifs and bottlenecks do in played worlds what they promise; see `tests.simulations`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.simulations import Outcome, Share, bottlenecks, forecasts, gates, interventions, stopping

SCALE = float(os.environ.get("PROCESSMINER_SIMULATIONS", "1"))
"""So many times as many runs as the ordinary tests make."""


@pytest.mark.slow
@pytest.mark.parametrize(("simulation", "runs"), [(forecasts, 24), (gates, 6), (bottlenecks, 6), (stopping, 10)])
def test_what_is_promised_holds_in_played_worlds(simulation: Callable[[int], Iterator[Outcome]], runs: int) -> None:
    assert [str(one) for one in simulation(round(runs * SCALE)) if not one.holds] == []


@pytest.mark.slow
def test_the_truth_of_a_change_lies_in_its_range() -> None:
    assert [str(one) for one in interventions() if not one.holds] == []


def test_a_share_is_judged_by_what_chance_allows() -> None:
    assert Share("", 20, 24, 0.86, 0.95).holds
    assert not Share("", 15, 24, 0.86, 0.95).holds
    assert not Share("", 200, 200, 0.86, 0.95).holds
    assert not Share("", 155, 200, 0.86, 0.95).holds
    assert Share("", 0, 6, 0.0, 0.1).holds
    assert not Share("", 4, 6, 0.0, 0.1).holds
