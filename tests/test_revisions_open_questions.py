"""Where nothing can be proposed, what stays open is said with the deals that would settle it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from processminer.estimates.conditions.conditions import Condition
from processminer.estimates.conduct import Conduct
from processminer.findings.facts import facts_of
from processminer.playbook.read import parse_playbook
from processminer.revisions.open_questions import MOST, open_questions
from processminer.statistics.interval import Interval
from tests.audits import audit
from tests.playout import LOOKED_AT, played_out
from tests.test_revisions_dispensable import effect, proposed, skipping

TEXT = """\
name: Small
stages:
  - name: Lead
  - name: Demo
    optional: true
  - name: Pilot
    optional: true
  - name: Proposal
    tasks:
      - {do: Send the deck, seen_as: [Email], optional: true}
outcomes: {won: [Won], lost: [Lost]}
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_two_hundred_deals_yield_questions_with_numbers_and_no_advice(seed: int) -> None:
    told = audit(TEXT, **played_out(parse_playbook(TEXT), 200, seed), as_of_day=LOOKED_AT)
    assert not [one for one in told.revisions if one.grade in {"A", "B"} or one.effect]
    assert 0 < len(told.undecided) <= MOST
    assert [one.needed_deals for one in told.undecided] == sorted(one.needed_deals for one in told.undecided)
    for one in told.undecided:
        assert one.needed_deals > 200
        # What would take ten years has no day.
        assert one.there_on is None or one.there_on > told.log.as_of.date()
        assert "deals that did it against" in one.because


def test_where_the_playbook_leaves_nothing_to_people_there_is_nothing_to_ask() -> None:
    text = TEXT.replace("    optional: true\n", "").replace(", optional: true", "")
    told = audit(text, **played_out(parse_playbook(text), 200, 3), as_of_day=LOOKED_AT)
    assert (told.revisions, told.undecided) == ((), ())


@pytest.mark.parametrize(
    ("limits", "met", "unmet", "asked"),
    [
        (Interval(0.06, 0.01, 0.11), 2000, 2000, ["Demo"]),
        (Interval(0.03, -0.01, 0.07), 2000, 2000, []),
        (Interval(-0.06, -0.11, -0.01), 2000, 2000, []),
        (Interval(0.06, 0.01, 0.11), 3900, 100, []),
    ],
    ids=["it leans", "it may be chance", "deals with it fare worse", "hardly any lacks it"],
)
def test_a_field_whose_lack_may_cost_wins_is_a_question_where_it_is_not_shown(
    limits: Interval, met: int, unmet: int, asked: list[str]
) -> None:
    told = skipping()
    condition = Condition("field", "Need", "Demo", met, unmet, effect("task", "Need", limits, met, unmet), None)
    estimates = replace(told.estimates, effects=(), conduct=Conduct(conditions=(condition,)), queue=None)
    found = open_questions(facts_of(told.discovery, told.conformance, estimates, told.declared.playbook))
    assert [one.subject for one in found] == asked
    assert all(
        one.kind == "add-exit-criterion" and one.needed_deals > 2000 and "'Need'" in one.because for one in found
    )


def test_a_question_is_asked_beside_what_else_is_open_but_not_of_the_same_step() -> None:
    wide = Interval(0.0, -0.06, 0.06)
    leaning = Interval(0.06, 0.01, 0.11)
    revisions, undecided = proposed(effect("stage", "Demo", wide, 300, 300), effect("task", "Visit", leaning, 300, 300))
    assert revisions == ()
    assert [one.kind for one in undecided if one.subject == "Demo"] == ["make-stage-optional"]
    assert [one.kind for one in undecided if one.subject == "Visit"] == ["add-task"]
