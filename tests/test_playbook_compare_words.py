"""Changes between two playbooks in the words of business."""

from __future__ import annotations

from typing import Any

import pytest

from processminer.playbook.compare.compare import compare
from processminer.playbook.model import Playbook
from processminer.playbook.parts.stages import Stage
from processminer.playbook.read import parse_playbook
from tests.test_playbook_compare import FULL, book_of, sentences

PHRASES = [
    ("time_limit: 14 days", "time_limit: 21 days", "Demo now waits at most 21 days (was 14 days)"),
    ("time_limit: 14 days", "time_limit: 14.01 days", "Demo now waits at most 14.01 days (was 14 days)"),
    ("time_limit: 14 days", "optional: true", "Demo became optional"),
    ("time_limit: 14 days", "may_return_to: [Lead]", "Demo may now go back to Lead"),
    ("time_limit: 14 days", "next: [Proposal]", "Demo may now be followed by Proposal alone (was by whatever"),
    ("uses: BANT, of", "uses: BANT, at_least: 4, of", "'BANT' on leaving Demo now asks for 4 of 4 (was 3 of 4)"),
    ("uses: BANT, of", "uses: SPICED, at_least: 5, of", None),
    ("[{do: Call, how: Ask", "[{do: Call, optional: true, how: Ask", "'Call' in Demo became optional"),
    ("{do: Call, how", "{do: Visit, how", "'Visit' is now a task of Demo"),
    ("Demo, from: SDR", "Demo, from: BDR", "The hand-over on entering Demo is now made by BDR (was by SDR)"),
    ("Region: [EU]", "Region: [EU, UK]", "now holds where Region is 'EU' and 'UK' (was: Region is 'EU')"),
    ("version: 1.0.0\nroles", "version: 1.1.0\nroles", "The playbook is now version 1.1.0 (was 1.0.0)"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "said"), PHRASES)
def test_changes_are_said_in_business_words(before: str, after: str, said: str | None) -> None:
    assert before in FULL
    text = FULL.replace(before, after, 1)
    if said is None:
        text = text.replace("of: {Budget: B__c}", "of: {Pain: P__c}")
        said = "'BANT' on leaving Demo now goes by SPICED (was by BANT)"
    told = [change.sentence for change in compare(parse_playbook(FULL), parse_playbook(text)).changes]
    assert any(said in sentence for sentence in told), told


def test_what_a_criterion_asks_for_is_said_once() -> None:
    def told(after: str) -> list[str]:
        text = FULL.replace("uses: BANT, of: {Budget: B__c}", after, 1)
        assert text != FULL
        return [change.sentence for change in compare(parse_playbook(FULL), parse_playbook(text)).changes]

    alone = told("uses: SPICED, of: {Pain: P__c}")
    both = told("uses: SPICED, at_least: 5, of: {Pain: P__c}")
    assert sum("asks for" in sentence for sentence in alone) == 1
    assert sum("asks for" in sentence for sentence in both) == 1
    assert "'BANT' on leaving Demo now asks for 5 of 5 (was 3 of 4)" in both


@pytest.mark.parametrize(
    ("key", "before", "after", "said"),
    [
        ("max_visits", 1, 3, "Demo may now be visited 3 times at most (was once)"),
        ("max_visits", None, 1, "Demo may now be visited once at most (was without a limit)"),
        ("min_contacts", 1, 2, "Demo now needs at least 2 people of the buyer (was 1 person)"),
        ("min_contacts", None, 1, "Demo now needs at least 1 person of the buyer (was none)"),
        ("close_after", 60.0, 90.0, "Demo now gives deals up after 90 days (was 60 days)"),
        ("close_after", None, 60.0, "Demo now gives deals up after 60 days (was never)"),
        ("close_after", 60.0, None, "Demo no longer gives deals up (was 60 days)"),
        ("probability", 0.2, 0.25, "Demo now has a win probability of 25 % (was 20 %)"),
    ],
)
def test_numbers_are_said_with_what_they_count(key: str, before: float | None, after: float, said: str) -> None:
    def playbook(value: float | None) -> Playbook:
        return Playbook.model_validate({"name": "P", "stages": [{"name": "Demo", key: value}]})

    assert [change.sentence for change in compare(playbook(before), playbook(after)).changes] == [said]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            {"aliases": ["A", "B"]},
            {"aliases": ["B", "C"]},
            "Demo now also goes by 'C' in the log, and no longer goes by 'A' in the log",
        ),
        (
            {"aliases": ["A", "B"]},
            {"aliases": ["B", "A"]},
            "Demo lists 'B' and 'A' in this order now, which means the same",
        ),
        ({"advance_when": ["A", "B"]}, {"advance_when": ["B"]}, "Demo no longer moves on when 'A'"),
        (
            {"tasks": [{"do": "X"}, {"do": "Y"}]},
            {"tasks": [{"do": "Y"}, {"do": "X"}]},
            "'X' in Demo now comes after 'Y' (was at the beginning); tasks are done one after the other",
        ),
    ],
)
def test_what_came_into_a_list_went_out_of_it_or_moved_in_it_is_said_and_no_more(
    before: dict[str, Any], after: dict[str, Any], said: str
) -> None:
    old, new = (Playbook.model_validate({"name": "P", "stages": [{"name": "Demo", **one}]}) for one in (before, after))
    assert [change.sentence for change in compare(old, new).changes] == [said]


def test_long_texts_are_cut_where_they_differ() -> None:
    text = "word " * 60
    old = book_of(Stage(name="A", goal=f"{text}old end"))
    (said,) = sentences(old, book_of(Stage(name="A", goal=f"{text}new end")))
    assert "old end" in said
    assert "new end" in said
    assert len(said) < 300
