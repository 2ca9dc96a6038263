"""Time limits, tasks and exit criteria: who kept them, who broke them, and who may still do it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from processminer.conformance.conform import conform
from processminer.conformance.labels import labels_meant
from processminer.discovery.discover import discover
from processminer.log.names import fold
from processminer.playbook.parts.stages import Criterion, Stage, Task
from tests.conformance_stories import playbook_of
from tests.worlds import log_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.conformance.conformance import Conformance, Deviation, Obligation

WON = {"a won deal": [("Lead", 0), ("Demo", 1), ("Won", 2)]}
"""Every log must hold a win to be readable; this one keeps no rule waiting."""


def held(stages: Sequence[Stage | str], deals: Mapping[str, Any], **said: Any) -> Conformance:
    return conform(discover(log_of(deals, **said)), playbook_of(*stages))


def rule(found: Conformance, kind: str, subject: str | None = None) -> Obligation:
    (one,) = (each for each in found.obligations if each.kind == kind and subject in (None, each.subject))
    return one


def counts(found: Conformance, kind: str, subject: str | None = None) -> tuple[int, int, int, int]:
    one = rule(found, kind, subject)
    return one.kept, one.broken, one.pending, one.unchecked


def deviation(found: Conformance, kind: str) -> Deviation:
    (one,) = (each for each in found.deviations if each.kind == kind)
    return one


LIMITED = (Stage(name="Lead", time_limit="3 days"), "Demo")


def test_a_stay_may_last_as_long_as_the_limit_and_no_longer():
    deals = {
        "at the limit": [("Lead", 0), ("Demo", 3), ("Won", 9)],
        "over": [("Lead", 0), ("Demo", 3.01), ("Won", 9)],
        "lost in time": [("Lead", 0), ("Lost", 2)],
    }
    found = held(LIMITED, deals)
    assert counts(found, "time-limit") == (2, 1, 0, 0)
    over = deviation(found, "over-time")
    assert (over.subject, over.stage, over.deals, over.reached, over.won) == ("Lead", "Lead", 1, 3, 1)
    assert over.sentence == "1 of 3 deals (33 %) stayed in Lead longer than the 3 days that the playbook allows."


def test_an_open_deal_breaks_a_limit_as_soon_as_it_is_over_it_and_not_before():
    deals = {
        **WON,
        "over now": [("Lead", 0)],
        "within": [("Lead", 8)],
        "was over, now in time": [("Lead", 0), ("Demo", 5), ("Lead", 9)],
    }
    found = held(LIMITED, deals, as_of_day=10)
    assert counts(found, "time-limit") == (1, 2, 1, 0)
    over = deviation(found, "over-time")
    assert (over.deals, over.reached, over.open) == (2, 3, 2)
    assert over.examples == ("over now", "was over, now in time")
    assert over.sentence == (
        "2 of 3 deals (67 %) stayed in Lead longer than the 3 days that the playbook allows; "
        "1 open deal is over it right now."
    )


def test_two_names_of_one_stage_in_a_row_are_one_stay():
    stages = (Stage(name="Lead", aliases=("New",), time_limit="3 days"), "Demo")
    deals = {"x": [("New", 0), ("Lead", 2), ("Demo", 4), ("Won", 5)], "y": [("Lead", 0), ("Demo", 2), ("Won", 5)]}
    assert counts(held(stages, deals), "time-limit") == (1, 1, 0, 0)


def test_time_spent_lost_before_a_reopening_is_no_time_in_the_stage():
    deals = {"x": [("Lead", 0), ("Lost", 2), ("Lead", 20), ("Demo", 22), ("Won", 23)]}
    assert counts(held(LIMITED, deals), "time-limit") == (1, 0, 0, 0)


def test_what_comes_after_the_close_is_no_time_in_the_stage():
    delivery = Stage(name="Delivery", time_limit="1 day", optional=True)
    deals = {str(n): [("Lead", 0), ("Demo", 1), ("Won", 2), ("Delivery", 3)] for n in range(3)}
    assert counts(held(("Lead", "Demo", delivery), deals, as_of_day=90), "time-limit") == (0, 0, 0, 0)


CALL = Task(do="Call the buyer", seen_as=("Call", "Meeting"))


CALLING = (Stage(name="Lead", tasks=(CALL,)), "Demo")


def calls(deals: Mapping[str, Any], tasks: Mapping[str, Any], stages: Sequence[Stage | str] = CALLING) -> Conformance:
    return held(stages, deals, tasks=tasks, as_of_day=50)


def test_a_task_is_due_when_the_deal_goes_on_and_kept_if_it_was_done_by_then():
    deals = {
        "done": [("Lead", 0.1), ("Demo", 3.5), ("Won", 9)],
        "done later": [("Lead", 0.1), ("Demo", 3.5), ("Won", 9)],
        "never": [("Lead", 0.1), ("Won", 9.5)],
        "lost in it": [("Lead", 0.1), ("Lost", 3)],
        "still in it": [("Lead", 0.1)],
        "gone on and lost": [("Lead", 0.1), ("Demo", 3.5), ("Lost", 9)],
    }
    found = calls(deals, {"done": [("Call", 3.5)], "done later": [("Call", 3.6)], "still in it": [("Call", 1)]})
    assert counts(found, "task") == (1, 3, 1, 0)
    missing = deviation(found, "task-missing")
    assert (missing.subject, missing.stage) == ("Call the buyer", "Lead")
    assert missing.examples == ("gone on and lost", "never")
    assert (missing.deals, missing.reached, missing.won, missing.lost) == (2, 4, 1, 1)
    assert missing.sentence == ("2 of 4 deals (50 %) went on from Lead, and 'Call the buyer' was never done.")
    late = deviation(found, "task-late")
    assert (late.subject, late.stage, late.examples, late.reached) == ("Call the buyer", "Lead", ("done later",), 4)
    assert late.sentence == (
        "1 of 4 deals (25 %) went on from Lead before 'Call the buyer' was done; it was logged only afterwards."
    )


def test_a_task_may_be_done_on_a_later_visit_of_its_stage_and_is_pending_during_one():
    deals = {
        **WON,
        "later visit": [("Lead", 0.1), ("Demo", 1.1), ("Lead", 2.1), ("Demo", 4.1)],
        "back in it": [("Lead", 0.1), ("Demo", 1.1), ("Lead", 2.1)],
        "died in it": [("Lead", 0.1), ("Demo", 1.1), ("Lead", 2.1), ("Lost", 4.1)],
    }
    tasks = {"later visit": [("Call", 3)], "died in it": [("Call", 3)], "a won deal": [("Call", 0.5)]}
    assert counts(calls(deals, tasks), "task") == (2, 1, 1, 0)


def test_going_back_to_an_earlier_stage_is_not_going_on():
    stages = ("Lead", Stage(name="Demo", tasks=(CALL,)), "Talks")
    deals = {
        "open": [("Lead", 0.1), ("Demo", 1.1), ("Lead", 2.1)],
        "lost": [("Lead", 0.1), ("Demo", 1.1), ("Lead", 2.1), ("Lost", 3.1)],
        "won": [("Lead", 0.1), ("Demo", 1.1), ("Lead", 2.1), ("Won", 3.1)],
    }
    assert counts(calls(deals, {"won": [("Call", 20)]}, stages), "task") == (0, 1, 1, 0)


def test_a_stage_that_the_playbook_does_not_know_is_going_on():
    deals = {**WON, "x": [("Lead", 0.1), ("Legal", 1.1), ("Lost", 3.1)]}
    assert counts(calls(deals, {"a won deal": [("Call", 0)]}), "task") == (1, 1, 0, 0)


def test_the_same_day_counts_where_the_log_tells_no_hours():
    deals = {"x": [("Lead", 0), ("Demo", 3), ("Won", 9)], "y": [("Lead", 0), ("Demo", 3.1), ("Won", 9)]}
    assert counts(calls(deals, {"x": [("Call", 3.7)], "y": [("Call", 3)]}), "task") == (2, 0, 0, 0)
    assert counts(calls(deals, {"x": [("Call", 4.0)], "y": [("Call", 3.2)]}), "task") == (0, 2, 0, 0)


def test_activities_match_by_name_or_subject_whatever_the_case_blanks_and_width():
    stages = (Stage(name="Lead", tasks=(Task(do="Rufen", seen_as=("Größe  klären", "Call")),)), "Demo")
    names = {"a": " CALL ", "b": "GRÖSSE KLÄREN", "c": "\uff43\uff41\uff4c\uff4c", "d": "größe\tklären", "e": "Recall"}
    deals = {deal: [("Lead", 0.1), ("Demo", 3.5), ("Won", 9)] for deal in names}
    found = calls(deals, {deal: [(name, 1)] for deal, name in names.items()}, stages)
    assert counts(found, "task") == (4, 1, 0, 0)
    assert deviation(found, "task-missing").examples == ("e",)


def test_an_activity_that_two_tasks_claim_counts_from_the_entry_of_the_stage_on():
    shared = (Stage(name="Lead", tasks=(CALL,)), Stage(name="Demo", tasks=(Task(do="Show it", seen_as=("Meeting",)),)))
    deals = {"x": [("Lead", 0.1), ("Demo", 3.5), ("Won", 9)], "y": [("Lead", 0.1), ("Demo", 3.5), ("Won", 9)]}
    early = calls(deals, {"x": [("Meeting", 1)], "y": [("Meeting", 3)]}, shared)
    assert counts(early, "task", "Call the buyer") == (2, 0, 0, 0)
    assert counts(early, "task", "Show it") == (1, 1, 0, 0)
    assert deviation(early, "task-missing").examples == ("x",)
    alone = ("Lead", Stage(name="Demo", tasks=(Task(do="Show it", seen_as=("Meeting",)),)))
    assert counts(calls(deals, {"x": [("Meeting", 1)]}, alone), "task") == (1, 1, 0, 0)


def test_a_task_that_no_log_can_show_is_unchecked_and_says_what_would_show_it():
    deals = {**WON, "open": [("Lead", 0.1)], "lost in it": [("Lead", 0), ("Lost", 1)]}
    without = held(CALLING, deals)
    assert counts(without, "task") == (0, 0, 0, 2)
    assert rule(without, "task").needs == "the activities of the deals (calls, mails, meetings) in the export"
    unnamed = calls(deals, {"open": [("Call", 1)]}, (Stage(name="Lead", tasks=(Task(do="Think"),)), "Demo"))
    assert counts(unnamed, "task") == (0, 0, 0, 2)
    assert rule(unnamed, "task").needs == "'seen_as' in the playbook: the activities that show that it was done"
    assert not any(one.kind == "task-missing" for one in (*without.deviations, *unnamed.deviations))


def test_a_task_whose_activity_the_log_never_names_cannot_be_checked():
    found = calls({**WON, "open": [("Lead", 0.1)]}, {"a won deal": [("Mail", 0.5)]})
    assert counts(found, "task") == (0, 0, 0, 2)
    assert rule(found, "task").needs == "activities called 'Call' and 'Meeting'"
    assert not found.deviations
    assert (found.deals_conforming, found.deals_pending, found.deals_violating) == (1, 1, 0)


def test_one_activity_of_several_that_the_log_names_makes_a_task_checkable():
    found = calls({**WON, "y": [("Lead", 0), ("Won", 1)]}, {"a won deal": [("Meeting", 0.5)]})
    assert counts(found, "task") == (1, 1, 0, 0)
    assert deviation(found, "task-missing").examples == ("y",)


def test_each_label_and_each_wanted_name_is_folded_once(monkeypatch: pytest.MonkeyPatch):
    folded: Counter[str] = Counter()

    def counted(label: str) -> str:
        folded[label] += 1
        return fold(label)

    monkeypatch.setattr("processminer.conformance.labels.fold", counted)
    subjects = [f"Gespräch {n}" for n in range(20)]
    log = log_of(WON, tasks={"a won deal": [(subject, 0.5) for subject in subjects]})
    meant = labels_meant(log, ["GESPRÄCH 3", "gespräch  4", "Demo", "GESPRÄCH 3"])
    assert meant == {"GESPRÄCH 3": ("Gespräch 3",), "gespräch  4": ("Gespräch 4",), "Demo": ()}
    assert folded == Counter([*subjects, "GESPRÄCH 3", "gespräch  4", "Demo"])


def test_an_optional_task_is_no_rule():
    optional = (Stage(name="Lead", tasks=(Task(do="Call", seen_as=("Call",), optional=True),)), "Demo")
    assert [one.kind for one in calls(WON, {"a won deal": [("Mail", 1)]}, optional).obligations] == [
        "path",
        "path",
        "start",
    ]


BANT = Criterion(name="BANT", at_least=2, of={"Budget": "Budget__c", "Need": "Pain__c", "Time": "By_When__c"})


QUALIFIED = (Stage(name="Lead", exit_criteria=(BANT,)), "Demo")


ON = [("Lead", 0), ("Demo", 3), ("Won", 9)]


def test_enough_fields_must_be_filled_for_a_criterion():
    attributes = {
        "two": {"Budget__c": "10000", "Pain__c": "Too slow", "By_When__c": ""},
        "one": {"Budget__c": "10000", "Pain__c": "no", "By_When__c": "0.0"},
        "in it": {"Budget__c": "1"},
    }
    deals = {"two": ON, "one": ON, "in it": [("Lead", 5)], "died": [("Lead", 0), ("Lost", 2)]}
    found = held(QUALIFIED, deals, attributes=attributes)
    assert counts(found, "exit-criterion") == (1, 1, 1, 0)
    missing = deviation(found, "criterion-missing")
    assert (missing.subject, missing.stage, missing.examples) == ("BANT", "Lead", ("one",))
    assert missing.sentence == (
        "1 of 2 deals (50 %) went on from Lead without 'BANT': the export shows fewer than 2 of its 3 fields filled."
    )


@pytest.mark.parametrize("value", ["", "  ", "false", "FALSE", "0", "0.00", "no", "No "])
def test_what_says_no_is_not_filled(value):
    one = (Stage(name="Lead", exit_criteria=(Criterion(name="Budget known", field="budget__c"),)), "Demo")
    attributes = {"x": {"Budget__c": value}, "y": {"Budget__c": "-1"}}
    found = held(one, {"x": ON, "y": ON}, attributes=attributes)
    assert counts(found, "exit-criterion") == (1, 1, 0, 0)
    assert deviation(found, "criterion-missing").sentence == (
        "1 of 2 deals (50 %) went on from Lead without 'Budget known': budget__c is empty in the export."
    )


def test_a_criterion_is_decided_as_far_as_the_columns_that_are_there_can_decide_it():
    attributes = {"enough": {"Budget__c": "1", "Pain__c": "x"}, "too few": {}, "who knows": {"Pain__c": "x"}}
    found = held(QUALIFIED, dict.fromkeys(attributes, ON), attributes=attributes)
    assert counts(found, "exit-criterion") == (1, 1, 0, 1)
    assert rule(found, "exit-criterion").needs == "the column By_When__c"
    assert deviation(found, "criterion-missing").reached == 2


def test_a_criterion_without_any_column_is_unchecked_and_names_the_columns():
    found = held(QUALIFIED, {"x": ON, "in it": [("Lead", 5)]}, attributes={"x": {"Source": "Web"}})
    assert counts(found, "exit-criterion") == (0, 0, 0, 2)
    assert rule(found, "exit-criterion").needs == "the columns Budget__c, Pain__c and By_When__c"
    spoken = (Stage(name="Lead", exit_criteria=(Criterion(name="The buyer agrees"),)), "Demo")
    told = held(spoken, {"x": ON})
    assert counts(told, "exit-criterion") == (0, 0, 0, 1)
    assert rule(told, "exit-criterion").needs == (
        "'field', 'of' or 'seen_as' in the playbook: the columns or activities that show that it is met"
    )


def test_a_deal_that_broke_a_rule_beside_the_path_is_violating_though_its_path_fits():
    found = held(LIMITED, {"x": [("Lead", 0), ("Demo", 5), ("Won", 9)], "y": ON, "z": [("Lead", 8)]})
    assert (found.fitness, found.deals_violating, found.deals_conforming, found.deals_pending) == (1.0, 1, 1, 1)


def test_rules_follow_each_other_as_in_the_playbook_and_point_to_their_lines():
    text = """\
