"""A playbook that says all that can be said, and what of it must fit together."""

from __future__ import annotations

from datetime import date

import pytest

from processminer.playbook.read import parse_playbook
from tests.test_playbook_read import FULL, faults


def test_a_full_playbook_says_the_rest_as_well() -> None:
    playbook = parse_playbook(FULL)
    (stage,) = playbook.stages
    assert (stage.warn_after, stage.max_silence, stage.min_contacts, stage.max_visits) == (5, 3, 2, 1)
    assert (stage.entry_criteria[0].fields, stage.entry_criteria[0].approved_by) == ((), "Head of sales")
    assert stage.advance_when == ("A meeting has a date",)
    (handover,) = playbook.handovers
    assert (handover.giver, handover.taker, handover.within, handover.passes) == ("AE", "Delivery", 2, ("notes",))
    assert [one.begins_at for one in playbook.service] == ["Won", "Bad fit", "Delivery"]
    assert [metric.target for metric in playbook.metrics] == ["25%", "60"]
    assert playbook.changes[0].day == date(2026, 1, 1)


def test_no_decision_and_disqualified_are_kinds_of_lost() -> None:
    outcomes = parse_playbook(FULL).outcomes
    assert outcomes.lost == ("Lost", "Stalled", "Bad fit")
    assert (outcomes.no_decision, outcomes.disqualified) == (("Stalled", "Lost"), ("Bad fit",))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "warn_after: 5",
            "warn_after: 8",
            "4: stages[0]: 'warn_after' must be shorter than 'time_limit'. Make it so, or take it away.",
        ),
        (
            "max_visits: 1",
            "max_visits: 0",
            "9: stages[0].max_visits: must be 1 or more. Write 1 or a larger number, or take it away.",
        ),
        (
            "entering: Won",
            "entering: Wn",
            "19: handovers[0].entering: 'Wn' is not a stage, nor won. Did you mean 'Won'?",
        ),
        (", from: AE", "", "19: handovers[0].from: is missing. Write 'from: ...' here."),
        (
            "at: Delivery",
            "at: X",
            "26: service[2].begins_at: 'X' is neither a stage nor an outcome."
            " There are: Lead, Won, Lost, Stalled, Bad fit, Delivery and Win-back.",
        ),
        ("name: Lead", "name: stalled", "4: stages[0].name: 'stalled' is already a name of lost. Keep one."),
        (
            "warn_after: 5 days",
            "may_return_to: Won",
            "5: stages[0].may_return_to: 'Won' is an outcome, not a stage. A deal may be lost from any stage.",
        ),
        (
            "warn_after: 5 days",
            "probability: much",
            "5: stages[0].probability: 'much' is not a share. Write for example '20%'.",
        ),
        (
            "warn_after: 5 days",
            "goal: true",
            "5: stages[0].goal: is read as true or false, not as text. Put it in quotation marks: 'true'",
        ),
        ("Bad fit\nhand", "won\nhand", "13: outcomes: 'won' is a name of won and of lost. Keep one."),
    ],
)
def test_what_a_full_playbook_says_must_fit_together(before: str, after: str, told: str) -> None:
    assert f"book.yaml:{told}" in faults(FULL.replace(before, after))


def test_a_key_like_no_other_is_answered_with_those_there_are() -> None:
    (fault,) = faults("name: x\nstages: [{name: a}]\noutcomes: {qqq: x}")
    known = "won, lost, no_decision, disqualified, loss_reason"
    assert fault == f"book.yaml:3: outcomes.qqq: not a key of the outcomes. Known keys: {known}."


NEVER_WON = "stages: nothing leads to won: by this playbook no deal can be won."


@pytest.mark.parametrize(
    "stages",
    [
        "{name: a, next: b}, {name: b, next: a}",
        "{name: a, next: Closed Lost}",
        "{name: a, optional: true, next: b}, {name: b, next: [a]}",
        "{name: a, next: b}, {name: b, aliases: [bb], next: [bb, Closed Lost]}, {name: c}",
    ],
)
def test_a_playbook_by_which_no_deal_can_be_won_is_at_fault(stages: str) -> None:
    told = faults(f"name: x\nstages: [{stages}]")
    assert f"book.yaml:2: {NEVER_WON} Take the 'next' of the last stage away, or let it name won." in told


@pytest.mark.parametrize(
    "stages",
    [
        "{name: a, next: b}, {name: b, next: c}",
        "{name: a, next: [Closed Lost, Closed Won]}",
        "{name: a, next: Closed Lost}, {name: b, may_start: true}",
        "{name: a, optional: true, next: Closed Lost}, {name: b}",
        "{name: a, next: Closed Lost, may_skip_to: b}, {name: b, optional: yes}",
        "foo, {name: b}",
    ],
)
def test_what_another_fault_leaves_open_is_taken_to_lead_to_won(stages: str) -> None:
    assert not [told for told in faults(f"name: x\nfoo: x\nstages: [{stages}]") if NEVER_WON in told]
