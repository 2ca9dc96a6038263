"""The house stands as ARCHITECTURE.md draws it: walls between rooms, and things that no room does."""

from __future__ import annotations

import ast
import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "processminer"
SOURCES = sorted(PACKAGE.rglob("*.py"))
QUERIES = sorted(PACKAGE.rglob("*.sql"))


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", command], cwd=folder, capture_output=True, text=True, check=False)


def test_every_wall_stands() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("words.py", "import processminer.log.eventlog", "Every room sees only the floors below it BROKEN"),
        ("discovery/discovery.py", "import duckdb", "A big library is imported behind its own door only BROKEN"),
        ("report/__init__.py", "import click", "Only the command line knows click and rich BROKEN"),
    ],
)
def test_a_wall_that_is_broken_on_purpose_is_seen(tmp_path: Path, room: str, line: str, contract: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "processminer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "processminer" / room
    path.write_text(f"{path.read_text()}\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert contract in done.stdout
    module = f"processminer/{room}".removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    assert f"{module} -> {line.removeprefix('import ')}" in done.stdout


CLOCKS_AND_DICE = re.compile(
    r"(.*\.)?(date|datetime|Timestamp)\.(now|utcnow|today)|time\.(time|time_ns|monotonic|perf_counter|localtime|gmtime|strftime)"
    r"|(os\.)?(urandom|getmtime)|(uuid\.)?uuid[14]|(random|secrets)\..*|(np|numpy)\.random\.(?!default_rng|Generator).*"
)


def clocks_and_dice(source: Path) -> list[str]:
    """Return the calls of a file whose answer differs from one run to the next."""
    calls = [node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call)]
    told = [ast.unparse(call.func) for call in calls]
    unseeded = [name for call, name in zip(calls, told, strict=True) if name.endswith("default_rng") and not call.args]
    return [name for name in told if CLOCKS_AND_DICE.fullmatch(name)] + unseeded


def test_no_room_reads_a_clock_or_draws_without_a_seed() -> None:
    assert {file: told for file in SOURCES if (told := clocks_and_dice(file))} == {}


@pytest.mark.parametrize(
    "line",
    ["datetime.now(UTC)", "pd.Timestamp.now()", "time.time()", "random.random()", "np.random.default_rng()", "uuid4()"],
)
def test_a_clock_or_a_die_is_seen(tmp_path: Path, line: str) -> None:
    source = tmp_path / "room.py"
    source.write_text(line)
    assert clocks_and_dice(source) == [line.partition("(")[0]]


def test_no_query_reads_a_clock_or_draws_a_number() -> None:
    asking = {"now", "current_date", "current_timestamp", "today", "random", "uuid", "get_current_timestamp"}
    told = {query: asking & set(re.findall(r"\w+(?=\()|current_\w+", query.read_text().lower())) for query in QUERIES}
    assert {query: words for query, words in told.items() if words} == {}


def test_every_query_opens_with_a_sentence() -> None:
    opening = {
        query: list(itertools.takewhile(lambda line: line.startswith("-- "), query.read_text().splitlines()))
        for query in QUERIES
    }
    assert {query: lines for query, lines in opening.items() if not (lines and lines[-1].endswith("."))} == {}


def test_every_file_opens_with_a_sentence() -> None:
    first = {file: (ast.get_docstring(ast.parse(file.read_text())) or "").partition("\n")[0] for file in SOURCES}
    assert {file: line for file, line in first.items() if not line.endswith((".", ":"))} == {}


HEAVY = ("duckdb", "matplotlib", "networkx", "numpy", "pandas", "pm4py", "pyarrow", "pydantic", "scipy", "sqlglot")


def test_help_opens_without_a_heavy_library() -> None:
    watched = (
        "import sys; from click.testing import CliRunner; from processminer.cli import main; "
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0; "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
