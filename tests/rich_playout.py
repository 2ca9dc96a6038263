"""Deals played out from a playbook that honour every kind of rule in it, so that a log shows each of them kept."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from processminer.playbook.moves import allowed_moves
from tests.rich_worlds import Deal

if TYPE_CHECKING:
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Criterion, Stage, Task

LOOKED_AT = 60.0


def played_out_richly(playbook: Playbook, deals: int, seed: int) -> dict[str, Deal]:
    """Return deals that begin all the time, so that on day LOOKED_AT some are open; each keeps to all that is asked."""
    chance = random.Random(seed)
    return {f"deal-{number:03}": play(playbook, chance, chance.uniform(0, LOOKED_AT - 1)) for number in range(deals)}


def play(playbook: Playbook, chance: random.Random, start: float, *, loss: float = 0.1) -> Deal:
    """Play out one deal to its end and through what follows it."""
    moves = allowed_moves(playbook)
    people = {role.name: role.people[0] for role in playbook.roles}
    day, stage = start, chance.choice(sorted(moves.starts))
    deal = Deal([], owners=[], fields={name: [("", start)] for name in fields_of(playbook)})
    deal.contacts = max((one.min_contacts or 0 for one in playbook.stages), default=0)
    while True:
        here = playbook.stage(stage)
        assert here is not None
        deal.stops.append((stage, day))
        owned_by(deal, people.get(here.owner or "", "Ann"), day)
        left = day + stay_in(deal, here, chance, day)
        day, stage = left, onward(playbook, deal, here, chance, loss)
        if stage in (*playbook.outcomes.won, *playbook.outcomes.lost):
            break
    deal.stops.append((stage, day))
    after(playbook, deal, people, stage, day)
    return deal


def fields_of(playbook: Playbook) -> list[str]:
    criteria = [one for stage in playbook.stages for one in (*stage.entry_criteria, *stage.exit_criteria)]
    return sorted({field for one in criteria for field in one.fields})


def owned_by(deal: Deal, person: str, day: float) -> None:
    if not deal.owners or deal.owners[-1][0] != person:
        deal.owners.append((person, day))


def stay_in(deal: Deal, here: Stage, chance: random.Random, day: float) -> float:
    """Do what a stage asks for in good time; return how long that takes."""
    lasts = chance.uniform(0.5, 0.9) * (here.time_limit or 4.0)
    for criterion in here.entry_criteria:
        meet(deal, criterion, day - 0.01)
    for task in here.tasks:
        do(deal, task, day, min(lasts, task.within or lasts))
    for criterion in here.exit_criteria:
        meet(deal, criterion, day + lasts * 0.8)
    steps = int(lasts / (here.max_silence or lasts)) + 1
    deal.tasks += [("Look", day + lasts * step / (steps + 1), "Ann") for step in range(1, steps + 1)]
    return lasts


def meet(deal: Deal, criterion: Criterion, day: float) -> None:
    value = criterion.values[0] if criterion.values else "yes"
    for field in criterion.fields:
        if deal.fields[field][-1][0] != value:
            deal.fields[field].append((value, max(day, deal.fields[field][-1][1] + 0.001)))
    deal.tasks += [(seen, day, "Ann") for seen in criterion.seen_as[:1]]


def do(deal: Deal, task: Task, day: float, lasts: float) -> None:
    for turn in range(task.times):
        deal.tasks += [(seen, day + lasts * (turn + 1) / (task.times + 2), "Ann") for seen in task.seen_as[:1]]


def onward(playbook: Playbook, deal: Deal, here: Stage, chance: random.Random, loss: float) -> str:
    if chance.random() < loss:
        return playbook.outcomes.lost[0]
    moves = allowed_moves(playbook)
    been = [stage for stage, _ in deal.stops]
    free = [stage.name for stage in playbook.stages if been.count(stage.name) < (stage.max_visits or 99)]
    targets = sorted(target for source, target in moves.between if source == here.name and target in free)
    if here.name in moves.wins and (not targets or chance.random() < 0.5):
        return playbook.outcomes.won[0]
    return chance.choice(targets)


def after(playbook: Playbook, deal: Deal, people: dict[str, str], end: str, day: float) -> None:
    """Hand over what was won, begin what follows in time, and say why deals were lost."""
    if end in playbook.outcomes.lost and playbook.outcomes.loss_reason:
        deal.said[playbook.outcomes.loss_reason] = "Price"
    for handover in playbook.handovers:
        if handover.entering == end:
            owned_by(deal, people[handover.taker], day + (handover.within or 1.0) / 2)
    began = {end: day}
    for service in playbook.service:
        if service.begins_at in began:
            began[service.name] = begun = began[service.begins_at] + (service.within or 1.0) / 2
            if service.seen_as:
                deal.tasks.append((service.seen_as[0], begun, "Ann"))
            else:
                deal.stops.append((service.name, begun))
