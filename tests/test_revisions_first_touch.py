"""Speed of the first touch: told where it helps, and not where hot deals are answered first or nothing hangs on it."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from processminer.playbook.read import parse_playbook
from processminer.revisions.revise import revise
from tests.audits import audit

BOOK = """\
name: Inbound
stages:
  - name: New lead
    time_limit: 60 days
    tasks:
      - {do: First call, seen_as: [Call]}
  - name: Offer
    time_limit: 60 days
outcomes: {won: [Won], lost: [Lost]}
"""
WITHOUT_TASK = BOOK.replace("    tasks:\n      - {do: First call, seen_as: [Call]}\n", "")
DAYS = 500.0


def world(seed: int, deals: int = 1500, hurts: float = 0.0, hot: float = 0.0) -> dict[str, Any]:
    """Leads that are called after some days; `hurts` is what each such day costs in log odds, and with `hot` those of a
    good source are called sooner and won more often."""
    chance = random.Random(seed)
    told: dict[str, Any] = {"deals": {}, "tasks": {}, "attributes": {}}
    for number in range(deals):
        begun, good = chance.uniform(0, DAYS - 1), chance.random() < 0.4
        called = chance.lognormvariate(math.log(2.5) - hot * good, 0.8)
        left = begun + called + chance.lognormvariate(math.log(8), 0.4)
        odds = -0.2 + hot * good - hurts * called
        won = chance.random() < 1 / (1 + math.exp(-odds))
        dies_early = not won and chance.random() < 0.5
        ended = left + chance.lognormvariate(math.log(10), 0.4)
        path = [("New lead", begun), ("Lost", left)] if dies_early else [
            ("New lead", begun), ("Offer", left), ("Won" if won else "Lost", ended)
        ]  # fmt: skip
        deal = f"d{number:04}"
        told["deals"][deal] = [stop for stop in path if stop[1] < DAYS]
        told["tasks"][deal] = [("Call", begun + called)] if begun + called < DAYS else []
        told["attributes"][deal] = {"LeadSource": "Referral" if good else "Web"}
    return {**told, "as_of_day": DAYS}


@pytest.mark.parametrize("seed", range(2))
def test_where_each_day_of_waiting_costs_wins_the_task_gets_a_time(seed: int) -> None:
    told = audit(BOOK, **world(seed, hurts=0.25))
    (one,) = (one for one in told.revisions if one.subject == "First call")
    assert (one.kind, one.grade in ("A", "B")) == ("set-time-limit", True)
    task = parse_playbook(revise(BOOK, [one])).stages[0].tasks[0]
    assert task.within is not None
    assert 1 <= task.within <= 5
    assert one.effect["win_rate"].low == 0 < one.effect["win_rate"].estimate < one.effect["win_rate"].high
    again = audit(revise(BOOK, [one]), **world(seed, hurts=0.25))
    assert "task-helps-early" not in {found.rule for found in again.findings}


def test_without_a_task_in_the_first_stage_first_contact_is_added_with_a_time() -> None:
    told = audit(WITHOUT_TASK, **world(5, hurts=0.25))
    (one,) = (one for one in told.revisions if one.subject == "First contact")
    assert one.kind == "add-task"
    (task,) = parse_playbook(revise(WITHOUT_TASK, [one])).stages[0].tasks
    assert (task.do, task.seen_as, task.within is not None) == ("First contact", ("Call",), True)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("hot", [0.0, 1.0], ids=["nothing hangs on it", "hot leads are answered first"])
def test_speed_that_changes_nothing_is_not_asked_for(seed: int, hot: float) -> None:
    told = audit(BOOK, **world(100 + seed, hot=hot))
    assert "task-helps-early" not in {found.rule for found in told.findings}
    if hot:
        (naive,) = told.estimates.prompt
        assert naive.crude.low > 0
