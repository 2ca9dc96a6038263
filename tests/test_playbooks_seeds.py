"""Every idea of the source texts stands in a template, at the key that the table of playbooks/README.md names."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from processminer.cli import main
from processminer.playbook.lines import NAMING_KEYS
from processminer.playbook.read import read_playbook

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent.parent / "playbooks"
HEAD = "| Text | Idea | Template | Key | Command |"
TEXTS = {"1 (it)": 30, "2 (zh)": 80, "3 (it)": 15, "4 (it)": 28, "5 (fr)": 20}
"""The texts, and how many ideas each of them has at least."""


@dataclass(frozen=True)
class Row:
    text: str
    idea: str
    template: str
    key: str
    command: str


def rows() -> list[Row]:
    lines = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    begin = lines.index(HEAD)
    found: list[Row] = []
    for line in lines[begin + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        assert len(cells) == 5, line
        found.append(Row(*cells))
    return found


@cache
def said_by(template: str) -> dict[str, Any]:
    """Return what the template itself says: no default of the model counts as carrying an idea."""
    return read_playbook(FOLDER / f"{template}.yaml").model_dump(by_alias=True, exclude_unset=True)


def resolve(said: Any, path: str) -> list[Any]:
    """Return what stands at a path; raises LookupError where a part of it is missing or says nothing."""
    found = [said]
    steps = re.findall(r"[^.\[\]]+|\[[^\]]*\]", path)
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+|\[[^\]]+\])*", path), path
    for step in steps:
        found = [inner for one in found for inner in take(one, step)]
    if not found or any(value in (None, "", (), [], {}, False) for value in found):
        raise LookupError(path)
    return found


def take(value: Any, step: str) -> Iterator[Any]:
    name = step.strip("[]")
    if step == "[*]":
        if not isinstance(value, (list, tuple)) or not value:
            raise LookupError(step)
        yield from value
    elif step.startswith("[") and isinstance(value, (list, tuple)):
        named = [one for one in value if any(one.get(key) == name for key in NAMING_KEYS)]
        if not named:
            raise LookupError(step)
        yield from named
    elif isinstance(value, dict) and name in value:
        yield value[name]
    else:
        raise LookupError(step)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.text} {row.idea}"[:60])
def test_the_key_is_there_and_says_something(row: Row) -> None:
    assert row.idea
    assert resolve(said_by(row.template), row.key)


def test_every_text_has_its_rows_and_no_idea_stands_twice() -> None:
    table = rows()
    counted = Counter(row.text for row in table)
    assert set(counted) == set(TEXTS)
    assert all(counted[text] >= least for text, least in TEXTS.items())
    assert len({(row.text, row.idea) for row in table}) == len(table)


def test_every_template_carries_an_idea_and_is_told_for_whom_it_is() -> None:
    templates = {path.stem for path in FOLDER.glob("*.yaml")}
    assert {row.template for row in rows()} == templates
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for template in templates:
        stages = ", ".join(stage.name for stage in read_playbook(FOLDER / f"{template}.yaml").stages)
        assert re.search(
            rf"^\| \[{template}\]\({template}\.yaml\) \| [^|]{{20,}} \| {stages}[;|, ]", page, re.MULTILINE
        )


def test_every_command_of_the_table_is_a_command() -> None:
    commands = {row.command for row in rows() if row.command}
    assert {"audit", "check", "mine", "revise", "playbook draft", "playbook draw", "playbook lint"} <= commands
    for command in commands:
        found: click.Command | None = main
        for word in command.split():
            assert isinstance(found, click.Group), command
            found = found.get_command(click.Context(found), word)
        assert found is not None, command


@pytest.mark.parametrize(
    "path",
    [
        "stage",
        "stages[Qualificaton]",
        "stages[Qualification].exit_criteria[BANT].at_most",
        "stages[Qualification].exit_criteria[BANT].of[Money]",
        "stages[*].may_return_to",  # some have it, some have not
        "stages[Closing].optional",  # a default, not said
        "stages[Qualification].time_limit.days",
        "accepted[*].because",
    ],
)
def test_a_path_that_leads_nowhere_is_noticed(path: str) -> None:
    with pytest.raises(LookupError):
        resolve(said_by("seven-stage-bant"), path)


def test_a_value_that_says_nothing_is_noticed() -> None:
    nothings: list[object] = ["", None, [], {}, False]
    for nothing in nothings:
        with pytest.raises(LookupError):
            resolve({"stages": [{"name": "A", "tasks": nothing}]}, "stages[A].tasks")
    assert resolve({"stages": [{"name": "A", "at_least": 3}]}, "stages[A].at_least") == [3]
