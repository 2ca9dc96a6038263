"""Playbooks are read, and all that is wrong with one is told at once, with its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.errors import PlaybookError
from processminer.playbook.lines import line_of
from processminer.playbook.read import parse_playbook, read_playbook, read_text
from tests.playbook_texts import playbook_texts

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
name: New business
version: 2.1.0
valid_from: 2026-01-01
owner: Sales operations
review_every: 90 days
applies_to: {pipeline: Sales Pipeline, type: [New Business]}
stages:
  - name: Prospecting
  - name: Qualification
    aliases: Qualified To Buy
    goal: The need is real.
    probability: 20%
    time_limit: 36 hours
    may_return_to: [Prospecting]
    tasks:
      - do: Discovery call
        by: SDR
        seen_as: [Call, Meeting]
    exit_criteria:
      - name: BANT
        at_least: 3
        of: {Budget: b, Authority: a, Need: n, Timeline: t}
  - name: Demo
    optional: yes
    may_skip_to: Won
    tasks:
outcomes: {won: [Won], lost: Lost}
"""


ALL_AT_ONCE = """\
name: X
version: 2.1
stages:
  - name: Lead
    aliases: Demo
    tme_limit: 14 days
  - name: demo
    goal: a
    goal: b
    tasks:
      - doo: x
      - do: 2026-01-01
        optional: maybe
        seen_as: {a: b}
  - name: Closed Won
    time_limit: soon
    may_skip_to: [Lead, Leed, demo, Demo, Closed Lost, Closed Won]
  - goal: x
    probability: 130%
  - Foo
  - exit_criteria: [{name: BANT, at_least: 3, of: {a: b}}, {name: X, field: 3}, {name: X, field: a, of: {a: b}}]
    name:
    may_return_to: Closed Won
valid_from: 13
outcome: {}
outcomes: {won: Done, lost: [done]}
"""


ALL_TOLD = [
    "book.yaml:2: version: is read as a number, not as text. Put it in quotation marks: '2.1'",
    "book.yaml:6: stages[0].tme_limit: not a key of a stage. Did you mean 'time_limit'?",
    "book.yaml:7: stages[1].name: 'demo' is already a name of the stage 'Lead'. Keep one.",
    "book.yaml:8: stages[1].goal: stands twice. Keep one.",
    "book.yaml:11: stages[1].tasks[0].do: is missing. Write 'do: ...' here.",
    "book.yaml:11: stages[1].tasks[0].doo: not a key of a task. Did you mean 'do'?",
    "book.yaml:12: stages[1].tasks[1].do: is read as a date, not as text. Put it in quotation marks: '2026-01-01'",
    "book.yaml:13: stages[1].tasks[1].optional: must be true or false. Write one of the two, without quotation marks.",
    "book.yaml:14: stages[1].tasks[1].seen_as: must be a list."
    " Write one entry per line, each behind a '- ', or [a, b].",
    "book.yaml:16: stages[2].time_limit: 'soon' is not a length of time. Write for example '14 days' or '36 hours'.",
    "book.yaml:17: stages[2].may_skip_to[0]: 'Lead' is an earlier stage. Say so with 'may_return_to'.",
    "book.yaml:17: stages[2].may_skip_to[1]: 'Leed' is not a stage of this playbook. Did you mean 'Lead'?",
    "book.yaml:17: stages[2].may_skip_to[2]: 'demo' is an earlier stage. Say so with 'may_return_to'.",
    "book.yaml:17: stages[2].may_skip_to[3]: 'Demo' is an alias. Write the stage's name, 'Lead'.",
    "book.yaml:17: stages[2].may_skip_to[4]: 'Closed Lost' is not a stage of this playbook. Did you mean 'Closed Won'?",
    "book.yaml:17: stages[2].may_skip_to[5]: 'Closed Won' is this stage itself. Take it out.",
    "book.yaml:18: stages[3].name: is missing. Write 'name: ...' here.",
    "book.yaml:19: stages[3].probability: '130%' is not a share. Write for example '20%'.",
    "book.yaml:20: stages[4]: must hold keys with values. Write them as 'key: value', one on each line.",
    "book.yaml:21: stages[5].exit_criteria[0]: 'at_least: 3' is more than there is to establish."
    " Name as many under 'of'.",
    "book.yaml:21: stages[5].exit_criteria[2]: says both 'field' and 'of'. Keep one.",
    "book.yaml:21: stages[5].exit_criteria[2].name: 'X' stands twice in this stage. Keep one.",
    "book.yaml:21: stages[5].exit_criteria[1].field: is read as a number, not as text. Put it in quotation marks: '3'",
    "book.yaml:22: stages[5].name: must be text. Write one text behind it, or take it away.",
    "book.yaml:24: valid_from: is not a day. Write for example 2026-01-31.",
    "book.yaml:25: outcome: not a key of a playbook. Did you mean 'outcomes'?",
    "book.yaml:26: outcomes: 'done' is a name of won and of lost. Keep one.",
]


