"""An edit of a playbook does what it says and moves no other line."""

from __future__ import annotations

import pytest

from processminer.engines.yaml_text import load as plain
from processminer.errors import EngineError, PlaybookError
from processminer.playbook.edits import Edit
from processminer.playbook.patch import apply, difference

BOOK = """\
# Head
name: Book   # the name

stages:
  # first
  - name: Lead   # where it begins
    aliases: New
    goal: 'It is'  # goal

    # about tasks
    tasks:
      - do: Call  # daily
        by: SDR
      - {do: Mail, by: "AE"}
  # second
  - name: Demo
    optional: true # for small ones
    may_return_to: [Lead]  # when the need changes
  # third
  - {name: Proposal, probability: 20%}  # flow
  # end of stages

outcomes:
  won: [Closed Won, Won!]
  lost:
    - Closed Lost
    - No
"""


EXAMPLES: dict[str, tuple[Edit, list[str]]] = {
    "a text keeps its quotation marks and its comment": (
        Edit("set", ("stages", "Lead", "goal"), "It's: new"),
        ["-    goal: 'It is'  # goal", "+    goal: 'It''s: new'  # goal"],
    ),
    "a new key stands below the short ones, before the nested": (
        Edit("set", ("stages", "Lead", "time_limit"), "14 days"),
        ["+    time_limit: 14 days"],
    ),
    "a new key of a stage in braces stays in its braces": (
        Edit("set", ("stages", "Proposal", "optional"), value=True),
        [
            "-  - {name: Proposal, probability: 20%}  # flow",
            "+  - {name: Proposal, probability: 20%, optional: true}  # flow",
        ],
    ),
    "a removed key takes its line": (
        Edit("remove", ("stages", "Demo", "optional")),
        ["-    optional: true # for small ones"],
    ),
    "the last item of a list takes the list with it": (
        Edit("remove", ("stages", "Demo", "may_return_to", "Lead")),
        ["-    may_return_to: [Lead]  # when the need changes"],
    ),
    "an item joins a list that was written as one text": (
        Edit("add", ("stages", "Lead", "aliases"), "404"),
        ["-    aliases: New", '+    aliases: [New, "404"]'],
    ),
    "an item is added after the one that is named": (
        Edit("add", ("outcomes", "won"), "Gewonnen", "Closed Won"),
        ["-  won: [Closed Won, Won!]", "+  won: [Closed Won, Gewonnen, Won!]"],
    ),
    "an item is added at the front of a list in lines": (
        Edit("add", ("outcomes", "lost"), "Verloren", ""),
        ["+    - Verloren"],
    ),
    "an item leaves its brackets with its comma": (
        Edit("remove", ("outcomes", "won", "Closed Won")),
        ["-  won: [Closed Won, Won!]", "+  won: [Won!]"],
    ),
    "a task is written in lines below one that is written in lines": (
        Edit("add", ("stages", "Lead", "tasks"), {"do": "Visit", "seen_as": ("Meeting",)}, "Call"),
        ["+      - do: Visit", "+        seen_as: [Meeting]"],
    ),
    "a task is written in braces below one that is written in braces": (
        Edit("add", ("stages", "Lead", "tasks"), {"do": "Visit", "by": "AE"}),
        ["+      - {do: Visit, by: AE}"],
    ),
    "a criterion makes its list": (
        Edit("add", ("stages", "Demo", "exit_criteria"), {"name": "BANT", "at_least": 1, "of": {"Budget": "b__c"}}),
        ["+    exit_criteria:", "+      - name: BANT", "+        at_least: 1", "+        of: {Budget: b__c}"],
    ),
    "a stage at the front stands above the comment of the next": (
        Edit("add", ("stages",), {"name": "Target"}, ""),
        ["+  - name: Target"],
    ),
    "a removed stage takes its lines and leaves the comments around it": (
        Edit("remove", ("stages", "Proposal")),
        ["-  - {name: Proposal, probability: 20%}  # flow"],
    ),
    "a list in lines becomes one text": (
        Edit("set", ("outcomes", "lost"), "Verloren"),
        ["-  lost:", "-    - Closed Lost", "-    - No", "+  lost: Verloren"],
    ),
    "a text becomes a list of mappings": (
        Edit("set", ("stages", "Lead", "tasks"), [{"do": "Visit"}]),
        ["-      - do: Call  # daily", "-        by: SDR", '-      - {do: Mail, by: "AE"}', "+      - do: Visit"],
    ),
    "a task moves with its comment": (
        Edit("move", ("stages", "Lead", "tasks", "Mail"), after=""),
        ['+      - {do: Mail, by: "AE"}', '-      - {do: Mail, by: "AE"}'],
    ),
    "a stage moves with the comment above it": (
        Edit("move", ("stages", "Proposal"), after="Lead"),
        [
            "+  # third",
            "+  - {name: Proposal, probability: 20%}  # flow",
            "-  # third",
            "-  - {name: Proposal, probability: 20%}  # flow",
        ],
    ),
    "an entry moves within its brackets": (
        Edit("move", ("outcomes", "won", "Closed Won")),
        ["-  won: [Closed Won, Won!]", "+  won: [Won!, Closed Won]"],
    ),
    "a mapping is made at the top": (
        Edit("set", ("applies_to", "type"), ["New"]),
        ["+applies_to:", "+  type: [New]"],
    ),
}


