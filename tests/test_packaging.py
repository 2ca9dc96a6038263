"""What a user installs holds everything that the program reads, and nothing that only its makers need."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from processminer import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_version_is_said_once_and_the_same() -> None:
    assert PROJECT["project"]["version"] == __version__
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_every_playbook_and_sample_is_named_for_the_wheel() -> None:
    shipped = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    samples = {f"samples/{truth.parent.name}" for truth in (ROOT / "samples").glob("*/truth.json")}
    assert samples
    assert shipped == {folder: f"processminer/shipped/{folder}" for folder in samples | {"playbooks"}}


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
        for path in (ROOT / "samples").glob("*/*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in wheel if "/shipped/" in name} == playbooks | samples
    assert {name.split("/")[0] for name in wheel if not name.startswith("processminer-")} == {"processminer"}
