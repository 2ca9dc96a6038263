"""Modellers open every BPMN without a warning: bpmn-moddle reads it, and bpmnlint has nothing against it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.bpmn_files import RANDOM, bpmn_files
from tests.needs import need

FOLDER = Path(__file__).parent / "node"
GET_IT = "Install Node 18 or newer with npm (`apt install nodejs npm`), then: make node"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what Node said of each file."""
    node = shutil.which("node")
    need("node", there=node is not None and (FOLDER / "node_modules" / "bpmnlint").is_dir(), get_it=GET_IT)
    folder = tmp_path_factory.mktemp("bpmn")
    for name, text in bpmn_files().items():
        (folder / f"{name}.bpmn").write_text(text, encoding="utf-8")
    broken = bpmn_files()["basic-four-step"].replace('name="Closed Won"', 'nam="Closed Won"')
    broken = broken.replace('targetRef="won"', 'targetRef="nowhere"')
    (folder / "broken.bpmn").write_text(broken, encoding="utf-8")
    files = sorted(str(file) for file in folder.iterdir())
    done = subprocess.run([str(node), str(FOLDER / "check.mjs"), *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_file_is_read_whole_without_a_warning(told: dict[str, Any]) -> None:
    assert len(bpmn_files()) >= 6 + RANDOM + 10
    read = {name.removesuffix(".bpmn"): said for name, said in told.items() if name != "broken.bpmn"}
    assert set(read) == set(bpmn_files())
    assert {name: said["warnings"] for name, said in read.items() if said["warnings"]} == {}
    for name, said in read.items():
        assert said["elements"] == bpmn_files()[name].count(' id="'), name


def test_the_linter_has_nothing_against_any_of_them(told: dict[str, Any]) -> None:
    reports = {name: said["reports"] for name, said in told.items() if name != "broken.bpmn"}
    assert {name: said for name, said in reports.items() if said} == {}


def test_both_see_what_is_wrong(told: dict[str, Any]) -> None:
    broken = told["broken.bpmn"]
    assert broken["warnings"]
    assert any("label-required" in said for said in broken["reports"])


def test_nothing_in_the_folder_says_where_packages_come_from() -> None:
    kept = [file for file in FOLDER.iterdir() if file.is_file()]
    assert {file.name for file in kept} == {".npmrc", "check.mjs", "package.json"}
    assert not [file.name for file in kept if "://" in file.read_text(encoding="utf-8")]
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(version.replace(".", "").isdigit() for version in wanted.values())
