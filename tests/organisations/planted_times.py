"""Faults of limits, chances and names, and kinds of deals that want a playbook of their own."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import permutations

from tests.organisations.book import Book
from tests.organisations.case import Case, Told, Wanted
from tests.organisations.planted_steps import Luck, late, middle
from tests.organisations.world import Choice, Passing, World


def broken_limit(world: World, luck: Luck) -> Case:
    """A time limit that about half of the deals break."""
    stage = middle(world, luck)
    limit = max(2, math.ceil(stage.days * float(luck.uniform(0.7, 1.0))))
    wanted = Wanted("set-time-limit", stage.name)
    planted = world.touching(stage.name)
    return Case("broken limit", planted, lambda book: book.but(stage.name, time_limit=f"{limit} days"), (wanted,))


def zombies(world: World, luck: Luck) -> Case:
    """Most deals that die in a late stage are kept open for months, and none of those is ever won."""
    stage = world.phase(late(world))
    planted = world.with_phase(
        stage.name,
        loss=max(0.3, stage.loss),
        most=3.0,
        lingers=float(luck.uniform(0.7, 0.95)),
        linger_days=float(luck.uniform(9, 15)) * stage.days,
    ).touching(stage.name)
    # Half of the playbooks say how long deals that live stay at most, the others nothing.
    longest = math.ceil(3.15 * stage.days * max(one.pace for one in world.segments)) + 1
    limit = f"{longest} days" if luck.integers(2) else None
    wanted = Wanted(
        "give-up-rule",
        stage.name,
        moment=("at", stage.name),
        in_force=lambda told, lived: lived.with_phase(stage.name, give_up=min(_days_in(told), default=math.inf)),
    )
    return Case("zombies", planted, lambda book: book.but(stage.name, time_limit=limit), (wanted,))


def _days_in(told: Told) -> list[float]:
    """Return the lengths that the edits of a revision say."""
    units = {"hour": 1 / 24, "day": 1.0, "week": 7.0}
    values = [str(edit.get("value")) for edit in told["edits"]]
    return [float(many) * units[unit] for value in values for many, unit in re.findall(r"(\d+) (hour|day|week)", value)]


def wrong_probability(world: World, luck: Luck) -> Case:
    """A stage whose declared chance is far from what becomes of its deals."""
    stage = middle(world, luck).name
    higher, off = bool(luck.random() < 0.6), int(luck.integers(18, 30))

    def declares(book: Book) -> Book:
        true = int(str(book.stage(stage)["probability"]).removesuffix("%"))
        wrong = true + off if true < 35 or (higher and true < 65) else true - off
        return book.but(stage, probability=f"{wrong}%")

    return Case("wrong probability", world.touching(stage), declares, (Wanted("set-probability", stage),))


def slow_handover(world: World, luck: Luck) -> Case:
    """A hand-over without a limit; the longer a deal waits to be taken, the likelier it dies."""
    stage, taker = middle(world, luck).name, "Account executive"
    hurts = float(luck.uniform(0.1, 0.16))
    passing = Passing(stage, "SDR", taker, float(luck.uniform(2.0, 3.5)), 1.0, hurts, 25)
    crm = world.crm if world.crm == "hubspot" else "salesforce-tracked"
    planted = replace(world, passings=(passing,), crm=crm).touching(stage)

    wanted = Wanted(
        "set-handover-limit",
        stage,
        also=(("set-handover-limit", f"SDR -> {taker}"),),
        moment=("at", stage),
        in_force=lambda told, lived: replace(
            lived, passings=(replace(passing, most=min(_days_in(told), default=passing.most)),)
        ),
    )
    return Case("slow hand-over", planted, without_handover_limit, (wanted,))


def without_handover_limit(book: Book) -> Book:
    """Return the playbook with no word on how long a hand-over may take."""
    told = [{key: value for key, value in one.items() if key != "within"} for one in book.rest["handovers"]]
    return replace(book, rest={**book.rest, "handovers": told})


def renamed_stage(world: World, luck: Luck) -> Case:
    """The CRM calls a stage by another name than the playbook."""
    stage = middle(world, luck).name
    name = str(luck.choice([f"2-{stage}", f"{stage} stage", f"{stage} (new)", f"{stage} & follow-up"]))
    planted = world.touching(stage)
    return Case("renamed stage", planted, wanted=(Wanted("add-alias", stage),), called={stage: name})


def renamed_midway(world: World, luck: Luck) -> Case:
    """Since some day, the CRM calls a stage by another name."""
    case = renamed_stage(world, luck)
    return replace(case, name="stage renamed midway", since=world.days * float(luck.uniform(0.4, 0.6)))


def clicked_through(world: World, luck: Luck) -> Case:
    """A stage that deals pass within seconds, and in which hardly one dies."""
    stage = middle(world, luck).name
    planted = world.with_phase(stage, clicked=float(luck.uniform(0.75, 0.92)), loss=0.004, days=0.8)
    place = world.place(stage)
    near = [planted.phases[place - 1].name, stage, planted.phases[place + 1].name]
    also = [("merge-stages", name) for name in near]
    also += [("merge-stages", join.join(pair)) for join in (" -> ", " + ", " and ") for pair in permutations(near, 2)]
    # Who clicks through a stage does nothing there: a required task would be a second fault.
    acts = tuple(one for one in planted.acts if one.stage != stage)
    planted = replace(planted, acts=acts).touching(*near)
    return Case("clicked-through stage", planted, wanted=(Wanted("merge-stages", stage, also=tuple(also)),))


def two_processes(world: World, luck: Luck) -> Case:
    """A stage that helps one kind of customer and harms the others."""
    stage, large = middle(world, luck).name, world.segments[-1].name
    tilts = {one.name: (1.2 if one.name == large else -1.0) for one in world.segments}
    share = Choice(0.5, habit=0.3, segment={one.name: (0.7 if one.name == large else -0.3) for one in world.segments})
    planted = world.with_phase(stage, taken=share, loss=0.05, helps_segment=tilts).touching(stage)
    best = Choice(0.5, segment={one.name: (30.0 if one.name == large else -30.0) for one in world.segments})
    columns = ("Segment", "Segment__c")
    subjects = [stage, large, *columns, *(f"{column}: {one.name}" for column in columns for one in world.segments)]
    wanted = Wanted(
        "split-by-segment",
        columns[world.crm != "hubspot"],
        also=tuple(("split-by-segment", one) for one in subjects),
        moment=("into", stage),
        in_force=lambda _, lived: lived.with_phase(stage, taken=best),
    )
    return Case("two processes in one", planted, wanted=(wanted,))


def own_way(world: World, luck: Luck) -> Case:
    """One kind of customer leaves out, without harm, a required stage that all others go through."""
    stage, other = middle(world, luck).name, world.segments[-1].name
    tilts = {one.name: (-2.7 if one.name == other else 3.5) for one in world.segments}
    planted = world.with_phase(stage, taken=Choice(0.5, segment=tilts), loss=0.05).touching(stage)
    columns = ("Segment", "Segment__c")
    wanted = Wanted("split-by-segment", stage, also=tuple(("split-by-segment", one) for one in (*columns, other)))
    return Case("own way of a segment", planted, lambda book: book.but(stage, optional=None), (wanted,))
