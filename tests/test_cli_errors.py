"""Broken inputs: a clear message with the next move, the right exit code, and never a traceback."""

from __future__ import annotations

import gzip
import unicodedata
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from processminer.cli import main

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "deal_id,stage,entered_at\nx,A,2026-01-01\nx,Closed Won,2026-01-05\n"
FAULTY = "name: t\nstages:\n  - name: A\n    optonal: true\n  - name: B\n    time_limit: soon\n    may_return_to: [C]\n"


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("name", "content", "said", "hint"),
    [
        ("empty.csv", b"", "empty.csv: is empty", "Export the log again"),
        ("one.csv", b"deal_id\nx\n", "one.csv:1: has only one column", "at least a deal, a stage and a time"),
        ("binary.csv", bytes(range(256)) * 9, "binary.csv: is not a text table", "as CSV"),
        ("binary.parquet", bytes(range(256)) * 9, "binary.parquet: is not a Parquet file", "Export it again"),
        (
            "cut.csv.gz",
            gzip.compress(GOOD.encode() * 99, mtime=0)[:70],
            "cut.csv.gz: cannot be read",
            "Copy or export it again",
        ),
        ("times.csv", b"deal_id,stage,entered_at\nx,Closed Won,TBD\n", "times.csv:2: has no row", "2026-01-31 14:05"),
        ("other.csv", b"colour,taste\nred,sweet\n", "other.csv:1: is not an export", "--column deal="),
        ("open.csv", b"deal_id,stage,entered_at\nx,A,2026-01-01\n", "shows no stage that means won or lost", "--won"),
        ("order.csv", b"deal_id,stage,entered_at\nx,Closed Won,03/04/2026\n", "order.csv:1: column", "--date-order"),
    ],
)
def test_a_log_that_cannot_be_read_is_refused_in_the_users_words(
    tmp_path: Path, name: str, content: bytes, said: str, hint: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    code, out, err = run("audit", str(file), "--out", str(tmp_path / "audit"))
    assert code == 2
    assert said in err
    assert hint in err
    assert "Traceback" not in err
    assert out == ""
    assert not (tmp_path / "audit").exists()


def test_a_date_that_cannot_be_read_among_good_ones_is_set_aside_and_shown(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(GOOD + "y,A,soon\n")
    code, out, _ = run("doctor", str(file))
    assert code == 0
    assert "unreadable-time" in out
    assert "log.csv:4" in out
    assert "2 used, 1 set aside" in out


def test_a_playbook_with_three_faults_tells_all_three_with_their_lines(tmp_path: Path) -> None:
    log, playbook = tmp_path / "log.csv", tmp_path / "playbook.yaml"
    log.write_text(GOOD)
    playbook.write_text(FAULTY)
    code, _, err = run("audit", str(log), "--playbook", str(playbook), "--out", str(tmp_path / "audit"))
    assert code == 2
    for told in ("playbook.yaml:4:", "Did you mean 'optional'?", "playbook.yaml:6:", "playbook.yaml:7:"):
        assert told in err
    assert "Traceback" not in err


def test_a_playbook_that_is_not_there_is_said(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(GOOD)
    code, _, err = run("check", str(log), str(tmp_path / "none.yaml"))
    assert code == 2
    assert "none.yaml" in err
    assert "Traceback" not in err


def test_without_graphviz_the_stage_map_is_drawn_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, out = tmp_path / "log.csv", tmp_path / "map.svg"
    log.write_text(GOOD)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, err = run("mine", str(log), "--layout", "dot", "--out", str(out))
    assert code == 0
    assert "graphviz" in err.lower()
    assert "stage map was drawn instead" in err
    assert out.read_text().startswith("<svg")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(GOOD)
    (tmp_path / "taken").write_text("")
    code, _, err = run("audit", str(log), "--out", str(tmp_path / "taken"))
    assert code == 2
    assert "is a file" in err


@pytest.mark.usefixtures("studied_once")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("audit",), "Missing argument 'LOG'"),
        (("audit", "--sample", "nonesuch"), "There are: hubspot and salesforce."),
        (("audit", "x.csv", "--sample", "salesforce"), "not both"),
        (("audit", "x.csv", "--column", "deal"), "ROLE=HEADER"),
        (("explain", "required-stage-skiped"), "required-stage-skipped"),
        (("show", "movs", "--sql"), "Did you mean 'moves'?"),
        (("show", "moves", "--sql", "--dialect", "klingon"), "no dialect"),
        (("check", "--sample", "salesforce", "--fail-on", "late"), "no kind of deviation"),
        (("revise", "--sample", "salesforce", "--apply", "R99"), "There is no revision R99"),
        (("revise", "--sample", "salesforce", "--apply", ","), "names no revision"),
        (("revise", "--sample", "salesforce", "--apply", ""), "names no revision"),
        (("check", "--sample", "salesforce", "--fail-on", "skipped:Demoo"), "Did you mean 'Demo'?"),
        (("check", "--sample", "salesforce", "--min-fitness", "nan"), "cannot be asked for"),
        (("mine", "--sample", "hubspot", "--out", "nowhere/map.svg"), "nowhere/map.svg: cannot be written"),
        (("revise", "--sample", "salesforce", "--apply", "all", "--out", "nowhere/x.yaml"), "cannot be written"),
        (("playbook", "draw", "b2b-saas", "--out", "nowhere/map.svg"), "nowhere/map.svg: cannot be written"),
        (("playbook", "new", "nowhere/p.yaml"), "Choose another file, in a folder that is there and open to you."),
        (("report", "nowhere/audit.json"), "nowhere/audit.json: cannot be read"),
        (("bottleneck",), "No such command"),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_what_would_be_right(arguments: tuple[str, ...], said: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


def acts_on_a_terminal(text: str) -> bool:
    return any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in text.replace("\n", ""))


def test_no_name_in_a_log_or_a_playbook_acts_on_the_terminal(tmp_path: Path) -> None:
    log, playbook = tmp_path / "log.csv", tmp_path / "playbook.yaml"
    hostile = "A\x1b[2J\u202eB"
    log.write_text(f"deal_id,stage,entered_at\nx,{hostile},2026-01-01\nx,Closed Won,2026-01-05\n", encoding="utf-8")
    name = '"A\\e[2J\\u202EB"'
    playbook.write_text(
        f"name: {name}\nstages:\n  - name: {name}\n  - name: Demo\noutcomes: {{won: [Closed Won]}}\n", encoding="utf-8"
    )
    for arguments, code in (
        (("doctor", str(log)), 0),
        (("playbook", "lint", str(playbook)), 0),
        (("check", str(log), str(playbook), "--fail-on", "skipped"), 1),
        (("check", str(log), str(playbook), "--fail-on", hostile), 2),
        (("mine", str(tmp_path / f"{hostile}.csv")), 2),
    ):
        exit_code, out, err = run(*arguments)
        assert exit_code == code, (out, err)
        assert "[2J" in out + err
        assert not acts_on_a_terminal(out + err), arguments


def test_an_error_keeps_its_lines() -> None:
    _, _, err = run("audit", "--sample", "nonesuch")
    assert err.splitlines() == ["Error: There is no sample 'nonesuch'.", "  There are: hubspot and salesforce."]


def test_a_bug_keeps_its_traceback_and_is_called_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[str, ...]:
        raise ZeroDivisionError

    monkeypatch.setattr("processminer.findings.manual.rules", broken)
    code, _, err = run("explain")
    assert code == 3
    assert "ZeroDivisionError" in err
    assert "fault of processminer" in err


@pytest.mark.parametrize("verb", [("mine", "--sample", "hubspot"), ("playbook", "draw", "b2b-saas")])
def test_an_ending_that_cannot_be_made_is_refused(tmp_path: Path, verb: tuple[str, ...]) -> None:
    code, _, err = run(*verb, "--out", str(tmp_path / "picture.pdf"))
    assert code == 2
    assert "cannot be made here (pdf)" in err
    assert not (tmp_path / "picture.pdf").exists()
