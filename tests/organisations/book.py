"""The playbook of an organisation, as text: what it declares, and where a fault lets it declare something else."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tests.organisations.live import live
from tests.organisations.world import Phase, World

ROOMY = 1.05
"""A limit is this much longer than the longest stay that can be."""


@dataclass(frozen=True, slots=True)
class Book:
    """A playbook: its stages in order, each a mapping of what it says, and what stands around them."""

    name: str
    stages: tuple[dict[str, Any], ...]
    rest: dict[str, Any] = field(default_factory=dict[str, Any])

    def stage(self, name: str) -> dict[str, Any]:
        """Return what is said of a stage."""
        return next(one for one in self.stages if one["name"] == name)

    def but(self, name: str, **says: Any) -> Book:
        """Return the same playbook with something else said of a stage; None takes a word out."""
        stages = tuple(
            {key: value for key, value in {**one, **says}.items() if value is not None} if one["name"] == name else one
            for one in self.stages
        )
        return replace(self, stages=stages)

    def without(self, name: str) -> Book:
        """Return the same playbook without a stage."""
        return replace(self, stages=tuple(one for one in self.stages if one["name"] != name))

    @property
    def text(self) -> str:
        """The file."""
        lines = [f"name: {_said(self.name)}", "version: 1.0.0", "owner: Sales operations", "review_every: 90 days"]
        lines += [f"{key}: {_said(value)}" for key, value in self.rest.items() if not isinstance(value, list)]
        lines.append("stages:")
        for stage in self.stages:
            for place, (key, value) in enumerate(stage.items()):
                lines += _lines("  - " if place == 0 else "    ", key, value)
        lines += ["outcomes:", "  won: [Closed Won]", "  lost: [Closed Lost]"]
        for key, value in self.rest.items():
            if isinstance(value, list):
                lines += [f"{key}:", *(f"  - {_said(one)}" for one in value)]
        return "\n".join(lines) + "\n"


def declare(world: World) -> Book:
    """Return the playbook that says what is true of an organisation, and what it allows."""
    chances = chances_of(world)
    stages = [_stage(world, place, phase, chances[place]) for place, phase in enumerate(world.phases)]
    rest: dict[str, Any] = {}
    if world.passings:
        rest["handovers"] = [
            {"entering": one.entering, "from": one.giver, "to": one.taker, "within": f"{math.ceil(one.most)} days"}
            for one in world.passings
        ]
        rest["roles"] = [
            {"name": one.giver, "people": [f"005A{number:011d}" for number in range(world.owners)]}
            for one in world.passings
        ] + [
            {"name": one.taker, "people": [f"005A{number:011d}" for number in range(world.owners, 2 * world.owners)]}
            for one in world.passings
        ]
    return Book(f"{world.name.capitalize()} playbook", tuple(stages), rest)


def chances_of(world: World) -> list[float]:
    """Return the share of deals won in the end among those that come to each stage."""
    lives = live(replace(world, deals=20_000, seed=world.seed + 90_000))
    came = np.zeros((len(lives.won), len(world.phases)), dtype=bool)
    for stay in lives.stays:
        came[stay.deals, stay.phase] = True
    return [float(lives.won[came[:, place]].mean()) if came[:, place].any() else 0.0 for place in range(came.shape[1])]


def _stage(world: World, place: int, phase: Phase, chance: float) -> dict[str, Any]:
    paces = max(one.pace for one in world.segments)
    waits = sum(one.most for one in world.passings if one.entering == phase.name)
    longest = phase.days * (phase.most or 12.0) * max(1.0, paces) + waits
    told: dict[str, Any] = {
        "name": phase.name,
        "goal": f"Done with {phase.name}.",
        "owner": phase.role,
        "probability": f"{round(100 * chance)}%",
        "time_limit": f"{math.ceil(longest * ROOMY) + 1} days",
    }
    if phase.taken.share < 1:
        told["optional"] = True
    if phase.starts is not None and place:
        told["may_start"] = True
    moves = {
        "may_return_to": [one.target for one in world.loops if one.source == phase.name],
        "may_skip_to": [one.target for one in world.leaps if one.source == phase.name],
        "tasks": _tasks(world, phase.name),
    }
    told.update({key: value for key, value in moves.items() if value})
    criteria = [
        {"name": one.column.removesuffix("__c").replace("_", " "), "field": one.column}
        for one in world.fields
        if one.stage == phase.name and one.choice.share == 1
    ]
    if criteria:
        told["exit_criteria"] = criteria
    return told


def _tasks(world: World, stage: str) -> list[dict[str, Any]]:
    return [
        {"do": act.name, **({"optional": True} if act.choice.share < 1 else {}), "seen_as": [act.name]}
        for act in world.acts
        if act.stage == stage and not act.winners_only
    ]


def _lines(indent: str, key: str, value: Any) -> list[str]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [f"{indent}{key}:", *(f"      - {_said(one)}" for one in value)]
    return [f"{indent}{key}: {_said(value)}"]


def _said(value: Any) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_said(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_said(one)}' for key, one in value.items())}}}"
    plain = str(value)
    return plain if plain.replace(" ", "").replace("%", "").replace("_", "").isalnum() else json.dumps(plain)
