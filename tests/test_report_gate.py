"""The gate as machines read it: what fails, where, and whatever the names are."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from processminer.cli import main
from processminer.conformance.conformance import Conformance, Deviation, Obligation, ObligationKind
from processminer.conformance.gate import Missed, gate
from processminer.playbook.model import Playbook
from processminer.playbook.parts.stages import Stage
from processminer.playbook.parts.upkeep import DeviationKind
from processminer.report.gate.checked import Checked
from processminer.report.gate.github import render_github
from processminer.report.gate.junit import render_junit
from processminer.report.gate.markdown_gate import MOST_BYTES, render_gate_markdown
from processminer.statistics.proportions import wilson
from tests.worlds import write_export

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

HOSTILE = "50 %,\r\n::error file=x::<b>|`a` @all]]>\x1b[2J\x00\u202e&\"'"
COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-z]+=[^:,\r\n]*,?)+)::([^\r\n]*)")


def deviation(
    kind: DeviationKind, subject: str, deals: int, stage: str | None = None, line: int | None = 3
) -> Deviation:
    return Deviation(
        kind=kind, subject=subject, deals=deals, reached=10, share=wilson(deals, 10), won=deals, lost=0, open=0,
        examples=("x",), sentence=f"{deals} of 10 deals broke {subject}.", line=line, stage=stage,
    )  # fmt: skip


def obligation(
    kind: ObligationKind, subject: str, broken: int, stage: str | None = None, unchecked: int = 0
) -> Obligation:
    kept = 0 if unchecked else 10 - broken
    return Obligation(kind, subject, stage, kept, broken, 0, unchecked, "a column" if unchecked else None, 3)


def conformance(deviations: tuple[Deviation, ...], obligations: tuple[Obligation, ...]) -> Conformance:
    return Conformance(0.9, 5, 5, 0, deviations, obligations, (), frozenset(), {})


def checked(
    found: Conformance, fail_on: tuple[str, ...] = (), fitness: float | None = None, file: str = "p.yaml"
) -> Checked:
    stages = tuple(dict.fromkeys(one.stage for one in found.obligations if one.stage)) or ("Demo",)
    playbook = Playbook(name="p", stages=tuple(Stage(name=one) for one in stages))
    return Checked(file, found, stages, gate(found, playbook, fitness, fail_on), fitness, fail_on)


FOUND = conformance(
    (
        deviation("skipped", "Demo", 4, "Demo"),
        deviation("undeclared", "Legal", 2, None, None),
        deviation("over-time", "Demo", 1, "Demo"),
    ),
    (
        obligation("path", "Demo", 4, "Demo"),
        obligation("time-limit", "Demo", 1, "Demo"),
        obligation("owner", "Demo", 0, "Demo", 10),
    ),
)


def failures(text: str) -> list[tuple[str, str]]:
    return [
        (case.get("classname", ""), case.get("name", ""))
        for case in ET.fromstring(text).iter("testcase")
        if case.find("failure") is not None
    ]


@pytest.mark.parametrize(
    ("fail_on", "fitness", "expected"),
    [
        ((), None, [("path", "Demo"), ("time-limit", "Demo"), ("undeclared", "Legal")]),
        (("skipped",), None, [("path", "Demo")]),
        (("path:Demo",), None, [("path", "Demo")]),
        (("broken:undeclared:Legal",), None, [("undeclared", "Legal")]),
        (("broken",), None, [("path", "Demo"), ("time-limit", "Demo"), ("undeclared", "Legal")]),
        (("task-missing",), 0.95, [("gate", "fitness")]),
        (("task-missing",), 0.9, []),
    ],
)
def test_what_the_gate_names_fails_and_all_that_is_broken_where_there_is_none(
    fail_on: tuple[str, ...], fitness: float | None, expected: list[tuple[str, str]]
) -> None:
    assert failures(render_junit(checked(FOUND, fail_on, fitness))) == expected


def test_a_rule_that_cannot_be_checked_is_skipped_with_what_it_needs() -> None:
    suites = ET.fromstring(render_junit(checked(FOUND)))
    (skipped,) = suites.iter("skipped")
    assert skipped.get("message") == "Cannot be checked with this log: it would need a column."
    assert [suite.get("name") for suite in suites] == ["gate", "Demo", "beside the stages"]
    _well_counted(suites)


def _well_counted(suites: Element) -> None:
    """The structure that JUnit's readers rely on, and counts that agree with what is inside."""
    assert suites.tag == "testsuites"
    for holder in (suites, *suites):
        cases = list(holder.iter("testcase"))
        assert holder.get("tests") == str(len(cases))
        assert holder.get("failures") == str(sum(case.find("failure") is not None for case in cases))
        assert holder.get("skipped") == str(sum(case.find("skipped") is not None for case in cases))
        assert holder.get("errors") == "0"
    for suite in suites:
        assert suite.tag == "testsuite"
        for case in suite:
            assert case.get("classname")
            assert {child.tag for child in case} <= {"failure", "skipped", "system-out"}