@pytest.mark.parametrize("title", list(EXAMPLES))
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_examples_of_edits(title: str, newline: str) -> None:
    edit, expected = EXAMPLES[title]
    before = BOOK.replace("\n", newline)
    diff = difference(before, apply(before, [edit]), "book.yaml")
    changed = [line for line in diff.split("\n")[2:] if line[:1] in ("+", "-")]
    assert changed == [line + newline[:-1] for line in expected]


REFUSED: dict[str, Edit] = {
    "4: cannot set 'stages > Demoo > goal': there is no 'Demoo' in 'stages'. Did you mean 'Demo'?": Edit(
        "set", ("stages", "Demoo", "goal"), "x"
    ),
    "16: cannot remove 'stages > Demo > goal': there is no 'goal' in 'stages > Demo'.": Edit(
        "remove", ("stages", "Demo", "goal")
    ),
    "4: cannot add 'stages': there is no 'Leed' in 'stages'. Did you mean 'Lead'?": Edit(
        "add", ("stages",), {"name": "x"}, "Leed"
    ),
    "11: cannot set 'stages > Lead > tasks > Cal > optional': there is no 'Cal' in 'stages > Lead > tasks'."
    " Did you mean 'Call'?": Edit("set", ("stages", "Lead", "tasks", "Cal", "optional"), value=True),
    "2: cannot remove the whole playbook: an edit concerns a part of it.": Edit("remove", ()),
    "23: cannot add 'outcomes': it holds keys, not a list.": Edit("add", ("outcomes",), "x"),
    "7: cannot add 'stages > Lead > aliases': there is no 'Nw' in 'stages > Lead > aliases'. Did you mean 'New'?": Edit(
        "add", ("stages", "Lead", "aliases"), "x", "Nw"
    ),
    "4: cannot move 'stages > Demo': there is no 'Leed' in 'stages'. Did you mean 'Lead'?": Edit(
        "move", ("stages", "Demo"), after="Leed"
    ),
    "17: cannot move 'stages > Demo > optional': only items of a list have an order that matters.": Edit(
        "move", ("stages", "Demo", "optional")
    ),
    "16: cannot add 'stages > Demo > aliases': there is no 'aliases' in 'stages > Demo'.": Edit(
        "add", ("stages", "Demo", "aliases"), "x", "New"
    ),
}


@pytest.mark.parametrize("told", list(REFUSED))
def test_a_path_that_leads_nowhere_is_refused_by_name(told: str) -> None:
    with pytest.raises(PlaybookError) as refused:
        apply(BOOK, [REFUSED[told]])
    assert str(refused.value) == f"<playbook>:{told}"


def test_a_result_that_is_no_playbook_is_refused() -> None:
    with pytest.raises(PlaybookError, match=r"stages\[0\].may_return_to\[0\]: 'Lead' is not a stage"):
        apply(BOOK, [Edit("remove", ("stages", "Lead"))])


def test_edits_follow_one_another() -> None:
    edits = [Edit("remove", ("stages", "Demo", "may_return_to", "Lead")), Edit("remove", ("stages", "Lead"))]
    assert [stage["name"] for stage in plain(apply(BOOK, edits))["stages"]] == ["Demo", "Proposal"]


def edited_book(text: str, *edits: Edit) -> str:
    """Edit a playbook given without its first line."""
    return apply(f"name: x\n{text}", edits).removeprefix("name: x\n")


