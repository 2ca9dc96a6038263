"""Every verb does its work from any folder, on the shipped samples."""

from __future__ import annotations

import json
import shlex
import shutil
from importlib import resources
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from processminer.cli import COMMANDS, main, shipped

if TYPE_CHECKING:
    from pathlib import Path


DEALS = json.loads(shipped.sample("hubspot").with_name("hubspot.truth.json").read_text())["deals"]["total"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("verb", ["", *COMMANDS])
def test_help_is_there_for_every_verb(verb: str) -> None:
    result = run(*([verb] if verb else []), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.usefixtures("studied_once")
def test_audit_writes_everything_it_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("audit", "--sample", "salesforce")
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in (tmp_path / "audit").iterdir()) == [
        "audit.json", "bottlenecks.svg", "playbook.bpmn", "report.html", "revised-playbook.yaml", "revisions.diff",
        "stage-map.dot", "stage-map.svg", "summary.md",
    ]  # fmt: skip
    assert "Open audit/report.html" in result.stdout


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert run("audit", "--sample", "hubspot", "--out", str(tmp_path / folder)).exit_code == 0
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_without_a_playbook_one_is_drafted_said_and_written(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    rows = [
        f"d{n},{stage},2026-01-{day:02}" for n in range(30) for day, stage in enumerate(("A", "B", "Closed Won"), 1)
    ]
    log.write_text("deal_id,stage,entered_at\n" + "\n".join(rows) + "\n")
    result = run("audit", str(log), "--out", str(tmp_path / "audit"))
    assert result.exit_code == 0, result.stderr
    assert "drafted from the won deals" in result.stdout
    assert "- name: A" in (tmp_path / "audit" / "drafted-playbook.yaml").read_text()
    assert json.loads((tmp_path / "audit" / "audit.json").read_text())["playbook"]["drafted"] is True


@pytest.mark.parametrize(
    ("kind", "starts"),
    [
        ("svg", "<svg"),
        ("dot", "digraph"),
        ("mermaid", "flowchart"),
        ("json", "{"),
        ("bpmn", "<?xml"),
        ("text", f"{DEALS:,} deals"),
    ],
)
def test_mine_tells_the_flow_in_every_form(kind: str, starts: str) -> None:
    result = run("mine", "--sample", "hubspot", "--format", kind)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(starts)


def test_mine_takes_the_form_from_the_files_ending(tmp_path: Path) -> None:
    assert run("mine", "--sample", "hubspot", "--out", str(tmp_path / "map.png")).exit_code == 0
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("studied_once")
def test_check_is_a_gate() -> None:
    assert run("check", "--sample", "salesforce").exit_code == 0
    assert run("check", "--sample", "salesforce", "b2b-saas", "--min-fitness", "0.5").exit_code == 0
    missed = run("check", "--sample", "salesforce", "--min-fitness", "0.999", "--fail-on", "skipped:Demo")
    assert missed.exit_code == 1
    assert "below the 0.999 asked for" in missed.stderr
    assert "skipped Demo" in missed.stderr


@pytest.mark.usefixtures("studied_once")
def test_revise_prints_a_diff_and_applies_what_is_chosen(tmp_path: Path) -> None:
    diff = run("revise", "--sample", "salesforce")
    assert diff.stdout.startswith("--- a/")
    revised = tmp_path / "revised.yaml"
    assert run("revise", "--sample", "salesforce", "--apply", "all", "--out", str(revised)).exit_code == 0
    assert run("playbook", "lint", str(revised)).exit_code == 0


def test_playbook_new_lints_and_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert run("playbook", "new", str(file), "--name", "Renewals: 2026 #1").exit_code == 0
    assert run("playbook", "lint", str(file)).exit_code == 0
    again = run("playbook", "new", str(file))
    assert again.exit_code == 2
    assert "--force" in again.stderr


@pytest.mark.usefixtures("studied_once")
def test_a_drafted_playbook_can_be_read_and_used(tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    assert run("playbook", "draft", "--sample", "salesforce", "--out", str(file)).exit_code == 0
    checked = run("check", "--sample", "salesforce", str(file))
    assert checked.exit_code == 0, checked.stderr


@pytest.mark.usefixtures("studied_once")
@pytest.mark.parametrize("declared", [(), ("--playbook", "b2b-saas")])
def test_every_command_of_the_evidence_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declared: tuple[str, ...]
) -> None:
    export = shutil.copytree(shipped.sample("salesforce"), tmp_path / "my export's folder")
    assert run("audit", str(export), *declared, "--out", str(tmp_path / "audit")).exit_code == 0
    found = json.loads((tmp_path / "audit" / "audit.json").read_text())["findings"]
    monkeypatch.chdir(tmp_path / "audit")
    commands = {one["evidence"]["command"] for one in found}
    assert commands
    for command in sorted(commands):
        program, *arguments = shlex.split(command)
        assert program == "processminer"
        assert str(export) in arguments
        done = run(*arguments)
        assert done.exit_code == 0, (command, done.stderr)
        assert len(done.stdout.splitlines()) > 1


@pytest.mark.parametrize("kind", ["svg", "png", "bpmn", "mmd"])
def test_a_playbook_is_drawn(tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"playbook.{kind}"
    assert run("playbook", "draw", "b2b-saas", "--out", str(out)).exit_code == 0
    assert out.stat().st_size > 500
    if kind == "mmd":
        assert out.read_text().startswith("flowchart LR")


@pytest.mark.usefixtures("studied_once")
def test_the_page_is_made_again_from_the_audit_alone(tmp_path: Path) -> None:
    folder, again = tmp_path / "audit", tmp_path / "again.html"
    assert run("audit", "--sample", "hubspot", "--out", str(folder)).exit_code == 0
    made = run("report", str(folder / "audit.json"), "--out", str(again))
    assert made.exit_code == 0, made.stderr
    assert again.read_bytes() == (folder / "report.html").read_bytes()
    assert str(again) in made.stdout


@pytest.mark.usefixtures("studied_once")
def test_show_prints_rows_or_the_query_behind_them() -> None:
    assert "stays.sql" in run("show", "moves", "--sql").stdout
    assert "percentile_cont" in run("show", "moves", "--sql", "--dialect", "postgres").stdout.lower()
    foreign = run("show", "effects", "--sql", "--dialect", "bigquery")
    assert foreign.exit_code == 0, foreign.stderr
    assert "known_then.sql" in foreign.stdout
    assert "in DuckDB's dialect" in foreign.stdout
    rows = run("show", "stages", "--sample", "hubspot", "--format", "csv").stdout.splitlines()
    assert rows[0].startswith("stage,kind,deals,visits")
    assert rows[1].startswith(f"Prospecting,open,{DEALS},{DEALS}")


def test_doctor_tells_what_is_installed_and_what_a_log_can_answer() -> None:
    assert "duckdb" in run("doctor").stdout
    told = run("doctor", "--sample", "hubspot").stdout
    assert "HubSpot deals" in told
    assert "a return to it cannot be seen" in told


def test_explain_lists_and_explains_every_rule() -> None:
    rules = run("explain").stdout.split()
    assert "required-stage-skipped" in rules
    for rule in rules:
        assert "Symptom" in run("explain", rule).stdout


@pytest.mark.usefixtures("studied_once")
def test_every_figure_has_its_queries_and_its_rows() -> None:
    from processminer.report.facts import FACTS

    for one in FACTS.values():
        for room, file in (*one.queries, *one.portable):
            assert (resources.files(room) / f"{file}.sql").is_file(), (room, file)
    told = {file for room, file in FACTS["effects"].queries if room.startswith("processminer.estimates")}
    assert told >= {"stage_decisions", "task_decisions", "known_before", "known_then", "action_cells"}
    for name in FACTS:
        for dialect in ((), ("--dialect", "spark")):
            result = run("show", name, "--sql", *dialect)
            assert result.exit_code == 0, result.stderr
            assert "SELECT" in result.stdout.upper()
        rows = run("show", name, "--sample", "hubspot", "--format", "csv")
        assert rows.exit_code == 0, rows.stderr
