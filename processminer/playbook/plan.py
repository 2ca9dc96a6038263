"""A playbook from the answers to a few questions: its stages in order, who answers for them, and how deals end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import dump
from processminer.playbook.blocks import with_block
from processminer.playbook.read import parse_playbook

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = """\
# A playbook says how deals should go. Change the words until your team nods, then let the audit hold deals against it.
# What the comments ask for makes it teachable and measurable; 'processminer playbook new' shows all of it filled in.
"""


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stage as it was answered."""

    name: str
    optional: bool = False
    time_limit: str | None = None
    """As a playbook writes it: `14 days`."""


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """A ready block of qualification at the exit of a stage."""

    uses: str
    stage: str
    columns: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Plan:
    """What was answered."""

    name: str
    owner: str
    stages: tuple[PlannedStage, ...]
    block: PlannedBlock | None
    won: tuple[str, ...]
    lost: tuple[str, ...]


def planned_playbook(plan: Plan) -> str:
    """Return the text of the playbook that a plan describes. Raises PlaybookError for answers that do not fit."""
    lines = [
        f"name: {dump(plan.name)}",
        "version: 0.1.0",
        f"owner: {dump(plan.owner)}",
        "review_every: 90 days",
        "",
        "stages:",
    ]
    for stage in plan.stages:
        lines += _said(stage, plan.owner)
    ends = [f"  won: {dump(plan.won)}", f"  lost: {dump(plan.lost)}"]
    text = _HEAD + "\n".join([*lines, "# What your CRM calls the ends of a deal.", "outcomes:", *ends]) + "\n"
    parse_playbook(text, "<the new playbook>")
    return text if plan.block is None else with_block(text, plan.block.uses, plan.block.stage, plan.block.columns)


def _said(stage: PlannedStage, owner: str) -> list[str]:
    keys = [
        "    # goal: What is true when it is done.",
        f"    owner: {dump(owner)}",
        "    # probability: 20%",
    ]
    if stage.optional:
        keys.append("    optional: true")
    if stage.time_limit is not None:
        keys.append(f"    time_limit: {dump(stage.time_limit)}")
    task = "    # tasks: [{do: Call, by: ..., how: ..., material: ..., output: ..., seen_as: [Call]}]"
    return [f"  - name: {dump(stage.name)}", *keys, task, ""]