AS_LIST = "Write one entry per line, each behind a '- ', or [a, b]."


def faults(text: str) -> list[str]:
    with pytest.raises(PlaybookError) as refused:
        parse_playbook(text, "book.yaml")
    return [str(fault) for fault in refused.value.faults]


def test_a_playbook_says_what_it_says() -> None:
    playbook = parse_playbook(GOOD)
    first, second, third = playbook.stages
    assert playbook.names == ("Prospecting", "Qualification", "Demo")
    assert (playbook.version, playbook.valid_from, playbook.review_every) == ("2.1.0", date(2026, 1, 1), 90)
    assert playbook.applies_to == {"pipeline": ("Sales Pipeline",), "type": ("New Business",)}
    assert (first.optional, third.optional) == (False, True)
    assert (second.aliases, second.probability, second.time_limit) == (("Qualified To Buy",), 0.2, 1.5)
    assert second.tasks[0].seen_as == ("Call", "Meeting")
    assert (second.exit_criteria[0].needed, second.exit_criteria[0].fields) == (3, ("b", "a", "n", "t"))
    assert (third.may_skip_to, third.tasks) == (("Won",), ())
    assert (playbook.outcomes.won, playbook.outcomes.lost) == (("Won",), ("Lost",))
    assert playbook.stage("Demo") is third
    assert playbook.stage("demo") is None


