"""Faults of steps: stages and tasks that are useless, harmful, missing, or only optional although they help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.organisations.book import Book
from tests.organisations.case import Case, Wanted
from tests.organisations.world import Act, Choice, Phase, World

Luck = np.random.Generator


class NoRoomError(Exception):
    """Everything that could be planted in is taken."""


def middle(world: World, luck: Luck) -> Phase:
    """Return a stage that is neither the first nor the last, that all go through, and where nothing is planted yet."""
    inner = [one for one in world.phases[1:-1] if one.taken.share == 1 and one.name not in world.touched]
    if not inner:
        raise NoRoomError
    return inner[int(luck.integers(len(inner)))]


def late(world: World) -> str:
    """Return the last stage but one, where nothing is planted yet."""
    name = world.phases[-2].name
    if name in world.touched:
        raise NoRoomError
    return name


def by_choice(world: World, luck: Luck, share: float) -> Choice:
    """Return a choice that some kinds of customers and some owners make more often."""
    tilts = {one.name: float(luck.normal(0, 0.4)) for one in world.segments}
    return Choice(share, segment=tilts, habit=float(luck.uniform(0.2, 0.6)))


def useless_stage(world: World, luck: Luck) -> Case:
    """A required stage that many leave out, in which some die, and which nobody misses."""
    stage = middle(world, luck).name
    share, loss = float(luck.uniform(0.5, 0.7)), float(luck.uniform(0.06, 0.12))
    planted = world.with_phase(stage, taken=by_choice(world, luck, share), loss=loss).touching(stage)
    wanted = Wanted(
        "make-stage-optional",
        stage,
        moment=("into", stage),
        in_force=lambda _, lived: lived.with_phase(stage, taken=Choice(0.0)),
    )
    return Case("useless stage", planted, lambda book: book.but(stage, optional=None), (wanted,))


def harmful_stage(world: World, luck: Luck) -> Case:
    """A required stage in which many die, and after which the others die more often."""
    stage = middle(world, luck).name
    taken, loss = by_choice(world, luck, float(luck.uniform(0.3, 0.5))), float(luck.uniform(0.2, 0.26))
    planted = world.with_phase(stage, taken=taken, loss=loss, helps=-0.35).touching(stage)
    wanted = Wanted(
        "remove-stage",
        stage,
        moment=("into", stage),
        in_force=lambda _, lived: lived.with_phase(stage, taken=Choice(0.0)),
    )
    return Case("harmful stage", planted, lambda book: book.but(stage, optional=None), (wanted,))


def harmful_optional_stage(world: World, luck: Luck) -> Case:
    """The same, where the playbook leaves it to people."""
    case = harmful_stage(world, luck)
    return Case("harmful optional stage", case.world, wanted=case.wanted)


def undeclared_stage(world: World, luck: Luck) -> Case:
    """A stage that the playbook does not know."""
    before = middle(world, luck).name
    name = str(luck.choice(["Legal review", "Reference visit", "Board approval"]))
    new = Phase(name, 0.03, float(luck.uniform(5, 15)), taken=by_choice(world, luck, float(luck.uniform(0.3, 0.6))))
    place = world.place(before) + 1
    planted = replace(world, phases=(*world.phases[:place], new, *world.phases[place:])).touching(before, name)
    return Case("undeclared stage", planted, lambda book: book.without(name), (Wanted("add-stage", name),))


def helpful_stage(world: World, luck: Luck) -> Case:
    """An optional stage after which deals die less often."""
    stage = middle(world, luck).name
    taken, helps = by_choice(world, luck, float(luck.uniform(0.4, 0.6))), float(luck.uniform(0.9, 1.3))
    planted = world.with_phase(stage, taken=taken, loss=0.03, helps=helps).touching(stage)
    wanted = Wanted(
        "require-stage",
        stage,
        moment=("into", stage),
        in_force=lambda _, lived: lived.with_phase(stage, taken=Choice(1.0)),
    )
    return Case("helpful optional stage", planted, wanted=(wanted,))


def helpful_task(world: World, luck: Luck) -> Case:
    """An optional task after which deals die less often."""
    stage = middle(world, luck).name
    name = str(luck.choice(["Reference call", "Site visit", "Success plan"]))
    act = Act(name, stage, by_choice(world, luck, 0.5), float(luck.uniform(0.7, 1.1)), bool(luck.integers(2)))
    planted = replace(world, acts=(*world.acts, act)).touching(stage)
    wanted = Wanted(
        "require-task",
        name,
        moment=("from", stage),
        in_force=lambda _, lived: lived.with_act(name, choice=Choice(1.0)),
    )
    return Case("helpful optional task", planted, wanted=(wanted,))


def helpful_habit(world: World, luck: Luck) -> Case:
    """An activity that no playbook mentions, after which deals die less often."""
    case = helpful_task(world, luck)
    act = case.world.acts[-1]
    wanted = replace(case.wanted[0], kind="add-task")
    return Case("helpful undeclared task", case.world, lambda book: without_task(book, act), (wanted,))


def without_task(book: Book, act: Act) -> Book:
    """Return the playbook without a task."""
    tasks = [one for one in book.stage(act.stage)["tasks"] if one["do"] != act.name]
    return book.but(act.stage, tasks=tasks or None)


def useless_task(world: World, luck: Luck) -> Case:
    """A required task that half of the deals go without, and nobody misses."""
    stage = middle(world, luck).name
    act = Act("Company brochure", stage, by_choice(world, luck, 0.5))
    planted = replace(world, acts=(*world.acts, act)).touching(stage)
    wanted = Wanted(
        "drop-task",
        act.name,
        moment=("from", stage),
        in_force=lambda _, lived: lived.with_act(act.name, choice=Choice(0.0)),
    )
    return Case("useless task", planted, lambda book: _required(book, stage), (wanted,))


def _required(book: Book, stage: str) -> Book:
    told = book.stage(stage)["tasks"]
    tasks = [{key: value for key, value in one.items() if key != "optional"} for one in told]
    return book.but(stage, tasks=tasks)


def useless_task_of_many(world: World, luck: Luck) -> Case:
    """The same where enough deals are there to show it."""
    return useless_task(replace(world, deals=max(world.deals, 10_000)), luck)
