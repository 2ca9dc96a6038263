"""A process in which half of the deals are dead in the second stage and nobody knows: when to give up is planted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.flow_worlds import Floats, Played, Whole, World, begins, log_of_played

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog

STAGES = World(onward=np.ones(3), loss=np.ones(3))
"""Only names of stages are taken from it."""

DEALS, DAYS = 1200, 900.0


@dataclass(frozen=True)
class Dead:
    """Lead, then a stage in which dead deals stay on, then a short one before the win. All lengths are in days."""

    dead: float = 0.5
    lively: float = 55.0
    """Median stay of deals that are alive in the second stage, log-normal."""
    spread: float = 0.5
    lingers: float = 300.0
    """Mean stay of the dead ones, exponential, before somebody closes them."""
    first: float = 8.0
    last: float = 12.0
    """Mean stays before and after it, exponential."""
    lost_first: float = 0.2
    won_last: float = 0.7
    worth: float = 10_000.0
    a_day: float = 37.0
    """What a day costs that a deal is worked on."""

    def play(self, deals: int, seed: int) -> Played:
        """Play deals to their end."""
        rng = np.random.default_rng(seed)
        begun = begins(deals, DAYS, seed)
        second = begun + rng.exponential(self.first, deals)
        out = rng.random(deals) < self.lost_first
        dead = rng.random(deals) < self.dead
        stay = np.where(
            dead,
            rng.exponential(self.lingers, deals),
            self.lively * np.exp(self.spread * rng.standard_normal(deals)),
        )
        third = second + stay
        end = third + rng.exponential(self.last, deals)
        won = ~out & ~dead & (rng.random(deals) < self.won_last)
        steps = [
            _steps(np.ones(deals, bool), begun, 0),
            _steps(~out, second, 1),
            _steps(~out & ~dead, third, 2),
            _steps(out, second, 4),
            _steps(~out & dead, third, 4),
            _steps(won, end, 3),
            _steps(~out & ~dead & ~won, end, 4),
        ]
        deal, day, code = (np.concatenate(column) for column in zip(*steps, strict=True))
        order = np.lexsort((code, day, deal))
        return Played(deal[order], day[order], code[order], begun, np.where(won, end, np.inf))

    def log(self, seed: int, deals: int = DEALS) -> EventLog:
        """Return its log as it stood on the last day, every deal worth the same."""
        log = log_of_played(self.play(deals, seed), STAGES, DAYS)
        log.relations.run("UPDATE deals SET amount = $worth, currency = 'EUR'", {"worth": self.worth})
        return log

    def brought(self, limit: Floats, deals: int = 400_000) -> Floats:
        """Return what a stay in the second stage brings less what it costs, if it is given up at each of the limits."""
        rng = np.random.default_rng(5)
        dead = rng.random(deals) < self.dead
        stay = np.where(
            dead,
            rng.exponential(self.lingers, deals),
            self.lively * np.exp(self.spread * rng.standard_normal(deals)),
        )
        # Who goes on is worked on for a few days more, and is won as often as the others.
        later = self.won_last * self.worth - self.a_day * self.last
        return np.array(
            [
                np.where(stay <= one, ~dead * later, 0.0).mean() - self.a_day * np.minimum(stay, one).mean()
                for one in limit
            ]
        )

    @property
    def best_days(self) -> float:
        """The limit that brings most."""
        limits = np.arange(10.0, 301.0)
        return float(limits[self.brought(limits).argmax()])


def _steps(which: Floats | np.ndarray, day: Floats, code: int) -> tuple[Whole, Floats, Whole]:
    at = np.flatnonzero(which)
    return at, day[at], np.full(len(at), code)