def test_all_faults_of_a_playbook_are_told_at_once_by_line() -> None:
    assert faults(ALL_AT_ONCE) == ALL_TOLD


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1: is empty. Begin with 'processminer playbook new'."),
        ("# nothing\n", "1: is empty. Begin with 'processminer playbook new'."),
        ("just text", "1: is not a playbook: it must begin with keys such as 'name:' and 'stages:'."),
        ("- a\n- b", "1: is not a playbook: it must begin with keys such as 'name:' and 'stages:'."),
        ("name: x\nstages: []", "2: stages: holds nothing. Write at least one entry, such as '- name: Demo'."),
        ("name: x\nstages: Lead", f"2: stages: must be a list. {AS_LIST}"),
        ("name: x", "1: stages: is missing. Write 'stages: ...' here."),
        ("name: ' '\nstages: [{name: a}]", "1: name: is empty. Write something, or take it away."),
        ("name: x\nstages:\n\t- name: a", "3: a tab stands in the indentation; use spaces."),
        ("name: x\nstages:\n  - name: a\n    goal: 'x", "4: a quotation mark is opened and never closed."),
        ("name: x: y", "1: a ':' stands where none can; put text that holds ': ' in quotation marks."),
        ("name: x\nstages:\n  - name: a\n   - name: b", "4: the indentation does not fit the lines above."),
        ("name: x\nstages: [a, b", "2: a list in [brackets] is not closed, or lacks a comma."),
        ("name: x\nstages: {a: b", "2: a mapping in {braces} is not closed, or lacks a comma."),
        ("name: @x", "1: text cannot begin with '@'; put it in quotation marks."),
        ("name: &a x\nstages:\n  - *a", "3: '*a' points elsewhere; write out what it stands for."),
        ("name: !run x", "1: the tag '!run' is not read; write the value alone."),
        ("name: x\n---\nname: y", "2: a second document begins ('---'); keep one in a file."),
        ("? [a]\n: b", "1: a key must be plain text."),
        (
            "name: x\nstages:\n  - name: a\n    aliases: ' '",
            "4: stages[0].aliases[0]: is empty. Write something, or take it away.",
        ),
        ("name: x\x07", "1: holds the control character '\\x07'."),
        ("name: x\nstages:\n  - {name: [a, , b]}", "3: a value is missing here."),
        ("name: " + "[" * 500_000, "1: is nested more than 40 deep."),
        ("name: x\nstages:\n  - name: a\n    tasks: {do: x}", f"4: stages[0].tasks: must be a list. {AS_LIST}"),
        (
            "name: x\nstages:\n  - name: a\n    exit_criteria:\n      - {name: b, at_least: many}",
            "5: stages[0].exit_criteria[0].at_least: must be a whole number. Write it in digits, such as 3.",
        ),
        ("name: x\nstages: [{name: a}]\nstags: 1", "3: stags: not a key of a playbook. Did you mean 'stages'?"),
    ],
)
def test_broken_playbooks_are_told_in_plain_words(text: str, told: str) -> None:
    assert faults(text)[0] == f"book.yaml:{told}"


FULL = """\
name: x
version: 2.0.0
stages:
  - name: Lead
    warn_after: 5 days
    time_limit: 7 days
    max_silence: 3 days
    min_contacts: 2
    max_visits: 1
    entry_criteria:
      - {name: Fits, document: profile.md, approved_by: Head of sales}
    advance_when: A meeting has a date
outcomes:
  won: [Won]
  lost: [Lost]
  no_decision: [Stalled, Lost]
  disqualified: Bad fit
handovers:
  - {entering: Won, from: AE, to: Delivery, within: 2 days, passes: [notes]}
service:
  - name: Delivery
    begins_at: Won
    time_limit: 30 days
    tasks: [{do: Kick-off}]
  - {name: Win-back, begins_at: Bad fit}
  - {name: Growth, begins_at: Delivery}
metrics:
  - {name: Win rate, target: 25%}
  - {name: Cycle, target: 60}
changes:
  - {version: 2.0.0, day: 2026-01-01, why: Fewer stages}
"""


def test_names_are_one_name_where_the_log_takes_them_for_one() -> None:
    text = (
        "name: x\nstages: [{name: Price  agreed}, {name: price agreed}]\n"
        "outcomes: {won: Won, lost: [\u24cc\u24de\u24dd]}"
    )
    assert faults(text) == [
        "book.yaml:2: stages[1].name: 'price agreed' is already a name of the stage 'Price  agreed'. Keep one.",
        "book.yaml:3: outcomes: '\u24cc\u24de\u24dd' is a name of won and of lost. Keep one.",
    ]


def test_what_a_choice_offers_is_told() -> None:
    text = (
        "name: x\nstages: [{name: a, exit_criteria: [{name: q, uses: MEDPICC}]}]\nmetrics: [{name: m, measure: luck}]"
    )
    known = "win rate, won lead time, time in stage, conversion, deals over limit, no decision, fitness"
    assert faults(text) == [
        "book.yaml:2: stages[0].exit_criteria[0].uses: 'MEDPICC' is nothing that may stand here."
        " Did you mean 'MEDDPICC'?",
        f"book.yaml:3: metrics[0].measure: 'luck' is nothing that may stand here. It may be: {known}.",
    ]


