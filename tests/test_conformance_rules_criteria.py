"""Criteria of coming in and going on: by fields, by their history, by activities, by so many of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rich_worlds import Deal
from tests.test_conformance_rules_kinds import book, counts, deviation, held, rule, won

if TYPE_CHECKING:
    pass

FIELD = ", exit_criteria: [{name: Fit, field: Fit}]"


def test_a_field_counts_as_it_was_when_the_deal_went_on() -> None:
    deals = {
        "in time": won(fields={"Fit": [("", 0.1), ("yes", 3.1)]}),
        "too late": won(fields={"Fit": [("", 0.1), ("yes", 3.2)]}),
        "cleared afterwards": won(fields={"Fit": [("", 0.1), ("yes", 2.0), ("", 5.0)]}),
        "cleared before": won(fields={"Fit": [("yes", 0.1), ("", 2.0)]}),
        "there from the beginning": won(fields={"Fit": [("yes", 0.1), ("no", 4.0)]}),
        "changed since we look": won(fields={"Fit": [("", 0.1), ("yes", 41.0)]}),
    }
    found = held(book(lead=FIELD), deals)
    assert counts(found, "exit-criterion") == (3, 3, 0, 0)
    missing = deviation(found, "criterion-missing")
    assert missing.examples == ("changed since we look", "cleared before", "too late")
    assert missing.sentence == "3 of 6 deals (50 %) went on from Lead without 'Fit': Fit is empty at that moment."
    assert rule(found, "exit-criterion").note is None


def test_a_field_without_history_counts_as_the_export_shows_it_and_the_rule_says_so() -> None:
    found = held(book(lead=FIELD), {"x": won(said={"Fit": "yes"}), "y": won()})
    assert counts(found, "exit-criterion") == (1, 1, 0, 0)
    note = "fields are read as the export shows them: it does not tell all their changes"
    assert rule(found, "exit-criterion").note == note


@pytest.mark.parametrize(("value", "kept"), [("Ja", 1), ("YES ", 1), ("no", 0), ("7", 0), ("", 0)])
def test_only_the_values_that_count_count(value: str, kept: int) -> None:
    text = book(lead=", exit_criteria: [{name: Fit, field: Fit, values: [yes, ja]}]")
    deals = {"x": won(said={"Fit": value}), "y": won(said={"Fit": "maybe"})}
    assert counts(held(text, deals), "exit-criterion") == (kept, 2 - kept, 0, 0)


def test_an_entry_criterion_is_due_when_the_deal_comes_in_whatever_became_of_it() -> None:
    text = book(demo=", entry_criteria: [{name: Sponsor, field: Sponsor}]")
    early, late = {"Sponsor": [("", 0.1), ("Eve", 3.0)]}, {"Sponsor": [("", 0.1), ("Eve", 4.0)]}
    deals = {
        "won": won(fields=early),
        "open": Deal([("Lead", 0.1), ("Demo", 3.1)], fields=late),
        "lost": Deal([("Lead", 0.1), ("Demo", 3.1), ("Lost", 5.1)], fields=late),
        "not there": Deal([("Lead", 0.1)]),
    }
    found = held(text, deals)
    assert counts(found, "entry-criterion") == (1, 2, 0, 0)
    missing = deviation(found, "entry-criterion-missing")
    assert (missing.examples, missing.subject, missing.stage) == (("lost", "open"), "Sponsor", "Demo")
    assert missing.sentence == "2 of 3 deals (67 %) came to Demo without 'Sponsor': Sponsor is empty at that moment."


def test_a_criterion_may_be_shown_by_a_field_or_by_an_activity() -> None:
    text = book(lead=", exit_criteria: [{name: Agreed, field: Agreed, seen_as: [Visit]}]")
    deals = {
        "field": won(said={"Agreed": "yes"}),
        "visit": won(tasks=[("Visit", 3.0, "Ann")]),
        "late visit": won(tasks=[("Visit", 3.3, "Ann")]),
        "neither": won(),
    }
    assert counts(held(text, deals), "exit-criterion") == (2, 2, 0, 0)
    unseen = held(text, {"field": deals["field"], "neither": won()})
    assert counts(unseen, "exit-criterion") == (1, 0, 0, 1)
    assert rule(unseen, "exit-criterion").needs == "the activities of the deals (calls, mails, meetings) in the export"


def test_a_ready_block_is_decided_as_far_as_its_columns_can() -> None:
    text = book(lead=", exit_criteria: [{name: BANT, uses: BANT, of: {Budget: B, Authority: A, Need: N}}]")
    deals = {
        "three": won(said={"B": "1", "A": "x", "N": "x"}),
        "two": won(said={"B": "1", "A": "x"}),
        "one": won(said={"B": "1"}),
    }
    found = held(text, deals)
    assert counts(found, "exit-criterion") == (1, 1, 0, 1)
    assert rule(found, "exit-criterion").needs == "in the playbook, the columns that show Timeline"


def test_optional_criteria_are_no_rules() -> None:
    text = book(lead=", exit_criteria: [{name: Fit, field: Fit, optional: true}]")
    assert [one.kind for one in held(text, {"x": won()}).obligations] == ["path", "path", "start"]
