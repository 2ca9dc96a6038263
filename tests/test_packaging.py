"""What a user installs holds everything that the program reads, and nothing that only its makers need."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from processminer import __version__

ROOT = Path(__file__).parents[1]
OURS = {"processminer", "tests", "benchmarks", *(path.stem for path in (ROOT / "samples").glob("*.py"))}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_version_is_said_once_and_the_same() -> None:
    assert PROJECT["project"]["version"] == __version__
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_every_playbook_and_sample_is_named_for_the_wheel() -> None:
    shipped = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    truths = {f"samples/{truth.name}" for truth in (ROOT / "samples").glob("*.truth.json")}
    assert truths
    samples = truths | {truth.removesuffix(".truth.json") for truth in truths}
    assert shipped == {place: f"processminer/shipped/{place}" for place in samples | {"playbooks"}}


PARTS = {"markupsafe", "pydantic-core"}
"""Parts of Jinja and pydantic, which bring them in the version that fits."""


def imported(*folders: str) -> set[str]:
    """Return the distributions whose modules are imported anywhere in these folders."""
    trees = [ast.parse(path.read_text()) for folder in folders for path in (ROOT / folder).rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module is not None}
    foreign = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - OURS
    made_by = packages_distributions()
    return {re.sub(r"[-_.]+", "-", dist).lower() for name in foreign for dist in made_by.get(name, [name])}


def asked_for(requirements: list[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ]", line)[0]).lower() for line in requirements}


def test_every_library_that_is_imported_is_asked_for() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    needed = asked_for(PROJECT["project"]["dependencies"]) | asked_for(extras["databases"]) | PARTS
    to_test = needed | asked_for(extras["test"])
    assert imported("processminer") - needed == set()
    # The fuzzer is installed by hand where it is run.
    assert imported("tests", "benchmarks", "samples") - to_test - {"atheris"} == set()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of the files in a wheel that was built just now."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(path).namelist())


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(wheel: set[str]) -> None:
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "processminer").rglob("*")
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)
    }
    assert "processminer/py.typed" in package
    assert package <= wheel


@pytest.mark.slow
def test_the_wheel_carries_playbooks_and_samples_and_no_makers_tools(wheel: set[str]) -> None:
    playbooks = {f"processminer/shipped/playbooks/{path.name}" for path in (ROOT / "playbooks").iterdir()}
    samples = {
        f"processminer/shipped/{path.relative_to(ROOT).as_posix()}"
        for path in [*(ROOT / "samples").glob("*/*"), *(ROOT / "samples").glob("*.truth.json")]
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in wheel if "/shipped/" in name} == playbooks | samples
    assert {name.split("/")[0] for name in wheel if not name.startswith("processminer-")} == {"processminer"}