LAYOUTS: dict[str, tuple[str, Edit, str]] = {
    "a dash on a line of its own goes with its item": (
        "stages:\n  - name: a\n  -\n    name: b\n  # c\n  -   # three\n    name: c\n",
        Edit("remove", ("stages", "b")),
        "stages:\n  - name: a\n  # c\n  -   # three\n    name: c\n",
    ),
    "the first of the keys of an item leaves its dash to the next": (
        "stages:\n  - goal: g  # why\n    name: a\n",
        Edit("remove", ("stages", "a", "goal")),
        "stages:\n  - name: a\n",
    ),
    "the first of the keys of an item leaves the comment of the next": (
        "stages:\n  - goal: g  # why\n    # who\n    name: a\n",
        Edit("remove", ("stages", "a", "goal")),
        "stages:\n  -\n    # who\n    name: a\n",
    ),
    "an item on its own line in brackets takes the line": (
        "stages: [\n  {name: a},  # first\n  {name: b},  # second\n]\n",
        Edit("remove", ("stages", "a")),
        "stages: [\n  {name: b},  # second\n]\n",
    ),
    "an item joins others that have lines of their own in brackets": (
        "stages: [\n  {name: a},  # first\n  {name: b}   # second\n]\n",
        Edit("add", ("stages",), {"name": "c"}),
        "stages: [\n  {name: a},  # first\n  {name: b},   # second\n  {name: c}\n]\n",
    ),
    "an item joins the line of others in brackets": (
        "stages: [\n  {name: a}, {name: b}, # both\n  {name: c}]\n",
        Edit("add", ("stages",), {"name": "d"}, "a"),
        "stages: [\n  {name: a}, {name: d}, {name: b}, # both\n  {name: c}]\n",
    ),
    "an item stands before a bracket that closes behind the last": (
        "stages: [\n  {name: a},\n  {name: b}]\n",
        Edit("add", ("stages",), {"name": "c"}),
        "stages: [\n  {name: a},\n  {name: b}, {name: c}]\n",
    ),
    "an item stands first in brackets of several lines": (
        "stages: [\n  {name: a},  # first\n]\n",
        Edit("add", ("stages",), {"name": "c"}, ""),
        "stages: [\n  {name: c},\n  {name: a},  # first\n]\n",
    ),
    "an item stands first in brackets of one line": (
        "stages: [{name: a}]\n",
        Edit("add", ("stages",), {"name": "c"}, ""),
        "stages: [{name: c}, {name: a}]\n",
    ),
    "the last of two in brackets takes the comma before it": (
        "stages: [{name: a}, {name: b} ]\n",
        Edit("remove", ("stages", "b")),
        "stages: [{name: a} ]\n",
    ),
    "empty brackets are filled": (
        "stages: [{name: a, aliases: []}]\n",
        Edit("add", ("stages", "a", "aliases"), "x"),
        "stages: [{name: a, aliases: [x]}]\n",
    ),
    "empty brackets give way to lines where a list of tasks is set": (
        "stages:\n  - name: a\n    tasks: []  # none yet\n    owner: SDR\n",
        Edit("set", ("stages", "a", "tasks"), [{"do": "Call", "by": "SDR"}]),
        "stages:\n  - name: a\n    tasks:  # none yet\n      - do: Call\n        by: SDR\n    owner: SDR\n",
    ),
    "a key without a value gets one": (
        "stages:\n  - name: a\n    goal:   # to come\n    # owner\n    owner: SDR\n",
        Edit("set", ("stages", "a", "goal"), "Win"),
        "stages:\n  - name: a\n    goal: Win   # to come\n    # owner\n    owner: SDR\n",
    ),
    "a list without an item gets one": (
        "stages:\n  - name: a\n    aliases:\n",
        Edit("add", ("stages", "a", "aliases"), "x"),
        "stages:\n  - name: a\n    aliases: [x]\n",
    ),
    "a mapping without a key gets one": (
        "stages: [{name: a}]\napplies_to:\n",
        Edit("set", ("applies_to", "pipeline"), "EU"),
        "stages: [{name: a}]\napplies_to: {pipeline: EU}\n",
    ),
    "a whole stage is replaced in its place": (
        "stages:\n  - name: a\n    goal: g\n    # inside\n  # outside\n  - name: b\n",
        Edit("set", ("stages", "a"), {"name": "c", "tasks": [{"do": "Call"}]}),
        "stages:\n  - name: c\n    tasks:\n      - do: Call\n  # outside\n  - name: b\n",
    ),
    "a whole stage in braces gives way to lines and keeps its comment": (
        "stages:\n  - {name: a}  # first\n  - name: b\n",
        Edit("set", ("stages", "a"), {"name": "c", "tasks": [{"do": "Call"}]}),
        "stages:\n  - name: c  # first\n    tasks:\n      - do: Call\n  - name: b\n",
    ),
    "folded text gives way to short text": (
        "stages:\n  - name: a\n    goal: >-\n      so\n      long\n    # owner\n    owner: SDR\n",
        Edit("set", ("stages", "a", "goal"), "short"),
        "stages:\n  - name: a\n    goal: short\n    # owner\n    owner: SDR\n",
    ),
    "text over two lines goes as a whole": (
        "stages:\n  - name: a\n    goal: so\n      long\n    owner: SDR\n",
        Edit("remove", ("stages", "a", "goal")),
        "stages:\n  - name: a\n    owner: SDR\n",
    ),
    "a list of one written as bare text goes with it": (
        "stages:\n  - name: a\n    aliases: x\n",
        Edit("remove", ("stages", "a", "aliases", "x")),
        "stages:\n  - name: a\n",
    ),
    "an item stands before one written as bare text": (
        "stages:\n  - name: a\n    aliases: 'x'\n",
        Edit("add", ("stages", "a", "aliases"), "z", ""),
        "stages:\n  - name: a\n    aliases: [z, x]\n",
    ),
    "a file without a final newline stays without": (
        "stages:\n  - name: a\n  - name: b",
        Edit("remove", ("stages", "b")),
        "stages:\n  - name: a",
    ),
    "a key between blank lines takes one of them": (
        "owner: o\n\nversion: v\n\nstages: [{name: a}]\n",
        Edit("remove", ("version",)),
        "owner: o\n\nstages: [{name: a}]\n",
    ),
    "entries with lines of their own in brackets keep their comments, and commas stay": (
        "stages: [\n  {name: a},  # first\n  {name: b},\n  {name: c}   # third\n]\n",
        Edit("move", ("stages", "a")),
        "stages: [\n  {name: b},\n  {name: c},   # third\n  {name: a}  # first\n]\n",
    ),
    "blank lines and comments of nobody stay where they are when a stage moves": (
        "stages:\n  # of a\n  - name: a\n    goal: g\n      # deep in a\n\n# nobody's\n\n  - name: b\n# end\n",
        Edit("move", ("stages", "b"), after=""),
        "stages:\n  - name: b\n\n# nobody's\n\n  # of a\n  - name: a\n    goal: g\n      # deep in a\n# end\n",
    ),
    "the last stage of a file without a final newline moves up, and the file stays without": (
        "stages:\n  - name: a\n  - name: b",
        Edit("move", ("stages", "b"), after=""),
        "stages:\n  - name: b\n  - name: a",
    ),
    "a stage that stays where it is changes nothing": (
        "stages:\n  - name: a\n  - name: b\n",
        Edit("move", ("stages", "b"), after="a"),
        "stages:\n  - name: a\n  - name: b\n",
    ),
    "a long list is written in lines": (
        "stages:\n  - name: a\n",
        Edit("set", ("stages", "a", "aliases"), ["x" * 60, "y" * 60]),
        f"stages:\n  - name: a\n    aliases:\n      - {'x' * 60}\n      - {'y' * 60}\n",
    ),
}


