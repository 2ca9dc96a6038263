"""Faults of moves: jumps and returns that harm, or that everybody makes and nobody allows; and what is checked late."""

from __future__ import annotations

from dataclasses import replace

from tests.organisations.case import Case, Wanted
from tests.organisations.planted_steps import Luck, NoRoomError, by_choice, late
from tests.organisations.world import Act, Choice, Field, Leap, Loop, Phase, World


def _apart(world: World, luck: Luck, stages: int, first: int = 0, last: int = 0) -> tuple[str, str]:
    """Return two stages so far apart that all deals go through, as they do one between; nothing is planted there."""
    names = [one.name for one in world.phases]
    pairs = [
        (names[place], names[place + stages])
        for place in range(first, len(names) - stages - last)
        if not world.touched & set(names[place : place + stages + 1])
        and all(world.phases[one].taken.share == 1 for one in (place, place + stages))
        and (stages == 1 or any(one.taken.share == 1 for one in world.phases[place + 1 : place + stages]))
    ]
    if not pairs:
        raise NoRoomError
    return pairs[int(luck.integers(len(pairs)))]


def _between(world: World, one: str, other: str) -> list[str]:
    return [phase.name for phase in world.phases[world.place(one) : world.place(other) + 1]]


def _looping(world: World, loop: Loop) -> World:
    """Return the organisation with this way back as the only one from its stage."""
    rest = tuple(one for one in world.loops if one.source != loop.source)
    return replace(world, loops=(*rest, loop)).touching(loop.source, loop.target)


def harmless_jump(world: World, luck: Luck) -> Case:
    """A jump over two required stages that many deals make, and that harms none."""
    try:
        source, target = _apart(world, luck, 3)
    except NoRoomError:
        source, target = _apart(world, luck, 2)
    leap = Leap(source, target, by_choice(world, luck, float(luck.uniform(0.2, 0.35))))
    passed = _between(world, source, target)[1:-1]
    planted = replace(world, leaps=(*world.leaps, leap)).touching(*_between(world, source, target))
    # Where one stage alone is passed over, making it optional says nearly the same.
    also = tuple(("make-stage-optional", name) for name in passed) if len(passed) == 1 else ()
    wanted = Wanted(
        "allow-skip",
        f"{source} -> {target}",
        also=also,
        moment=("from", source),
        in_force=lambda _, lived: replace(
            lived, leaps=tuple(replace(one, choice=Choice(1.0)) if one == leap else one for one in lived.leaps)
        ),
    )
    return Case("harmless jump", planted, lambda book: book.but(source, may_skip_to=None), (wanted,))


def late_start(world: World, luck: Luck) -> Case:
    """Deals of some sources begin in the second stage."""
    del luck
    stage = world.phases[1].name
    if stage in world.touched:
        raise NoRoomError
    tilts = {name: (2.0 if place > 1 else -3.0) for place, name in enumerate(world.sources)}
    planted = world.with_phase(stage, starts=Choice(0.5, source=tilts)).touching(stage)
    wanted = Wanted("allow-skip", stage)
    return Case("start at the second stage", planted, lambda book: book.but(stage, may_start=None), (wanted,))


def harmful_jump(world: World, luck: Luck) -> Case:
    """A jump that the playbook allows, and after which deals die more often."""
    source, target = _apart(world, luck, 2, last=1)
    hurts = float(luck.uniform(1.4, 1.9))
    leap = Leap(source, target, by_choice(world, luck, float(luck.uniform(0.3, 0.45))), hurts)
    planted = replace(world, leaps=(*world.leaps, leap)).touching(*_between(world, source, target))
    wanted = Wanted(
        "forbid-skip",
        f"{source} -> {target}",
        moment=("from", source),
        in_force=lambda _, lived: replace(lived, leaps=tuple(one for one in lived.leaps if one != leap)),
    )
    return Case("harmful jump", planted, wanted=(wanted,))


def unused_jump(world: World, luck: Luck) -> Case:
    """A jump that the playbook allows and nobody makes."""
    source, target = _apart(world, luck, 2)
    wanted = Wanted("forbid-skip", f"{source} -> {target}")
    planted = world.touching(source, target)
    return Case("unused jump", planted, lambda book: book.but(source, may_skip_to=[target]), (wanted,))


