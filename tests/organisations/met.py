"""Who an organisation's deals are with, and whose they are: all that is settled on the day a deal is created."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.organisations.luck import Counts, Flags, Floats, Luck, tilted
from tests.organisations.world import Choice, World


@dataclass(frozen=True, slots=True)
class Met:
    """One entry a deal, in the order of creation."""

    world: World
    luck: Luck
    begun: Floats
    """Days since the first one could."""
    segment: Counts
    source: Counts
    owner: Counts
    amount: Floats
    size: Floats
    """The logarithm of the amount in standard deviations."""
    heat: Floats
    unfit: Flags
    skills: Floats
    """One entry an owner."""

    def chosen(self, choice: Choice, owner: Counts, which: Counts, *what: object) -> Flags:
        """Return which of some deals do it, `owner` being whose they are by then."""
        return self.luck("does", *what)[which] < self.chance(choice, owner, which, *what)

    def chance(self, choice: Choice, owner: Counts, which: Counts, *what: object) -> Floats:
        """Return how likely each of some deals does it."""
        world = self.world
        by_segment = np.array([choice.segment.get(one.name, 0.0) for one in world.segments])
        by_source = np.array([choice.source.get(one, 0.0) for one in world.sources])
        habits = choice.habit * Luck(world.people, world.owners).normal("habit", *what)
        tilt = by_segment[self.segment[which]] + by_source[self.source[which]]
        tilt = tilt + choice.amount * self.size[which] + choice.heat * self.heat[which]
        return tilted(choice.share, tilt + habits[owner] + choice.skill * self.skills[owner])


def meet(world: World) -> Met:
    """Return the deals of an organisation on the days they are created."""
    luck = Luck(world.seed, world.deals)
    segment = luck.among([one.share for one in world.segments], "segment")
    half = world.owners // 2
    senior = luck("senior") < np.array([one.senior for one in world.segments])[segment]
    owner = (luck("owner") * np.where(senior, half, world.owners - half)).astype(np.int64)
    ranks = np.linspace(1.0, -1.0, world.owners)
    size = luck.normal("amount") * 0.8
    medians = np.log(np.array([one.amount for one in world.segments]))[segment]
    logs = medians + size * 0.9
    return Met(
        world=world,
        luck=luck,
        begun=np.sort(_arrivals(luck("arrivals"), world)),
        segment=segment,
        source=luck.among([share for share, _ in world.sources.values()], "source"),
        owner=np.where(senior, owner, owner + half),
        amount=np.round(np.exp(logs) / 100) * 100 + 500,
        size=(logs - logs.mean()) / logs.std(),
        heat=luck.normal("heat"),
        unfit=luck("unfit") < world.unfit,
        skills=ranks,
    )


def _arrivals(luck: Floats, world: World) -> Floats:
    """Return days of creation, the more the later in a growing organisation."""
    if world.growth == 0:
        return luck * world.days
    total = np.expm1(np.log1p(world.growth) * world.days / 365)
    return np.log1p(luck * total) / np.log1p(world.growth) * 365
