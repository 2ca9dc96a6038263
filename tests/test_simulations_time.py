"""What is told of time is what was planted; see `tests.simulations_time`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.simulations import Outcome
from tests.simulations_time import censoring, changes, contentions, late_entry

SCALE = float(os.environ.get("PROCESSMINER_SIMULATIONS", "1"))
"""So many times as many runs as the ordinary tests make."""


@pytest.mark.slow
@pytest.mark.parametrize(("simulation", "runs"), [(censoring, 50), (late_entry, 40), (changes, 100), (contentions, 30)])
def test_what_was_planted_is_found(simulation: Callable[[int], Iterator[Outcome]], runs: int) -> None:
    assert [str(one) for one in simulation(round(runs * SCALE)) if not one.holds] == []