TEXTS = st.text(st.characters(), min_size=1, max_size=12).filter(lambda text: text.strip() != "")


@settings(max_examples=60)
@given(TEXTS, TEXTS, st.booleans())
def test_any_names_make_well_formed_xml_one_command_a_line_and_a_table(subject: str, stage: str, named: bool) -> None:
    found = conformance(
        (deviation("skipped", stage, 4, stage), deviation("undeclared", subject, 2, None, None)),
        (obligation("path", stage, 4, stage),),
    )
    one = checked(found, ("broken",) if named else (), file=f"{subject}.yaml")
    _well_counted(ET.fromstring(render_junit(one)))
    assert bool(one.missed) == named
    lines = render_github(one).rstrip("\n").split("\n")
    assert len(lines) == 3
    assert all(COMMAND.fullmatch(line) for line in lines)
    assert sum(line.startswith("::error ") for line in lines) == (2 if named else 0)
    html = MarkdownIt("js-default").render(render_gate_markdown(one))
    assert html.count("<tr>") == 1 + 2
    assert "<a " not in html


def test_a_hostile_name_stays_a_name() -> None:
    found = conformance((deviation("undeclared", HOSTILE, 2, None, 7),), ())
    one = checked(found, ("undeclared",), file="a,b:c%.yaml")
    error, _ = render_github(one).rstrip("\n").split("\n")
    match = COMMAND.fullmatch(error)
    assert match is not None
    assert match[2].startswith("file=a%2Cb%3Ac%25.yaml,line=7,title=undeclared 50 %25%2C  %3A%3Aerror file=x%3A%3A<b>")
    assert "\x1b" not in error
    (case,) = [
        case for case in ET.fromstring(render_junit(one)).iter("testcase") if case.get("classname") == "undeclared"
    ]
    assert (case.get("name") or "").startswith("50 %,  ::error file=x::<b>|`a` @all]]>\ufffd[2J\ufffd\ufffd&\"'")
    html = MarkdownIt("js-default").render(render_gate_markdown(one))
    assert "<b>" not in html
    assert "&lt;b&gt;|`a`" in html


def test_a_comment_stays_below_its_limit_and_counts_what_it_leaves_out() -> None:
    deviations = tuple(deviation("undeclared", f"{'<&|_*' * 60}{at}", 2, None, None) for at in range(500))
    text = render_gate_markdown(checked(conformance(deviations, ()), ("undeclared",)))
    assert len(text.encode()) < MOST_BYTES
    left = re.search(r"And ([\d,]+) more\.", text)
    assert left is not None
    assert text.count("not in the playbook |") + int(left[1]) == 500
    assert "- and 480 more" in text


def test_each_reason_is_told_once_with_its_line() -> None:
    playbook = Playbook(name="p", stages=(Stage(name="Demo"),))
    missed = gate(FOUND, playbook, None, ("skipped", "skipped:Demo", "broken:skipped"))
    assert missed == (Missed("skipped Demo: 4 of 10 (40 %) deals.", "skipped", "Demo", "Demo", 3),)