def test_every_fault_says_what_to_write_instead() -> None:
    for text in (
        ALL_AT_ONCE,
        "name: x\nstages: []",
        "name: x\nstages: [{name: ' '}]",
        FULL.replace("max_visits: 1", "max_visits: 0"),
    ):
        with pytest.raises(PlaybookError) as refused:
            parse_playbook(text)
        assert [fault.message for fault in refused.value.faults if not fault.hint] == []


@pytest.mark.parametrize(
    "limit", ["inf days", "nan", ".inf", ".nan", "-3 days", "0 days", "3 fortnights", "true", "days"]
)
def test_a_length_of_time_is_finite_and_positive(limit: str) -> None:
    (fault,) = faults(f"name: x\nstages: [{{name: a, time_limit: {limit}}}]")
    assert "is not a length of time" in fault


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    for newline in ("\n", "\r\n", "\r"):
        assert faults("name: x\n\n\nstages: [{name: a}]\n\nlimmit: 1\n".replace("\n", newline))[0].startswith(
            "book.yaml:6: limmit"
        )


def test_files_that_are_no_playbooks_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("name: x\nowner: Größe\n".encode("latin-1"))
    (tmp_path / "log.csv").write_bytes(b"x" * 1_000_001)
    for name, told in {
        "absent.yaml": ": there is no such file. Check the path.",
        "": ": is a folder, not a playbook. Name the file in it.",
        "latin.yaml": ":2: is not UTF-8 text. Save it as UTF-8.",
        "log.csv": ": is larger than 1 MB; a playbook is a few pages. Is it the log?",
        "a\0b": ": cannot be opened: embedded null byte.",
    }.items():
        with pytest.raises(PlaybookError) as refused:
            read_playbook(tmp_path / name)
        assert str(refused.value) == f"{tmp_path / name}{told}"


def test_a_file_reads_as_its_text_and_keeps_its_line_endings(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_playbook(path) == parse_playbook(GOOD)
    assert read_text(str(path)) == "\ufeff" + GOOD.replace("\n", "\r\n")


def test_lines_are_found_by_path_or_by_the_nearest_part_above() -> None:
    lines = {
        (): 1,
        ("stages",): 7,
        ("stages", "Qualification"): 9,
        ("stages", "Qualification", "time_limit"): 13,
        ("stages", "Qualification", "may_return_to", "Prospecting"): 14,
        ("stages", "Qualification", "tasks", "Discovery call"): 16,
        ("stages", "Qualification", "tasks", "Discovery call", "by"): 17,
        ("stages", "Qualification", "exit_criteria", "BANT", "of", "Need"): 22,
        ("stages", "Qualification", "owner"): 9,
        ("stages", "Nowhere", "owner"): 7,
        ("stages", "Demo", "tasks", "Call"): 26,
        ("nothing",): 1,
    }
    assert {path: line_of(GOOD, path) for path in lines} == lines
    assert line_of("a:\n  - [b]\n  - c\n", ("a", "b")) == 1
    assert line_of("a: 'x", ("a",)) is None
    assert line_of("", ("a",)) is None


@settings(deadline=None, max_examples=40)
@given(playbook_texts())
def test_every_written_playbook_reads_in_its_order(written: tuple[dict[str, object], str]) -> None:
    book, text = written
    stages = book["stages"]
    assert isinstance(stages, list)
    playbook = parse_playbook(text)
    assert playbook.names == tuple(stage["name"] for stage in stages)
    assert [len(stage.tasks) for stage in playbook.stages] == [len(stage.get("tasks", ())) for stage in stages]


@settings(deadline=None, max_examples=150)
@given(st.text(st.sampled_from("ab:-[]{}#'\"\n\t |>&*!%@,?~\r\x00\u2028é1"), max_size=60))
def test_text_that_is_no_playbook_is_refused_with_a_line(text: str) -> None:
    with pytest.raises(PlaybookError) as refused:
        parse_playbook(text)
    assert all(fault.place.line is not None for fault in refused.value.faults)
