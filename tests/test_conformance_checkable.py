"""What is lacking is told once, with all the rules that wait for it; and what is absent is not told as misconduct."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processminer.conformance.checkable import (
    ACTIVITIES,
    columns_needed,
    lacking,
    moments_needed,
    named_activities_needed,
    people_needed,
)
from processminer.conformance.conform import conform
from processminer.conformance.conformance import Conformance, Obligation, ObligationKind
from processminer.discovery.discover import discover
from processminer.playbook.read import parse_playbook
from tests.conformance_stories import playbook_of
from tests.worlds import log_of


def rule(kind: ObligationKind, subject: str, needs: str | None, *, unchecked: int = 9, kept: int = 0) -> Obligation:
    return Obligation(kind, subject, subject, kept, 0, 0, unchecked, needs, None)


def test_forty_rules_that_need_one_thing_are_one_sentence() -> None:
    rules = [rule("task", f"Task {number}", ACTIVITIES) for number in range(40)]
    (lack,) = lacking(rules)
    assert lack.rules == tuple(rules)
    assert lack.sentence == (
        "40 rules need the activities of the deals (calls, mails, meetings) in the export "
        "(the task 'Task 0', the task 'Task 1', the task 'Task 2' and 37 more)."
    )


def test_columns_names_and_roles_are_listed_together_each_once() -> None:
    lacks = lacking(
        [
            rule("exit-criterion", "BANT", columns_needed(["Budget", "Need"])),
            rule("exit-criterion", "Fit", columns_needed(["Fit__c"])),
            rule("loss-reason", "Why", columns_needed(["Why"])),
            rule("task", "Call", named_activities_needed(["Call", "Ring"])),
            rule("task", "Show", named_activities_needed(["Show"])),
            rule("owner", "Lead", people_needed("SDR")),
            rule("owner", "Demo", people_needed("AE")),
            rule("handover", "SDR -> AE", people_needed("AE")),
            rule("contacts", "Demo", "the table of the deals' contacts"),
        ]
    )
    assert [one.needs for one in lacks] == [
        "columns that the export lacks: Budget and Need; Fit__c; Why",
        "to know who has the roles SDR; AE: their 'people' in the playbook, or a column of the owners' roles in the "
        "export",
        "activities that the log never names: 'Call' and 'Ring'; 'Show'",
        "the table of the deals' contacts",
    ]
    assert lacks[-1].sentence == "1 rule needs the table of the deals' contacts (the contacts in Demo)."


def test_one_rule_says_what_it_needs_in_its_own_words() -> None:
    (lack,) = lacking([rule("owner", "Lead", people_needed("SDR"))])
    assert lack.needs == people_needed("SDR")


def test_rules_that_some_deals_can_be_held_against_stand_apart_and_say_how_many_cannot() -> None:
    lacks = lacking(
        [
            rule("time-limit", "Lead", moments_needed("Lead"), unchecked=3, kept=5),
            rule("time-limit", "Demo", moments_needed("Demo"), unchecked=1_200, kept=5),
            rule("time-limit", "Talks", moments_needed("Talks")),
        ]
    )
    assert [one.wholly for one in lacks] == [True, False]
    assert lacks[1].sentence == (
        "2 rules cannot be checked for up to 1,200 deals: they need the moments at which deals entered and left the "
        "stages Lead; Demo (the time limit of Lead and the time limit of Demo)."
    )


def test_what_is_checked_or_needs_nothing_lacks_nothing() -> None:
    assert lacking([rule("task", "Call", None), rule("task", "Show", ACTIVITIES, unchecked=0)]) == ()


@given(st.lists(st.text(max_size=20), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_no_rule_is_lost_or_told_twice_whatever_its_names(names: list[str], chance: random.Random) -> None:
    asked = (lambda name: columns_needed([name]), people_needed, moments_needed, lambda name: name)
    rules = [rule("task", f"{number}{name}", chance.choice(asked)(name)) for number, name in enumerate(names)]
    lacks = lacking(rules)
    assert sorted(one.subject for lack in lacks for one in lack.rules) == sorted(one.subject for one in rules)
    assert all(lack.sentence.endswith(").") for lack in lacks)


ASKING = """\
name: S
roles: [{name: SDR}]
stages:
  - name: Lead
    owner: SDR
    max_silence: 3 days
    tasks: [{do: Call, seen_as: [Call]}, {do: Write, seen_as: [Mail]}]
    exit_criteria: [{name: Fit, field: Fit__c}, {name: Money, field: Money__c}]
  - {name: Demo, owner: SDR}
outcomes: {won: [Won], lost: [Lost]}
"""


def held(world: dict[str, list[str]], text: str = ASKING) -> Conformance:
    return conform(discover(log_of(world)), parse_playbook(text, "p.yaml"), text)


def test_every_rule_that_a_log_leaves_unchecked_waits_for_one_thing() -> None:
    found = held({"a": ["Lead", "Demo", "Won"], "b": ["Lead", "Lost"]})
    lacks = lacking(found.obligations)
    assert {one.subject for lack in lacks for one in lack.rules} == {
        one.subject for one in found.obligations if one.unchecked
    }
    assert [(len(one.rules), one.needs.split()[0]) for one in lacks] == [(3, "the"), (2, "columns"), (2, "the")]


@pytest.mark.parametrize(
    ("strangers", "said"),
    [
        ([], "If the CRM has another name for it, an alias joins the two;"),
        (["Legal"], "If Legal, which the playbook does not know, is that stage, an alias joins the two;"),
        (["Legal", "Board"], "If one of Legal and Board, which the playbook does not know, is that stage,"),
    ],
)
def test_a_stage_that_no_deal_was_ever_in_is_told_as_that(strangers: list[str], said: str) -> None:
    playbook = playbook_of("Lead", "Demo", "Contract")
    world = {"a": ["Lead", "Contract", "Won"], "b": ["Lead", "Demo", *strangers], "c": ["Lead", *strangers[:1]]}
    present = conform(discover(log_of({**world, "d": ["Lead", "Demo", "Contract", "Won"]})), playbook)
    (skipped,) = (one for one in present.deviations if one.kind == "skipped")
    assert skipped.sentence == (
        "1 of 3 deals (33 %) that came to Demo or past it skipped it, although the playbook requires it."
    )
    gone = {deal: [stage for stage in path if stage != "Demo"] for deal, path in world.items()}
    absent = conform(discover(log_of(gone)), playbook)
    (skipped,) = (one for one in absent.deviations if one.kind == "skipped")
    assert (skipped.subject, skipped.deals, skipped.reached) == ("Demo", 1, 1)
    assert skipped.sentence.startswith(
        "1 of 1 deal (100 %) that came past Demo skipped it, although the playbook requires it: no deal was ever in a "
        f"stage of that name. {said}"
    )
    assert skipped.sentence.endswith("if the CRM has no such stage, this says nothing of how people work.")
