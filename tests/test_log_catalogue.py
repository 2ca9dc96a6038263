"""Whatever reading can report has a page: what it is, what is done about it, and how to have it another way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from processminer.log.columns import Conventions
from processminer.log.eventlog import Problem, Question
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.quirks.catalogue import catalogued, choose_treatments, quirks, rank
from processminer.log.read import read_log
from processminer.report.ingest_text import render_ingest
from tests.needs import public_log
from tests.quirk_worlds import day, healthy, met, read, records_of, salesforce, write

ROOM = Path(__file__).parents[1] / "processminer" / "log"
EXPORTS = Path(__file__).parent / "exports"

SAYS_KIND = {"Problem": 0, "Note": 0, "Sighting": 0, "keep": 1, "note_of": 1, "_odd_records": 2, "_of_records": 2}
"""Calls that report something, and which of their arguments is its kind."""

TABLES_OF_KINDS = {"FAULTS", "TASK_FAULTS", "CONTACT_FAULTS", "FIELD_FAULTS", "ASIDE", "KINDS", "TREATMENT"}
"""Names of constants that list kinds, as keys or as values, whichever are text in dashes."""


def slug(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z]+(-[a-z]+)*", node.value):
        yield node.value


def kinds_said(tree: ast.Module) -> Iterator[str]:
    """Yield the kinds that a module can report, as far as it writes them out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            at = SAYS_KIND.get(name)
            if at is not None and len(node.args) > at:
                yield from slug(node.args[at])
            if name == "_set_aside":
                yield from (one for given in node.args for one in slug(given) if "-" in one)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named = {target.id for target in targets if isinstance(target, ast.Name)}
            if named & TABLES_OF_KINDS and isinstance(node.value, ast.Dict | ast.Tuple):
                cells = (
                    node.value.elts
                    if isinstance(node.value, ast.Tuple)
                    else [key for key in [*node.value.keys, *node.value.values] if key is not None]
                )
                yield from (one for cell in cells for one in slug(cell) if "-" in one)


def test_every_kind_that_a_room_can_report_has_a_page() -> None:
    said = {kind for file in ROOM.rglob("*.py") for kind in kinds_said(ast.parse(file.read_text(encoding="utf-8")))}
    assert {"above-the-table", "lent-date-order", "moved-between-looks", "task-not-done", "stale-open"} <= said
    assert sorted(said - set(quirks())) == []


def test_every_page_is_whole() -> None:
    for kind, quirk in quirks().items():
        assert re.fullmatch(r"(Q([1-9]|[12][0-9]|3[01]))?", quirk.number), kind
        assert quirk.title, kind
        assert quirk.page.endswith("."), kind
        assert quirk.treatments, kind
        assert all(sentence.endswith(".") or "--decimal" in sentence for sentence in quirk.treatments.values()), kind
        assert set(quirk.spoils) <= set(Question.__args__), kind


@pytest.mark.parametrize("folder", sorted(folder.name for folder in EXPORTS.iterdir() if folder.is_dir()))
def test_what_an_export_shows_is_called_by_the_title_of_its_page(folder: str) -> None:
    report = (EXPORTS / folder / "ingest.txt").read_text(encoding="utf-8")
    part = report.split("What this log can answer")[0]
    told = re.findall(r"^  (\S.*?) \(([a-z-]+)\):", part, re.MULTILINE)
    assert told or "Nothing had to be treated" in part
    assert [(title, kind) for title, kind in told if quirks()[kind].title != title] == []
    assert not re.findall(r"^      \S", part.split("What was treated")[-1], re.MULTILINE)


def test_the_worst_comes_first_and_the_harmless_last() -> None:
    usual = choose_treatments({})
    given = [
        Problem("returns", 900, "", (), deals=900),
        Problem("no-amount", 5, "", (), deals=5),
        Problem("left-truncated", 5, "", (), deals=5),
        Problem("stale-open", 6, "", (), deals=6),
        Problem("value-spellings", 50, "", ()),
        Problem("negative-amount", 4, "", (), deals=4),
    ]
    ordered = sorted((catalogued(problem, usual) for problem in given), key=rank)
    assert [problem.kind for problem in ordered] == [
        "stale-open", "left-truncated", "negative-amount", "value-spellings", "no-amount", "returns",
    ]  # fmt: skip


CLEAN = healthy(60)


@pytest.mark.parametrize("zone", [None, "Asia/Yekaterinburg"])
def test_days_without_hours_are_never_called_clicked_through(tmp_path: Path, zone: str | None) -> None:
    rows = [(deal, stage, day(at)[:10]) for deal, stage, at in CLEAN]
    rows += [(f"s{at}", stage, "2026-01-20") for at in range(7) for stage in ("Qualify", "Propose")]
    write(tmp_path, "log.csv", ["deal_id", "stage", "entered_at"], rows)
    log = read_log(tmp_path, Options(conventions=Conventions(timezone=zone)))
    seen = met(log)
    assert seen["tied-timestamps"].deals == 7
    assert seen["day-precision"].rows == len(rows)
    assert "clicked-through" not in seen


def test_a_list_of_two_dates_claims_no_stage_passed_over(tmp_path: Path) -> None:
    head = ["Deal - ID", "Deal - Title", "Deal - Stage", "Deal - Status", "Deal - Deal created", "Deal - Won time"]
    stages = ("A", "B", "C")
    rows = [
        (at, f"Deal {at}", stages[at % 3], "Won" if at % 2 else "Open", f"2026-01-{at:02} 09:00:00",
         f"2026-02-{at:02} 10:00:00" if at % 2 else "")
        for at in range(1, 20)
    ]  # fmt: skip
    write(tmp_path, "deals.csv", head, rows)
    log = read(tmp_path)
    assert log.ingest.profile == "pipedrive-deals-export"
    assert not {"skipped-stages", "returns"} & set(met(log))


def test_no_closed_deal_is_said_as_a_sentence(tmp_path: Path) -> None:
    rows = [(deal, stage, at) for deal, stage, at in CLEAN if not stage.startswith("Closed")]
    log = read_log(salesforce(tmp_path, rows, records=records_of(rows)), Options(names=Names(lenient=True)))
    text = " ".join(render_ingest(log).split())
    assert "Few closed deals (too-few): none." in text
    assert "None is closed yet." in text
    assert ": 0 deals" not in text


@pytest.mark.parametrize("sample", ["salesforce", "hubspot"])
def test_the_samples_show_nothing_without_a_page(sample: str) -> None:
    problems = read_log(Path("samples") / sample).ingest.problems
    assert problems
    assert all(problem.title == quirks()[problem.kind].title for problem in problems)


def test_the_dirty_export_shows_nothing_without_a_page() -> None:
    problems = read_log(public_log("dirty_crm")).ingest.problems
    assert len(problems) > 15
    assert all(problem.title == quirks()[problem.kind].title for problem in problems)
