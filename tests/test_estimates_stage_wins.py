"""The share of deals that are won from a stage on counts open deals for as long as they were followed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.estimates.stage_wins import stage_wins
from tests.worlds import log_of


@settings(deadline=None, max_examples=8)
@given(st.lists(st.sampled_from(["won", "lost", "skipped"]), min_size=1, max_size=30))
def test_where_all_deals_have_closed_it_is_the_plain_share_of_those_that_entered(ends: list[str]) -> None:
    ways = {"won": ["A", "B", "A", "B", "Won"], "lost": ["A", "B", "Lost"], "skipped": ["A", "Lost"]}
    # All lengths are equal, so that everybody is followed to the end.
    last = {"won": 9.0, "lost": 9.0, "skipped": 9.0}
    deals = {
        f"d{number:02}": [*((stage, 1.0 + at) for at, stage in enumerate(ways[end][:-1])), (ways[end][-1], last[end])]
        for number, end in enumerate(ends)
    }
    wins = stage_wins(discover(log_of(deals, as_of_day=50.0)))
    assert wins["A"].deals == len(ends)
    assert wins["A"].won.estimate == pytest.approx(ends.count("won") / len(ends))
    entered = [end for end in ends if end != "skipped"]
    if entered:
        assert (wins["B"].deals, wins["B"].open) == (len(entered), 0)
        assert wins["B"].won.estimate == pytest.approx(entered.count("won") / len(entered))
        assert wins["B"].won.low <= wins["B"].won.estimate <= wins["B"].won.high


def test_late_wins_of_open_deals_are_neither_dropped_nor_taken_for_losses() -> None:
    """Half of the deals are won after 40 days, the others lost after 10; deals begin all the time."""
    chance = random.Random(5)
    deals: dict[str, list[tuple[str, float]]] = {}
    for number in range(800):
        begun = chance.uniform(0, 100)
        end, day = ("Won", begun + 40) if chance.random() < 0.5 else ("Lost", begun + 10)
        deals[f"d{number:03}"] = [("A", begun), (end, day)] if day < 100 else [("A", begun)]
    won = sum(stops[-1][0] == "Won" for stops in deals.values())
    closed = sum(len(stops) == 2 for stops in deals.values())
    found = stage_wins(discover(log_of(deals, as_of_day=100.0)))["A"]
    assert won / closed < 0.45
    assert found.open == 800 - closed
    assert found.won.low < 0.5 < found.won.high
    assert found.won.estimate == pytest.approx(0.5, abs=0.05)
