"""Worlds in which many steps are looked at together: some help, some harm, most do nothing, and all seem to do much."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from processminer.estimates.effects.known import Known, levels
from tests.effect_worlds import HORIZON, known_of

SOLD = 1 - np.exp(-HORIZON / 40)
"""Of the wins, those that come within the horizon."""


@dataclass(frozen=True)
class Steps:
    """Deals, which steps each took, and what each step truly changes of the share won within the horizon."""

    known: Known
    done: np.ndarray
    """A column per step."""
    effects: np.ndarray

    def step(self, number: int) -> Known:
        """Return the deals as those that took a step and those that did not."""
        return replace(self.known, done=self.done[:, number])


def steps_world(random: np.random.Generator, many: int, effects: np.ndarray, heat: float = 0.0) -> Steps:
    """Good owners and larger deals of easy segments take more of some steps and less of others, and are won more often.

    With `heat`, something that no log holds makes deals likelier to be won, by so much for each standard deviation, and
    likelier to take a step.
    """
    owner, segment = random.integers(1, 13, many), random.integers(0, 3, many)
    amount, warm = random.normal(size=many) + 0.5 * segment, random.normal(size=many)
    skill = (owner - 1) / 11 - 0.5
    tilt = random.uniform(0.5, 1.0, (3, len(effects))) * random.choice([-1.0, 1.0], (1, len(effects)))
    lean = 2.2 * skill[:, None] * tilt[0] + 0.5 * (segment[:, None] - 1) * tilt[1] + 0.4 * amount[:, None] * tilt[2]
    lean = lean + random.uniform(-1.2, 0.6, len(effects)) + (0.6 * warm[:, None] if heat else 0.0)
    done = random.random(lean.shape) < 1 / (1 + np.exp(-lean))
    chance = 0.42 + 0.4 * skill + 0.06 * (segment - 1) + 0.04 * amount + heat * warm
    chance = np.clip(chance + (done - done.mean(axis=0)) @ effects, 0.02, 0.98)
    won = random.random(many) < chance
    days = random.exponential(np.where(won, 40, 25))
    columns = {"Segment": levels(segment.astype(float)), "amount": np.column_stack([amount, amount**2])}
    known = known_of(done[:, 0], won, days, random.uniform(0, 850, many), owner, columns, 900.0)
    return Steps(known, done, effects * SOLD)


def real_steps(random: np.random.Generator, steps: int, real: int) -> np.ndarray:
    """Return what each of the steps changes: the first ones 8 to 12 points up or down, the others nothing."""
    sizes = random.uniform(0.08, 0.12, real) * random.choice([-1.0, 1.0], real)
    return np.concatenate([sizes, np.zeros(steps - real)])


def long_tailed(random: np.random.Generator, groups: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return wins, deals and the true share of groups of which a few are large and most have hardly ten deals."""
    size = np.ceil(600 / np.arange(1, groups + 1) ** 1.1).astype(np.int64)
    true = random.beta(12, 28, groups)
    return random.binomial(size, true), size, true