@pytest.mark.parametrize("title", list(LAYOUTS))
def test_every_layout_is_edited_in_its_own_manner(title: str) -> None:
    before, edit, after = LAYOUTS[title]
    assert edited_book(before, edit) == after


@pytest.mark.parametrize(
    "text",
    [
        # The blank lines at the end belong to the text of the goal: no key can stand below without a part of them.
        "name: x\nstages:\n  - name: a\n    goal: |+\n      g\n\n\n",
        # Keys behind a question mark are YAML, but nobody writes them: the text would not be YAML any more.
        "name: x\nstages:\n  - ? name\n    : a\n",
    ],
)
def test_what_cannot_be_edited_without_a_change_elsewhere_is_left_alone(text: str) -> None:
    with pytest.raises(EngineError, match="Cannot set 'stages > a > tasks' in this text"):
        apply(text, [Edit("set", ("stages", "a", "tasks"), [{"do": "Call"}])])


def test_text_that_is_no_playbook_is_not_edited() -> None:
    edit = Edit("set", ("name",), "x")
    with pytest.raises(PlaybookError, match="<playbook>:1: a quotation mark is opened and never closed"):
        apply("name: 'x", [edit])
    with pytest.raises(PlaybookError, match="<playbook>:1: is empty"):
        apply("# nothing", [edit])


def test_no_edit_changes_nothing() -> None:
    assert apply(BOOK, []) == BOOK
    assert difference(BOOK, BOOK, "book.yaml") == ""


def test_a_diff_tells_a_missing_final_newline() -> None:
    assert difference("a: 1", "a: 2\n", "f") == (
        "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a: 1\n\\ No newline at end of file\n+a: 2\n"
    )


def test_a_blank_line_parts_a_new_stage_where_one_parts_the_others() -> None:
    before = "name: x\nstages:\n  - name: a\n\n  - name: b\n\noutcomes: {}\n"
    after = apply(before, [Edit("add", ("stages",), {"name": "c"})])
    assert after == "name: x\nstages:\n  - name: a\n\n  - name: b\n\n  - name: c\n\noutcomes: {}\n"
    assert apply(after, [Edit("remove", ("stages", "c"))]) == before
