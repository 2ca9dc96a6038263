"""The same deals give the same audit, whichever door they come through; what a door loses, the ingest report says."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from processminer.log.database import shown
from processminer.log.options import Options
from processminer.report.json_report import render_json
from processminer.study import study_of
from tests.exports_of import (
    Export,
    read_export,
    write_hubspot,
    write_postgres,
    write_report,
    write_salesforce,
    write_xes,
)

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "samples"))

import generate  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.postgres import Server

Audit = dict[str, Any]
AS_OF = datetime(2026, 6, 30, 18)
LOST = {"postgres": set[str](), "hubspot": set[str](), "report": {"tasks", "durations"}, "xes": {"tasks"}}
"""What each door cannot carry, and must say so."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doors")


@pytest.fixture(scope="module")
def export(folder: Path) -> Export:
    """Return 300 deals of the samples' organisation, as Salesforce exports them."""
    world = generate.worlds(deals=300)["salesforce"]
    generate.write(folder / "made", {"salesforce": world})
    return read_export(folder / "made" / "salesforce")


@pytest.fixture(scope="module")
def through(folder: Path, export: Export, postgres: Server) -> Callable[[str], Audit]:
    """Return the audit of the deals as they are told through a door."""
    write_report(folder / "report", export)
    write_hubspot(folder / "hubspot", export)
    write_xes(folder / "xes" / "log.xes", export)
    write_postgres(postgres, postgres.made("doors"), export)
    return cache(lambda door: audit(postgres.url(database="doors") if door == "postgres" else str(folder / door)))


def audit(source: str) -> Audit:
    """Return the audit of a log against the playbook that ships, less the log's own name."""
    told = render_json(study_of(source, str(ROOT / "playbooks" / "b2b-saas.yaml"), Options(as_of=AS_OF)))
    # Commands name the log: as a word of the shell, so that an address stands between quotation marks.
    found: Audit = json.loads(re.sub(rf"'?{re.escape(shown(source))}'?", "LOG", told))
    return found


def verdicts(found: Audit) -> dict[str, str]:
    return {answer["question"]: answer["verdict"] for answer in found["source"]["answers"]}


def without(export: Export, lost: set[str]) -> Export:
    """Return the deals less what is said to be lost, so that what is lost unsaid makes another audit."""
    known = {"tasks", "durations"}
    assert lost <= known, f"nobody knows how to take {lost - known} out of an export"
    if "tasks" in lost:
        export = replace(export, tasks=[])
    if "durations" in lost:
        # The order of the changes of a day is not lost: each says which stage was left.
        export = replace(
            export,
            history=[
                {**row, "CreatedDate": row["CreatedDate"][:10], "PreviousOpportunityStageName": before["StageName"]}
                for moves in export.changes().values()
                for before, row in zip([{"StageName": ""}, *moves], moves, strict=False)
            ],
        )
    return export


def measured(found: Audit) -> Audit:
    """Return all of an audit but where it was read: its numbers, findings, revisions and texts."""
    return {part: told for part, told in found.items() if part != "source"} | {
        "stage_order": found["source"]["stage_order"],
        "verdicts": verdicts(found),
    }


@pytest.fixture(scope="module")
def whole(folder: Path, export: Export) -> Audit:
    """Return the audit of Salesforce's own tables, with all that they say."""
    write_salesforce(folder / "whole", export)
    return audit(str(folder / "whole"))


@pytest.mark.parametrize("door", LOST)
def test_the_audit_is_the_same_up_to_what_the_door_says_it_loses(
    door: str, through: Callable[[str], Audit], folder: Path, export: Export, whole: Audit
) -> None:
    found = through(door)
    lost = {question for question, verdict in verdicts(found).items() if verdict != verdicts(whole)[question]}
    assert lost == LOST[door]
    rest = whole
    if lost:
        write_salesforce(folder / f"without for {door}", without(export, lost))
        rest = audit(str(folder / f"without for {door}"))
    apart = list(differences(measured(found), measured(rest)))
    if door != "postgres":
        # What a door knows of amounts at each moment is held equal in comparisons, and doors know of other moments.
        apart = [one for one in apart if not one.startswith(COMPARED)]
    assert apart == []


COMPARED = (
    ".effects",
    ".forecast.chances",
    ".findings",
    ".revisions",
    ".undecided",
    ".together",
    ".playbook.revised",
    ".whole_process",
)
"""What rests on deals that are alike in what the log tells of them, or on chances that a door may not declare."""


def differences(one: object, other: object, place: str = "") -> Iterator[str]:
    """Yield where two audits differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{place}[{at}]")
    elif one != other:
        yield f"{place}: {one} / {other}"[:300]


@pytest.mark.parametrize("door", LOST)
def test_what_no_door_loses_is_the_same_everywhere(door: str, through: Callable[[str], Audit], whole: Audit) -> None:
    found = through(door)
    for part in ("total", "won", "lost", "open", "excluded"):
        assert found["deals"][part] == whole["deals"][part]
    for part in ("estimate", "low", "high"):
        assert found["win_rate"][part] == whole["win_rate"][part]
    for part, told in (
        ("stages", ("stage", "deals", "visits", "open", "moves_back", "moves_undeclared")),
        ("moves", ("from", "to", "count", "deals", "declared")),
        ("variants", ("path", "deals", "won", "lost", "open")),
    ):
        assert [[row[name] for name in told] for row in found[part]] == [
            [row[name] for name in told] for row in whole[part]
        ]


@pytest.mark.parametrize("loss", ["a stage", "a day", "an amount", "a field", "a deal"])
def test_a_loss_that_is_not_said_makes_another_audit(loss: str, folder: Path, export: Export, whole: Audit) -> None:
    last = export.history[-1]
    history, deals = export.history, export.deals
    if loss == "a stage":
        history = history[:-1]
    elif loss == "a day":
        later = datetime.fromisoformat(last["CreatedDate"]).replace(hour=0, minute=0, second=0)
        history = [*history[:-1], {**last, "CreatedDate": later.isoformat()}]
    elif loss == "a deal":
        history = [row for row in history if row["OpportunityId"] != last["OpportunityId"]]
        deals = [row for row in deals if row["Id"] != last["OpportunityId"]]
    elif loss == "a field":
        deals = [{**row, "Pain__c": ""} for row in deals]
    else:
        deals = [{**row, "Amount": ""} for row in deals]
        history = [{**row, "Amount": ""} for row in history]
    poorer = folder / f"poorer by {loss}"
    write_salesforce(poorer, replace(export, history=history, deals=deals))
    assert measured(audit(str(poorer))) != measured(whole)
