"""`import processminer` gives a notebook every verb, and costs nothing until one is used."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import processminer

if TYPE_CHECKING:
    from pathlib import Path

LOG = "deal_id,stage,entered_at\nx,A,2026-01-01\nx,B,2026-01-02\nx,Closed Won,2026-01-05\n"


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_import_loads_no_big_library_and_no_room() -> None:
    code = (
        "import sys, processminer; "
        "print([name for name in sys.modules if name.split('.')[0] in ('duckdb', 'pandas', 'pydantic', 'numpy')"
        " or name.startswith('processminer.')])"
    )
    assert python(code) == "[]"


@pytest.mark.parametrize("verb", processminer.__all__)
def test_every_verb_is_listed_and_can_be_called(verb: str) -> None:
    assert verb in dir(processminer)
    assert callable(getattr(processminer, verb))
    assert getattr(processminer, verb).__name__ == verb


def test_a_name_that_is_no_verb_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="'studdy'"):
        getattr(processminer, "studdy")  # noqa: B009 - type checkers know that it is not there


@pytest.mark.parametrize("first", ["", "from processminer.study import declare", "processminer.declare"])
def test_a_log_is_read_studied_and_told_whatever_was_imported_before(tmp_path: Path, first: str) -> None:
    log = tmp_path / "log.csv"
    log.write_text(LOG)
    code = (
        f"import processminer\n{first}\n"
        f"found = processminer.study(processminer.read_log({str(log)!r}))\n"
        "assert found.discovery.totals.won == 1\n"
        "assert processminer.render_html(found).lower().startswith('<!doctype html>')\n"
        "print(processminer.study.__name__)"
    )
    assert python(code) == "study"
