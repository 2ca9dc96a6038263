"""Effects at a decision moment, and of actions at any time, are what was planted; see `tests.simulations_effects`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.simulations import Outcome
from tests.simulations_effects import clusters, confounding, equivalence, necessity, open_deals, random_times
from tests.simulations_grades import (
    dispensable_steps,
    few_deals,
    hidden_heat,
    many_steps,
    nothing_helps,
    small_groups,
)

SCALE = float(os.environ.get("PROCESSMINER_SIMULATIONS", "1"))
"""So many times as many runs as the ordinary tests make."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("simulation", "runs"),
    [
        (random_times, 12),
        (necessity, 12),
        (confounding, 16),
        (open_deals, 20),
        (clusters, 8),
        (equivalence, 12),
        (many_steps, 8),
        (nothing_helps, 4),
        (hidden_heat, 16),
        (few_deals, 8),
        (dispensable_steps, 16),
        (small_groups, 40),
    ],
)
def test_what_was_planted_is_found(simulation: Callable[[int], Iterator[Outcome]], runs: int) -> None:
    assert [str(one) for one in simulation(round(runs * SCALE)) if not one.holds] == []
