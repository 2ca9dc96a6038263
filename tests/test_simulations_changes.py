"""A change is judged as it was planted; see `tests.simulations_changes`."""

from __future__ import annotations

import os

import pytest

from tests.simulations_changes import changes

SCALE = float(os.environ.get("PROCESSMINER_SIMULATIONS", "1"))
"""So many times as many runs as the ordinary tests make."""


@pytest.mark.slow
def test_what_was_planted_is_found() -> None:
    assert [str(one) for one in changes(round(80 * SCALE)) if not one.holds] == []