def harmless_return(world: World, luck: Luck) -> Case:
    """A return that many deals make and the playbook does not allow."""
    target, source = _apart(world, luck, int(luck.integers(1, 3)), first=1)
    planted = _looping(world, Loop(source, target, by_choice(world, luck, float(luck.uniform(0.2, 0.35)))))
    wanted = Wanted("allow-return", f"{source} -> {target}")
    return Case("harmless return", planted, lambda book: book.but(source, may_return_to=None), (wanted,))


def harmful_return(world: World, luck: Luck) -> Case:
    """A return that the playbook allows, and after which deals die more often than those that are new to the stage."""
    target, source = _apart(world, luck, 1, first=1, last=1)
    hurts = float(luck.uniform(2.0, 2.6))
    loop = Loop(source, target, by_choice(world, luck, float(luck.uniform(0.3, 0.45))), hurts=hurts)
    wanted = Wanted(
        "limit-returns",
        f"{source} -> {target}",
        moment=("leaving", source),
        in_force=lambda _, lived: replace(lived, loops=tuple(one for one in lived.loops if one != loop)),
    )
    return Case("harmful return", _looping(world, loop), wanted=(wanted,))


def unused_return(world: World, luck: Luck) -> Case:
    """A return that the playbook allows and nobody makes."""
    target, source = _apart(world, luck, int(luck.integers(1, 3)))
    loops = tuple(one for one in world.loops if one.source != source)
    planted = replace(world, loops=loops).touching(source, target)
    wanted = Wanted("limit-returns", f"{source} -> {target}")
    return Case("unused return", planted, lambda book: book.but(source, may_return_to=[target]), (wanted,))


def missing_field(world: World, luck: Luck) -> Case:
    """A field that nobody asks for; deals that go on without it come back."""
    target, source = _apart(world, luck, 1, first=1)
    column = "Decision_Maker__c"
    one = Field(column, target, by_choice(world, luck, float(luck.uniform(0.5, 0.65))))
    loop = Loop(source, target, Choice(float(luck.uniform(0.45, 0.6))), missing=one, hurts=0.4)
    crm = world.crm if world.crm == "hubspot" else "salesforce-tracked"
    planted = replace(_looping(world, loop), fields=(*world.fields, one), crm=crm)
    filled = replace(one, choice=Choice(1.0))
    wanted = Wanted(
        "add-exit-criterion",
        target,
        also=(("add-exit-criterion", column), ("add-exit-criterion", f"{target}: {column}")),
        moment=("from", target),
        in_force=lambda _, lived: replace(
            lived, fields=tuple(filled if other.column == column else other for other in lived.fields)
        ),
    )
    return Case("missing field drives rework", planted, wanted=(wanted,))


def late_task_check(world: World, luck: Luck) -> Case:
    """A short check late on, recorded as an activity, after which deals are lost that nobody could have won."""
    stage, name = late(world), "Credit check"
    check = Act(name, stage, Choice(1.0), rejects=1.0)
    planted = replace(world, acts=(*world.acts, check), unfit=float(luck.uniform(0.25, 0.35))).touching(stage)
    wanted = Wanted(
        "check-earlier",
        name,
        moment=("at", world.phases[0].name),
        in_force=lambda _, lived: lived.with_act(name, stage=lived.phases[0].name),
    )
    return Case("late knock-out task", planted, wanted=(wanted,))


def late_stage_check(world: World, luck: Luck) -> Case:
    """A stage of two days late on that rejects deals which nobody could ever have won."""
    name = "Compliance check"
    check = Phase(name, 0.01, float(luck.uniform(1.5, 3)), rejects=1.0)
    phases = (*world.phases[:-1], check, world.phases[-1])
    planted = replace(world, phases=phases, unfit=float(luck.uniform(0.25, 0.35))).touching(name)

    def earlier(lived: World) -> World:
        rest = [one for one in lived.phases if one.name != name]
        return replace(lived, phases=(rest[0], lived.phase(name), *rest[1:]))

    wanted = Wanted(
        "check-earlier", name, moment=("at", world.phases[0].name), in_force=lambda _, lived: earlier(lived)
    )
    return Case("late knock-out stage", planted, wanted=(wanted,))
