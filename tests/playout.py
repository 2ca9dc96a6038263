"""Deals played out from a playbook: they do what it asks and what it permits, at random."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage
    from tests.worlds import Stop

LOOKED_AT = 250.0
"""The day on which the log is looked at."""


def played_out(playbook: Playbook, deals: int, seed: int) -> dict[str, dict[str, list[tuple[str, float]]]]:
    """Return `deals`, `tasks` and `attributes` of a conforming world, as `log_of` takes them.

    Every allowed move is as likely as the others, every stay lies within its limit, every task is done, every field
    is filled. Winning depends on the segment alone; deals begin all the time, so that some are open in the end.
    """
    chance = random.Random(seed)
    paths: dict[str, list[Stop]] = {}
    tasks: dict[str, list[tuple[str, float]]] = {}
    attributes: dict[str, dict[str, str]] = {}
    fields = [field for stage in playbook.stages for criterion in stage.exit_criteria for field in criterion.fields]
    for number in range(deals):
        deal = f"deal-{number:04}"
        segment = chance.choice(["small", "large"])
        paths[deal], tasks[deal] = _one(playbook, chance, 0.05 if segment == "small" else 0.15)
        attributes[deal] = {"Segment": segment, **dict.fromkeys(fields, "yes")}
    return {"deals": paths, "tasks": tasks, "attributes": attributes}


def _one(playbook: Playbook, chance: random.Random, loss: float) -> tuple[list[Stop], list[tuple[str, float]]]:
    moves = allowed_moves(playbook)
    day, stage = chance.uniform(0, LOOKED_AT - 1), chance.choice(sorted(moves.starts))
    path: list[Stop] = [(stage, day)]
    tasks: list[tuple[str, float]] = []
    while stage not in (*playbook.outcomes.won, *playbook.outcomes.lost):
        here = playbook.stage(stage)
        assert here is not None
        left = day + chance.uniform(0.1, 0.95) * (here.time_limit or 10.0)
        tasks += [(task.seen_as[0], chance.uniform(day, min(left, LOOKED_AT))) for task in here.tasks if task.seen_as]
        day, stage = left, _next(playbook, here, chance, loss)
        if day >= LOOKED_AT:
            break
        path.append((stage, day))
    return path, tasks


def _next(playbook: Playbook, here: Stage, chance: random.Random, loss: float) -> str:
    moves = allowed_moves(playbook)
    if chance.random() < loss:
        return playbook.outcomes.lost[0]
    onward = sorted(target for source, target in moves.between if source == here.name)
    if here.name in moves.wins and (not onward or chance.random() < 0.5):
        return playbook.outcomes.won[0]
    return chance.choice(onward)
