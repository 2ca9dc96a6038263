"""Activities among the stages: told by the playbook's tasks, and nothing lost on the way."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from processminer.log.inline_tasks import activities_among
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.study import study_of

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.study import Study

PLAYBOOK = """\
name: x
stages:
  - name: Lead
    tasks:
      - {do: First call, seen_as: [Call]}
  - name: Demo
  - name: Offer
outcomes: {won: [Won], lost: [Lost]}
"""
NAMES = Names(order=("Lead", "Demo", "Offer"), won=("Won",), lost=("Lost",), tasks=("First call", "Call"))


def written(folder: Path) -> Path:
    """Write an event log of one column: thirty deals, each on days of its own."""
    rows: list[tuple[str, str, str, str]] = []
    for deal in range(30):
        path = [("Lead", 1), ("call", 2), ("Demo", 5), ("Reference visit", 6), ("Offer", 9), ("Won", 12)]
        if deal % 3 == 0:
            path[1:2] = []
            path[-1] = ("Lost", 13)
        rows += [(f"d{deal}", what, f"2025-{1 + deal % 12:02}-{day + deal // 12:02}", "u1") for what, day in path]
    rows += [("", "call", "2025-03-01", "u1"), ("d1", "call", "", "u1"), ("d99", "call", "2025-03-01", "u1")]
    path = folder / "log.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("Case ID", "Activity", "Complete Timestamp", "Resource"), *rows])
    return path


def studied(folder: Path, **treat: str) -> Study:
    book = folder / "playbook.yaml"
    book.write_text(PLAYBOOK, encoding="utf-8")
    named = {kind.replace("_", "-"): said for kind, said in treat.items()}
    return study_of(written(folder), book, Options(treat=named))


def test_a_playbooks_tasks_are_found_among_the_stages_and_what_it_does_not_know_is_done_too(tmp_path: Path) -> None:
    study = studied(tmp_path)
    assert [stage.name for stage in study.log.stages] == ["Lead", "Demo", "Offer", "Won", "Lost"]
    assert {(task.name, task.deals) for task in study.discovery.tasks} == {("call", 20), ("Reference visit", 30)}
    (missed,) = (one for one in study.conformance.deviations if one.kind == "task-missing")
    assert (missed.subject, missed.deals) == ("First call", 10)
    (told,) = (one for one in study.log.ingest.problems if one.kind == "activities-among-stages")
    assert (told.rows, told.set_aside) == (53, False)
    faults = {one.kind: one.rows for one in study.log.ingest.problems if one.set_aside}
    assert faults == {"task-without-deal": 1, "task-without-time": 1, "task-of-unknown-deal": 1}
    assert study.log.ingest.rows_read == study.log.ingest.rows_used + 3


def test_they_are_stages_where_the_user_says_so(tmp_path: Path) -> None:
    study = studied(tmp_path, activities_among_stages="keep")
    assert {"call", "Reference visit"} <= {stage.name for stage in study.log.stages}
    assert not study.log.has_tasks


@pytest.mark.parametrize(
    ("labels", "stood_in", "activities"),
    [
        pytest.param(["Lead", "Legal", "Won"], [], [], id="no task of the playbook is among them"),
        pytest.param(["Lead", "CALL", "Legal", "Won"], [], ["CALL", "Legal"], id="what nobody knows is done"),
        pytest.param(["Lead", "Call", "Legal", "Won"], ["legal"], ["Call"], id="deals stand in it"),
        pytest.param(["Lead", "Call", "Demos", "Verloren"], [], ["Call"], id="a stage respelled, and an outcome"),
    ],
)
def test_what_is_an_activity(labels: list[str], stood_in: list[str], activities: list[str]) -> None:
    assert activities_among(labels, NAMES, stood_in) == set(activities)
