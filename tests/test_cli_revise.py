"""`revise`: proposals gone through one by one, printed in full, applied as a next version, and asked of the team."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from click.testing import CliRunner, Result

from processminer.cli import main
from processminer.playbook.read import read_playbook
from processminer.playbook.versions import read_versions
from processminer.report.proposals import NOTHING
from tests.worlds import Stop, write_export

TEXT = """\
# Ours.
name: New business
version: 1.4.0
stages:
  - name: Lead
  - name: Demo
  - name: Proposal
    time_limit: 2 days   # too short
outcomes: {won: [Won], lost: [Lost]}
"""


def deals() -> dict[str, list[Stop]]:
    """Every third deal passes Legal, which nobody declared, and most stay in Proposal for weeks."""
    told: dict[str, list[Stop]] = {}
    for day in range(240):
        at = float(day)
        legal: list[Stop] = [("Legal", at + 6.0)] if day % 3 == 0 else []
        path: list[Stop] = [("Lead", at), ("Demo", at + 2.0), *legal, ("Proposal", at + 8.0)]
        told[f"D{day:03}"] = [*path, ("Won" if day % 4 == 0 else "Lost", at + 20.0 + day % 7)]
    return told


@cache
def world() -> tuple[Path, Path]:
    folder = Path(mkdtemp())
    (folder / "export").mkdir()
    write_export(folder / "export", deals(), {}, {}, ("Won",), ("Lost",))
    (folder / "playbook.yaml").write_text(TEXT, encoding="utf-8")
    return folder / "export", folder / "playbook.yaml"


def run(*words: object, typed: str | None = None) -> Result:
    log, playbook = world()
    return CliRunner().invoke(main, ["revise", str(log), str(playbook), *map(str, words)], input=typed)


@cache
def printed(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def proposals() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(printed("--format", "json"))["revisions"]
    return told


def test_the_diff_carries_the_version_and_the_change_log() -> None:
    diff = printed()
    assert "-version: 1.4.0\n+version: 1.5.0\n" in diff
    assert "+  - name: Legal\n" in diff
    assert "+changes:\n" in diff
    assert "set-time-limit: Proposal" in diff


def test_json_holds_each_proposal_what_they_do_together_and_the_diff() -> None:
    told = json.loads(printed("--format", "json"))
    assert {one["kind"] for one in told["revisions"]} == {"add-stage", "set-time-limit"}
    assert told["diff"].rstrip("\n") == printed().rstrip("\n")
    assert told["together"]["revisions"] == [one["id"] for one in told["revisions"]]
    assert all(one["migration"] and one["pays"] for one in told["revisions"])


def test_markdown_holds_every_card_and_its_diff() -> None:
    told = printed("--format", "md")
    assert told.startswith("# Proposed changes of New business")
    assert "- Who loses: " in told
    assert told.count("```diff") == len(proposals()) + 1


def test_one_by_one_what_is_taken_is_applied(tmp_path: Path) -> None:
    out = tmp_path / "next.yaml"
    result = run("--interactive", "--out", out, typed="what?\ny\nn\n")
    assert result.exit_code == 0, result.stderr
    assert "y: take it" in result.stderr
    assert "Who loses" in result.stderr
    taken = proposals()[0]
    (entry,) = read_playbook(out).changes
    assert entry.why == f"{taken['kind']}: {taken['subject']}"
    assert entry.evidence is not None
    assert entry.evidence.startswith(f"Grade {taken['grade']}, {taken['n']} deals up to ")
    assert read_playbook(out).version == "1.5.0"
    assert [one.playbook.version for one in read_versions(out)] == ["1.5.0", "1.4.0"]
    assert "a minor step" in result.stderr


@pytest.mark.parametrize("typed", ["q\n", "", "n\nn\n"])
def test_what_is_not_taken_is_not_written(typed: str, tmp_path: Path) -> None:
    out = tmp_path / "next.yaml"
    result = run("--interactive", "--out", out, typed=typed)
    assert result.exit_code == 0, result.stderr
    assert "Nothing was taken" in result.stderr
    assert not out.exists()


def test_without_a_file_the_next_version_alone_is_on_stdout() -> None:
    result = run("--interactive", typed="y\ny\n")
    assert result.stdout.startswith("# Ours.\nname: New business\nversion: 1.5.0\n")
    assert "take it?" not in result.stdout
    assert result.stdout == printed("--apply", "all")


def test_the_first_day_is_as_said(tmp_path: Path) -> None:
    out = tmp_path / "next.yaml"
    assert run("--apply", proposals()[0]["id"], "--valid-from", "2027-01-01", "--out", out).exit_code == 0
    assert str(read_playbook(out).valid_from) == "2027-01-01"


def test_a_file_that_is_written_over_is_told_to_be_gone(tmp_path: Path) -> None:
    log, playbook = world()
    own = tmp_path / "own.yaml"
    own.write_text(playbook.read_text("utf-8"), encoding="utf-8")
    result = CliRunner().invoke(main, ["revise", str(log), str(own), "--apply", "all", "--out", str(own)])
    assert "The old text is gone" in result.stderr
    assert read_playbook(own).replaces is None


def test_one_thing_is_asked_at_a_time() -> None:
    result = run("--apply", "all", "--interactive")
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr


def test_nothing_proposed_is_said() -> None:
    log, _ = world()
    kept = Path(mkdtemp()) / "kept.yaml"
    kept.write_text(printed("--apply", "all"), encoding="utf-8")
    result = CliRunner().invoke(main, ["revise", str(log), str(kept), "--interactive"])
    assert NOTHING in result.stderr
    assert result.stdout == ""


def test_the_team_is_asked_and_heard(tmp_path: Path) -> None:
    asked = run("--survey", tmp_path / "survey")
    assert asked.exit_code == 0, asked.stderr
    sheet = tmp_path / "survey" / "survey.csv"
    assert (tmp_path / "survey" / "survey.html").stat().st_size > 1000
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    answered = [{**row, "answer": row["answers"].split(";")[0].split(" (")[0]} for row in rows]
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(answered)
    heard = run("--answers", sheet, "--format", "md")
    assert heard.exit_code == 0, heard.stderr
    assert "## What the team says" in heard.stdout
