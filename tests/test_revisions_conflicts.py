"""Which edits exclude each other, and what happens when they are asked for together."""

from __future__ import annotations

import pytest

from processminer.errors import InputError
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.lengths import write_days
from processminer.revisions.revise import conflicts, revise
from processminer.revisions.revision import Revision

TEXT = """\
name: New business
stages:
  - name: Lead
  - name: Demo
    may_return_to: [Lead]
  - name: Proposal
outcomes: {won: [Won], lost: [Lost]}
"""
OPTIONAL = Edit("set", ("stages", "Demo", "optional"), value=True)
REQUIRED = Edit("remove", ("stages", "Demo", "optional"))
LIMIT = Edit("set", ("stages", "Demo", "time_limit"), value="9 days")
LONGER = Edit("set", ("stages", "Demo", "time_limit"), value="12 days")
GONE = Edit("remove", ("stages", "Demo"))
NO_RETURN = Edit("remove", ("stages", "Demo", "may_return_to", "Lead"))
RETURN = Edit("add", ("stages", "Proposal", "may_return_to"), value="Demo")
OTHER_RETURN = Edit("add", ("stages", "Proposal", "may_return_to"), value="Lead")
NO_LIST = Edit("remove", ("stages", "Proposal", "may_return_to"))
AFTER_DEMO = Edit("add", ("stages",), value={"name": "Legal", "optional": True}, after="Demo")
ALSO_AFTER_DEMO = Edit("add", ("stages",), value={"name": "Security", "optional": True}, after="Demo")


def revisions(*edits: Edit) -> list[Revision]:
    return [
        Revision(f"R{n}", "add-stage", "x", "C", (), 0, None, {}, "", "", "", "", (edit,), "")
        for n, edit in enumerate(edits, start=1)
    ]


@pytest.mark.parametrize(
    "pair",
    [
        (OPTIONAL, REQUIRED),
        (LIMIT, LONGER),
        (OPTIONAL, GONE),
        (GONE, NO_RETURN),
        (GONE, AFTER_DEMO),
        (RETURN, RETURN),
        (RETURN, NO_LIST),
    ],
)
def test_edits_of_one_place_exclude_each_other_in_either_order(pair: tuple[Edit, Edit]) -> None:
    assert conflicts(revisions(*pair)) == (("R1", "R2"),)
    assert conflicts(revisions(*reversed(pair))) == (("R1", "R2"),)


@pytest.mark.parametrize(
    "pair",
    [
        (OPTIONAL, LIMIT),
        (RETURN, OTHER_RETURN),
        (AFTER_DEMO, ALSO_AFTER_DEMO),
        (AFTER_DEMO, OPTIONAL),
        (NO_RETURN, RETURN),
    ],
)
def test_edits_of_different_places_go_together_and_their_order_hardly_matters(pair: tuple[Edit, Edit]) -> None:
    assert conflicts(revisions(*pair)) == ()
    one, other = revise(TEXT, revisions(*pair)), revise(TEXT, revisions(*reversed(pair)))
    assert sorted(one) == sorted(other)


def test_two_that_set_the_same_to_the_same_value_go_together_and_it_is_set_once() -> None:
    assert conflicts(revisions(LIMIT, LIMIT)) == ()
    assert revise(TEXT, revisions(LIMIT, OPTIONAL, LIMIT)) == revise(TEXT, revisions(LIMIT, OPTIONAL))


def test_revisions_that_exclude_each_other_are_refused_together_by_name() -> None:
    with pytest.raises(InputError) as told:
        revise(TEXT, revisions(OPTIONAL, LIMIT, GONE))
    assert str(told.value) == (
        "These revisions change the same place of the playbook: R1 with R3 and R2 with R3.\n  Apply one of each pair."
    )


@pytest.mark.parametrize("days", [0.01, 0.3, 1.0, 2.0, 2.01, 13.2, 14.0, 14.1, 59.0, 60.0, 61.0, 365.0])
def test_a_written_limit_is_never_shorter_than_what_was_measured_and_hardly_longer(days: float) -> None:
    from processminer.playbook.values import read_days

    assert days <= read_days(write_days(days)) <= max(days * 1.5, days + 1 / 24)


def test_nothing_to_apply_leaves_the_text_as_it_was() -> None:
    assert revise(TEXT, []) == TEXT