name: t
stages:
  - name: Lead
    time_limit: 3 days
    tasks:
      - do: Call the buyer
        seen_as: [Call]
    exit_criteria:
      - name: Budget known
        field: Budget__c
  - name: Demo
outcomes: {won: [Won], lost: [Lost]}
"""
    lead = Stage(
        name="Lead",
        time_limit="3 days",
        tasks=(Task(do="Call the buyer", seen_as=("Call",)),),
        exit_criteria=(Criterion(name="Budget known", field="Budget__c"),),
    )
    log = log_of(
        {"x": [("Lead", 0), ("Demo", 4), ("Won", 5)]}, tasks={"x": [("Call", 5)]}, attributes={"x": {"Budget__c": "0"}}
    )
    found = conform(discover(log), playbook_of(lead, "Demo"), text)
    assert [(one.kind, one.subject, one.line) for one in found.obligations] == [
        ("path", "Lead", 3),
        ("path", "Demo", 11),
        ("start", "Lead", 3),
        ("time-limit", "Lead", 4),
        ("task", "Call the buyer", 6),
        ("exit-criterion", "Budget known", 9),
    ]
    assert {(one.kind, one.line) for one in found.deviations} == {
        ("over-time", 4),
        ("task-late", 6),
        ("criterion-missing", 9),
    }
