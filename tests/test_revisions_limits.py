"""What a time limit may promise: only where speed would gain most and old deals slow down."""

from __future__ import annotations

import random
from typing import Any

import pytest

from processminer.playbook.read import parse_playbook
from processminer.revisions.revise import revise
from tests.audits import audit

BOOK = """\
name: Slow talks
stages:
  - {name: Lead, time_limit: 60 days}
  - {name: Talks}
  - {name: Offer, time_limit: 60 days}
outcomes: {won: [Won], lost: [Lost]}
"""
DAYS = 600.0


def world(seed: int, *, slows: bool, deals: int = 1200) -> dict[str, Any]:
    """Deals that go on from Talks or are lost there, whichever comes first; where it `slows`, some need far longer."""
    chance = random.Random(seed)
    paths: dict[str, list[tuple[str, float]]] = {}
    for number in range(deals):
        day = chance.uniform(0, DAYS - 1)
        path = [("Lead", day)]
        day += chance.uniform(1, 9)
        path.append(("Talks", day))
        slow = slows and chance.random() < 0.5
        onward = (
            chance.expovariate(1 / 90) if slow else chance.uniform(8, 40) if not slows else chance.expovariate(1 / 12)
        )
        lost = chance.expovariate(1 / 80)
        if lost < onward:
            path.append(("Lost", day + lost))
        else:
            day += onward
            path += [("Offer", day), ("Won" if chance.random() < 0.8 else "Lost", day + chance.uniform(1, 9))]
        paths[f"d{number:04}"] = [stop for stop in path if stop[1] < DAYS]
    return {"deals": paths, "as_of_day": DAYS}


@pytest.mark.parametrize("seed", range(2))
def test_where_old_deals_slow_down_a_limit_may_win_deals_and_says_which_end_needs_what(seed: int) -> None:
    told = audit(BOOK, **world(seed, slows=True))
    (one,) = (one for one in told.revisions if one.subject == "Talks")
    wins = one.effect["win_rate"]
    assert (one.kind, one.grade) == ("set-time-limit", "B")
    assert wins.low <= 0 < wins.estimate <= wins.high
    assert one.effect["won_cycle_days"].low < 0 <= one.effect["won_cycle_days"].high
    assert one.beliefs["win_rate"].low != one.beliefs["win_rate"].high
    revised = revise(BOOK, [one])
    again = audit(revised, **world(seed, slows=True))
    assert "stage-waits" not in {found.rule for found in again.findings}
    assert [other for other in again.revisions if other.subject == "Talks"] == []
    assert parse_playbook(revised).stages[1].time_limit is not None


def test_where_they_do_not_slow_down_a_limit_promises_nothing() -> None:
    told = audit(BOOK, **world(3, slows=False))
    (one,) = (one for one in told.revisions if one.subject == "Talks")
    assert (one.kind, one.grade, dict(one.effect)) == ("set-time-limit", "C", {})