PLAYBOOK = """\
name: Small
stages:
  - name: Lead
  - name: Demo
    time_limit: 3 days
  - name: Proposal
outcomes: {won: [Won], lost: [Lost]}
accepted:
  - {deviation: undeclared, subject: Legal, because: It is new, until: 2020-01-31}
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    deals = {
        "=1+1": ["Lead", "Proposal", "Won"],
        "kept": ["Lead", "Demo", "Proposal", "Won"],
        "slow": [("Lead", 0), ("Demo", 1), ("Legal", 9), ("Proposal", 10)],
        "stuck": [("Lead", 0), ("Demo", 1)],
    }
    said = {deal: {"OwnerId": f"{sign}{deal}"} for deal, sign in zip(deals, "@+-=", strict=True)}
    write_export(folder, deals, {}, said, ("Won",), ("Lost",))
    (tmp_path / "p.yaml").write_text(PLAYBOOK, encoding="utf-8")
    return folder


def run(log: Path, *words: str) -> tuple[int, str, str]:
    told = CliRunner().invoke(main, ["check", str(log), str(log.parent / "p.yaml"), *words])
    return told.exit_code, told.stdout, told.stderr


SKIPPED = (("--fail-on", "skipped:Demo"), 1, "skipped Demo: 1 of 4 (25 %) deals.\n")
GATES: list[tuple[tuple[str, ...], int, str]] = [
    ((), 0, ""),
    (("--fail-on", "over-limit"), 1, "over-limit Demo: 1 open deal right now.\n"),
    (("--fail-on", "time-limit:Demo"), 1, "time-limit Demo: broken by 2 of 3 (67 %) deals.\n"),
    (("--fail-on", "returned", "--min-fitness", "0.5"), 0, ""),
    (("--fail-on", "broken:undeclared"), 1, "undeclared Legal: 1 of 4 (25 %) deals.\n"),
]


@pytest.mark.parametrize(
    ("kind", "words", "code", "told"),
    [("junit", *one) for one in GATES] + [(kind, *SKIPPED) for kind in ("text", "json", "md", "github", "junit")],
)
def test_every_form_has_the_same_exit_code_and_reasons(
    log: Path, kind: str, words: tuple[str, ...], code: int, told: str
) -> None:
    found, out, err = run(log, *words, "--format", kind)
    assert (found, err) == (code, told)
    if kind == "json":
        assert json.loads(out)["gate"] == {
            "asked": {"min_fitness": None, "fail_on": ["skipped:Demo"]},
            "met": False,
            "missed": [
                {
                    "message": told.strip(),
                    "kind": "skipped",
                    "subject": "Demo",
                    "stage": "Demo",
                    "line": 4,
                    "version": None,
                }
            ],
        }
    if kind == "junit" and words:
        assert bool(failures(out)) == (code == 1)
    if kind == "github":
        assert "p.yaml,line=4,title=skipped Demo::1 of 4 deals (25 %25)" in out


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("time-limt", "Did you mean 'time-limit'?"),
        ("broken:skiped:Demo", "Did you mean 'skipped'?"),
        ("time-limit:Dmo", "Did you mean 'Demo'?"),
        ("over-limit:Lead", "There are: Demo."),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_the_nearest(log: Path, said: str, hint: str) -> None:
    code, _, err = run(log, "--fail-on", said)
    assert code == 2
    assert hint in err


def test_the_check_goes_to_a_file_and_the_deals_to_a_table_that_runs_no_formula(log: Path) -> None:
    out, deals = log.parent / "check.xml", log.parent / "deals.csv"
    code, said, _ = run(log, "--format", "junit", "--out", str(out), "--deals", str(deals))
    assert (code, said) == (0, "")
    assert failures(out.read_text(encoding="utf-8"))
    rows = {row["deal"]: row for row in csv.DictReader(io.StringIO(deals.read_text(encoding="utf-8")))}
    assert list(rows) == ["'=1+1", "kept", "slow", "stuck"]
    assert [row["owner"] for row in rows.values()] == ["'@=1+1", "'+kept", "'-slow", "'=stuck"]
    assert [row["verdict"] for row in rows.values()] == ["violating", "conforming", "violating", "violating"]
    assert rows["'=1+1"]["sentence"] == "skipped Demo"
    assert rows["slow"]["sentence"] == "5 days over the limit in Demo; was in Legal, which the playbook does not know"
    assert rows["slow"]["moves"] == "2026-01-05 00:00 over-time Demo; 2026-01-10 00:00 undeclared Legal"
    assert (rows["kept"]["sentence"], rows["kept"]["deviations"], rows["kept"]["first_seen"]) == ("", "0", "")


def test_a_model_has_a_gate_in_every_form_and_no_table_of_deals(log: Path, tmp_path: Path) -> None:
    from processminer.diagrams.bpmn import draw_bpmn
    from processminer.playbook.read import parse_playbook

    model = tmp_path / "p.bpmn"
    model.write_text(draw_bpmn(parse_playbook(PLAYBOOK, "p.yaml")), encoding="utf-8")

    def against(*words: str) -> tuple[int, str]:
        told = CliRunner().invoke(main, ["check", str(log), str(model), *words])
        return told.exit_code, told.stdout

    code, text = against("--format", "junit", "--fail-on", "skipped")
    assert (code, failures(text)) == (1, [("skipped", "Demo")])
    code, text = against("--format", "github", "--fail-on", "undeclared:Legal")
    assert code == 1
    assert text.startswith("::error file=")
    assert against("--format", "md", "--min-fitness", "0.1")[0] == 0
    assert json.loads(against("--format", "json", "--min-fitness", "0.99")[1])["gate"]["met"] is False
    assert against("--deals", str(tmp_path / "d.csv"))[0] == 2
