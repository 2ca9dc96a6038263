"""Units that may have to begin again: held against a chain whose shares are known, and against the plain incidence."""

from __future__ import annotations

import numpy as np
import pytest

from processminer.statistics.pseudo_values import pseudo_values
from processminer.statistics.renewal import won_if_anew


def played(rng: np.random.Generator, many: int, again: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A win, a loss or the beginning again, each with its chance a day: days and causes of first ends, days of wins."""
    won, lost = 0.02, 0.01
    day, first_day, first = np.zeros(many, int), np.zeros(many, int), np.zeros(many, int)
    ended = np.zeros(many, int)
    while (ended == 0).any():
        alive = ended == 0
        draw = rng.random(many)
        kind = np.select([draw < won, draw < won + lost, draw < won + lost + again], [1, 2, 3], 0)
        day[alive] += 1
        new = alive & (first == 0) & (kind > 0)
        first[new], first_day[new] = kind[new], day[new]
        ended[alive & ((kind == 1) | (kind == 2))] = kind[alive & ((kind == 1) | (kind == 2))]
        day[alive & (day >= 400)] = 400
        ended[alive & (day >= 400) & (ended == 0)] = -1
    return first_day, first, np.where(ended == 1, day, 10_000)


def test_the_share_is_that_of_whole_lives_where_beginning_again_changes_nothing() -> None:
    first_day, first, won_on = played(np.random.default_rng(2), 20_000, 0.03)
    for horizon in (10, 60, 150):
        told = won_if_anew(first_day, first, horizon)
        # Memoryless: with or without the returns, a day's chances are the same.
        known = 0.02 / 0.03 * (1 - 0.97**horizon)
        assert told == pytest.approx(known, abs=0.02)
        assert told == pytest.approx(float((won_on <= horizon).mean()), abs=0.02)


def test_it_is_the_plain_incidence_where_nobody_begins_again() -> None:
    rng = np.random.default_rng(5)
    days, cause = rng.integers(1, 90, 500), rng.choice([0, 1, 2], 500, p=[0.3, 0.4, 0.3])
    for horizon in (1, 30, 120):
        assert won_if_anew(days, cause, horizon) == pytest.approx(pseudo_values(days, cause, horizon).share)


def test_a_share_of_nobody_or_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="no share"):
        won_if_anew(np.array([], int), np.array([], int), 5)
    with pytest.raises(ValueError, match="no share"):
        won_if_anew(np.array([1]), np.array([1]), 0)
