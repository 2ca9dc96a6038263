"""What a change would truly do, by playing the same organisation with the change in force for all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tests.organisations.case import Told, Wanted
from tests.organisations.live import Lives, live
from tests.organisations.luck import Flags
from tests.organisations.world import World

DEALS = 60_000
"""So many deals, the same ones with and without the change, settle an effect to about a fifth of a point."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a change does."""

    deciding: float
    """To the share won of the deals that come to the decision."""
    overall: float
    """To the share won of all deals."""
    won_days: float
    """To the mean lead time of won deals."""


def truth_of(world: World, wanted: Wanted, told: Told) -> Truth | None:
    """Return what a proposed change does; None where it changes no deal."""
    if wanted.in_force is None or wanted.moment is None:
        return None
    more = {"deals": DEALS, "seed": world.seed + 40_000}
    before, after = live(replace(world, **more)), live(replace(wanted.in_force(told, world), **more))  # type: ignore[arg-type]
    comes = comes_to(before, *wanted.moment)
    gained = after.won.astype(float) - before.won
    return Truth(
        deciding=float(gained[comes].mean()),
        overall=float(gained.mean()),
        won_days=float(after.lead_days[after.won].mean() - before.lead_days[before.won].mean()),
    )


def comes_to(lives: Lives, moment: str, stage: str) -> Flags:
    """Return which deals come to a decision, ever."""
    world = lives.met.world
    place = world.place(stage)
    first = np.full(len(lives.won), -1)
    been, beyond, onward = (np.zeros(len(lives.won), dtype=bool) for _ in range(3))
    for stay in lives.stays:
        fresh = stay.deals[first[stay.deals] < 0]
        first[fresh] = stay.phase
        been[stay.deals] |= stay.phase == place
        beyond[stay.deals] |= stay.phase >= place
        onward[stay.deals] |= stay.phase > place
    match moment:
        case "into":
            return beyond & (first < place)
        case "from":
            return been & onward
        case _:
            return been
