"""What looks like a reason for a change and is none; and organisations that keep to their playbook."""

from __future__ import annotations

from dataclasses import replace

from tests.organisations.case import Case
from tests.organisations.planted_steps import Luck, NoRoomError, late, middle, without_task
from tests.organisations.planted_times import without_handover_limit
from tests.organisations.world import Act, Choice, Field, Loop, Passing, World

HEAT = 0.5
"""What a good feeling is worth where people act on it, on the log odds of dying in each stage."""


def _habit(name: str, world: World, act: Act) -> Case:
    """Return an organisation with an activity that its playbook does not mention."""
    planted = replace(world, acts=(*world.acts, act)).touching(act.stage)
    return Case(name, planted, lambda book: without_task(book, act), decoys=(act.name,))


def dinner(world: World, luck: Luck) -> Case:
    """A dinner with the board, for the larger deals."""
    choice = Choice(0.35, amount=float(luck.uniform(0.8, 1.4)))
    return _habit("dinner for larger deals", world, Act("Executive dinner", late(world), choice))


def hot_step(world: World, luck: Luck) -> Case:
    """A step that is taken where sellers feel that a deal is good, which no log shows."""
    choice = Choice(0.4, heat=float(luck.uniform(0.7, 1.2)))
    act = Act("Workshop on site", middle(world, luck).name, choice)
    return _habit("step for hot deals", replace(world, heat=HEAT), act)


def hot_task(world: World, luck: Luck) -> Case:
    """The same as an optional task of the playbook."""
    case = hot_step(world, luck)
    return Case("optional task for hot deals", case.world, decoys=case.decoys)


def hot_stage(world: World, luck: Luck) -> Case:
    """An optional stage that hot deals go through."""
    stage = middle(world, luck).name
    taken = Choice(0.5, heat=float(luck.uniform(0.7, 1.2)))
    planted = replace(world, heat=HEAT).with_phase(stage, taken=taken, loss=0.01).touching(stage)
    return Case("optional stage for hot deals", planted, decoys=(stage,))


def hot_field(world: World, luck: Luck) -> Case:
    """A field that sellers fill in for deals that feel good to them; no deal is won by it."""
    stage, column = middle(world, luck).name, "Decision_Maker__c"
    one = Field(column, stage, Choice(0.6, heat=float(luck.uniform(0.7, 1.2))))
    crm = world.crm if world.crm == "hubspot" else "salesforce-tracked"
    planted = replace(world, heat=HEAT, fields=(*world.fields, one), crm=crm).touching(stage)
    decoys = (stage, column, f"{stage}: {column}")
    return Case("field filled in for hot deals", planted, decoys=decoys)


def hard_loop(world: World, luck: Luck) -> Case:
    """A return of deals that nobody believes in; it does no harm itself."""
    source, target = late(world), world.phases[-3].name
    if target in world.touched:
        raise NoRoomError
    loop = Loop(source, target, Choice(0.22), tired=float(luck.uniform(0.6, 0.9)))
    rest = tuple(one for one in world.loops if one.source != source)
    planted = replace(world, heat=HEAT, loops=(*rest, loop)).touching(source, target)
    return Case("loop of hard deals", planted, decoys=(f"{source} -> {target}",))


def last_minute(world: World, luck: Luck) -> Case:
    """What is done for deals that are as good as won."""
    if world.phases[-1].name in world.touched:
        raise NoRoomError
    act = Act("Order form", world.phases[-1].name, Choice(float(luck.uniform(0.5, 0.9))), winners_only=True)
    planted = replace(world, acts=(*world.acts, act))
    return Case("last-minute activity of winners", planted, decoys=(act.name,))


def habit_of_the_skilled(world: World, luck: Luck) -> Case:
    """What the better sellers do, and what makes none of them better."""
    choice = Choice(0.45, skill=float(luck.uniform(0.8, 1.4)))
    return _habit(
        "habit of the skilled", replace(world, skill=0.4), Act("Mutual plan", middle(world, luck).name, choice)
    )


def long_stage(world: World, luck: Luck) -> Case:
    """A stage that takes long because the customer does."""
    stage = middle(world, luck)
    planted = world.with_phase(stage.name, days=stage.days * float(luck.uniform(2.5, 4))).touching(stage.name)
    return Case("long customer-paced stage", planted, decoys=(stage.name,))


def cold_handover(world: World, luck: Luck) -> Case:
    """A hand-over at which deals wait the longer the less anybody believes in them; the wait itself does no harm."""
    stage, taker = middle(world, luck).name, "Account executive"
    passing = Passing(
        stage, "SDR", taker, float(luck.uniform(2.0, 3.5)), 1.0, most=25, slow=float(luck.uniform(0.4, 0.8))
    )
    crm = world.crm if world.crm == "hubspot" else "salesforce-tracked"
    planted = replace(world, heat=HEAT, passings=(passing,), crm=crm).touching(stage)
    return Case(
        "hand-over that cold deals wait at",
        planted,
        without_handover_limit,
        decoys=(stage, f"SDR -> {taker}"),
    )


def conforming(world: World, luck: Luck) -> Case:
    """An organisation that keeps to its playbook and uses every freedom it gives."""
    del luck
    return Case("conforming", world)
