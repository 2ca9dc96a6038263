"""Every playbook that ships can be read, has no fault, says its four parts, and can be drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from processminer.cli import main
from processminer.playbook.read import read_playbook

FOLDER = Path(__file__).parent.parent / "playbooks"
SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def test_there_is_one_for_each_process_that_people_write_of() -> None:
    assert SHIPPED == [
        "b2b-saas",
        "basic-four-step",
        "eight-stage-cycle",
        "renewals",
        "seven-stage-bant",
        "six-stage-checklist",
    ]


NOT_IN_A_LOG = {"b2b-saas", "eight-stage-cycle", "six-stage-checklist"}
"""Templates with metrics that the source texts ask for and that only people can count: how content somebody is."""


@pytest.mark.parametrize("name", SHIPPED)
def test_it_reads_and_lints_without_a_remark(name: str) -> None:
    result = CliRunner().invoke(main, ["playbook", "lint", name])
    assert result.exit_code == 0, result.output
    assert "no fault, 0 remarks" in result.output


@pytest.mark.parametrize("name", SHIPPED)
def test_it_answers_the_four_questions(name: str) -> None:
    output = CliRunner().invoke(main, ["playbook", "lint", name]).output
    answers = dict(re.findall(r"^  (teachable|scalable|measurable|predictable) +(yes|not yet)", output, re.MULTILINE))
    assert answers == dict.fromkeys(("teachable", "scalable", "measurable", "predictable"), "yes")
    by_people = [one for one in read_playbook(FOLDER / f"{name}.yaml").metrics if one.measure is None]
    assert bool(by_people) is (name in NOT_IN_A_LOG)
    assert all(one.target and one.owner for one in by_people)


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "b2b-saas"])
def test_every_task_of_a_template_says_who_how_with_what_and_what_comes_of_it(name: str) -> None:
    playbook = read_playbook(FOLDER / f"{name}.yaml")
    tasks = [task for stage in playbook.stages for task in stage.tasks]
    assert len(tasks) >= len(playbook.stages)
    assert all(task.by and task.how and task.material and task.output for task in tasks)
    assert all(stage.goal and stage.owner and stage.time_limit for stage in playbook.stages)
    assert playbook.handovers
    assert 1 <= len(playbook.metrics) <= 8


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("ending", ["svg", "mmd", "dot", "bpmn", "pnml"])
def test_it_can_be_drawn(name: str, ending: str, tmp_path: Path) -> None:
    out = tmp_path / f"map.{ending}"
    result = CliRunner().invoke(main, ["playbook", "draw", name, "--out", str(out)])
    assert result.exit_code == 0, result.output
    drawn = out.read_text(encoding="utf-8")
    assert all(stage.name in drawn for stage in read_playbook(FOLDER / f"{name}.yaml").stages if " " not in stage.name)
