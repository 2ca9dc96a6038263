"""All organisations that are audited, by what is planted in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np

from tests.organisations import decoys, planted_moves, planted_steps, planted_times
from tests.organisations.case import Case, together
from tests.organisations.planted_steps import NoRoomError
from tests.organisations.world import World
from tests.organisations.worlds import WORLDS

Plant = Callable[[World, np.random.Generator], Case]

PLANTED: tuple[Plant, ...] = (
    planted_steps.useless_stage, planted_steps.harmful_stage, planted_steps.harmful_optional_stage,
    planted_steps.undeclared_stage,
    planted_steps.helpful_stage, planted_steps.helpful_task, planted_steps.helpful_habit, planted_steps.useless_task,
    planted_steps.useless_task_of_many, planted_moves.harmless_jump, planted_moves.late_start,
    planted_moves.harmful_jump, planted_moves.unused_jump, planted_moves.harmless_return,
    planted_moves.harmful_return, planted_moves.unused_return, planted_moves.missing_field,
    planted_moves.late_task_check, planted_moves.late_stage_check, planted_times.broken_limit, planted_times.zombies,
    planted_times.wrong_probability, planted_times.slow_handover, planted_times.renamed_stage,
    planted_times.renamed_midway, planted_times.clicked_through, planted_times.two_processes, planted_times.own_way,
)  # fmt: skip
DECOYS: tuple[Plant, ...] = (
    decoys.dinner, decoys.hot_step, decoys.hot_task, decoys.hot_stage, decoys.hot_field, decoys.hard_loop,
    decoys.last_minute, decoys.habit_of_the_skilled, decoys.long_stage, decoys.cold_handover,
)  # fmt: skip
MIXABLE = tuple(one for one in PLANTED if one is not planted_steps.useless_task_of_many)


def mixed(world: World, luck: np.random.Generator) -> Case:
    """Several faults and decoys in one organisation, as in life."""
    order = [MIXABLE[place] for place in luck.permutation(len(MIXABLE))]
    misleading = [DECOYS[place] for place in luck.permutation(len(DECOYS))]
    plants = _that_fit(world, luck, [*order[:4], *misleading[:2]])
    return together("mixed", world, plants)


def _that_fit(world: World, luck: np.random.Generator, plants: list[Plant]) -> list[Callable[[World], Case]]:
    """Return the plants that find room beside those before them."""
    fitting: list[Callable[[World], Case]] = []
    for plant in plants:
        settled = partial(_again, plant, int(luck.integers(1 << 30)))
        try:
            world = settled(world).world
        except NoRoomError:
            continue
        fitting.append(settled)
    return fitting


def _again(plant: Plant, seed: int, world: World) -> Case:
    return plant(world, np.random.default_rng(seed))


GROUPS: Mapping[str, tuple[Plant, ...]] = MappingProxyType(
    {"planted": PLANTED, "decoys": DECOYS, "mixed": (mixed,), "conforming": (decoys.conforming,)}
)


def case_of(plant: Plant, kind: str, seed: int, deals: int) -> Case:
    """Return an organisation of a kind of world with something planted in it.

    Raises NoRoomError where that kind of organisation has no place for it.
    """
    world = WORLDS[kind](seed, deals)
    crm = "hubspot" if seed % 3 == 1 else world.crm
    return plant(replace(world, crm=crm), np.random.default_rng([seed, 77]))
