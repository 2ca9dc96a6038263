"""What grades promise, by simulation: few false finds, few A where something is hidden, and no advice from few deals.

`python -m tests.simulations_effects RUNS` prints these with the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from processminer.estimates.effects.measure import measure
from processminer.estimates.effects.trial import Effect, Trial
from processminer.estimates.estimates import Estimates
from processminer.estimates.figures import WinRate
from processminer.findings.comparison import grade_of
from processminer.findings.family import MARGIN, Family, dispensable, family_of
from processminer.statistics.between_groups import between_groups
from processminer.statistics.interval import Interval
from processminer.statistics.multiplicity import adjusted_p_values
from processminer.statistics.proportions import normal_quantile
from tests.effect_worlds import HORIZON, task_world
from tests.family_worlds import Steps, long_tailed, real_steps, steps_world
from tests.simulations import Between, Outcome, Share

STEPS, REAL = 40, 8


@dataclass(frozen=True)
class Looked:
    """All steps of one log, measured and tested together."""

    world: Steps
    effects: tuple[Effect, ...]
    family: Family

    @property
    def worthy(self) -> list[int]:
        """The steps that may become advice."""
        return [n for n, one in enumerate(self.effects) if grade_of(one, self.family) in ("A", "B")]

    @property
    def naive(self) -> list[int]:
        """The steps that crude differences would tell, corrected for their number."""
        rates = adjusted_p_values([_crude_p(one.crude) for one in self.effects])
        return [n for n, rate in enumerate(rates) if rate <= 0.05]


def looked_at(world: Steps) -> Looked:
    """Measure every step of a world."""
    told = [measure(Trial("task", f"Step {n}", "One"), world.step(n), {}, HORIZON) for n in range(len(world.effects))]
    effects = tuple(one for one in told if one is not None)
    assert len(effects) == len(world.effects)
    return Looked(world, effects, _family(effects))


def _family(effects: tuple[Effect, ...]) -> Family:
    rate = WinRate(Interval(0.4, 0.4, 0.4), 0, 0, "")
    return family_of(Estimates(stages=(), win_rate=rate, effects=effects))


def _crude_p(crude: Interval) -> float:
    error = (crude.high - crude.low) / 2 / normal_quantile(0.95)
    return math.erfc(abs(crude.estimate) / error / math.sqrt(2))


def _printed(found: Effect) -> Interval:
    assert found.printed is not None
    return found.printed.interval


def many_steps(runs: int) -> Iterator[Outcome]:
    """T8: of forty steps eight change something; those that are told do, with the right sign and within the range."""
    for many in (1500, 6000):
        false, naive_false, drawn = [], 0.0, max(1, runs // 4)
        found = worthy = wrong = inside = split = 0
        for seed in range(drawn):
            random = np.random.default_rng(seed)
            told = looked_at(steps_world(random, many, real_steps(random, STEPS, REAL)))
            true = told.world.effects
            false.append(sum(true[n] == 0 for n in told.worthy) / max(1, len(told.worthy)))
            naive_false += sum(true[n] == 0 for n in told.naive) / max(1, len(told.naive))
            found += sum(true[n] != 0 for n in told.worthy)
            worthy += len(told.worthy)
            for n in told.worthy:
                limits = _printed(told.effects[n])
                wrong += limits.estimate * true[n] < 0
                inside += min(0.0, limits.low) <= true[n] <= max(0.0, limits.high)
            split += sum(one.split for one in told.effects)
        chance = 2.6 * float(np.std(false)) / math.sqrt(drawn)
        yield Between(f"T8 false share of what is told, {many} deals", float(np.mean(false)), 0.0, 0.06 + chance)
        yield Between(f"T8 guard: the same of crude differences, {many} deals", naive_false / drawn, 0.5, 1.0)
        yield Between(f"T8 share of the true ones that is told, {many} deals", found / drawn / REAL, 0.4, 1.0)
        yield Share(f"T8 told with the wrong sign, {many} deals", wrong, worthy, 0.0, 0.001)
        yield Share(f"T8 truth within the printed range, {many} deals", inside, worthy, 0.90, 1.0)
        of_all = split / drawn / STEPS
        yield Between(f"T8 share of steps that the older deals find, {many} deals", of_all, *_splits(many))


def _splits(many: int) -> tuple[float, float]:
    return (0.0, 0.05) if many < 3000 else (0.3, 1.0)


def nothing_helps(runs: int) -> Iterator[Outcome]:
    """T8: where no step changes anything, hardly a log says that one does."""
    told = naive = 0
    for seed in range(runs):
        looked = looked_at(steps_world(np.random.default_rng(seed), 1500, np.zeros(STEPS)))
        told += bool(looked.worthy)
        naive += bool(looked.naive)
    yield Share("T8 logs without any effect that tell one (A or B)", told, runs, 0.0, 0.07)
    yield Share("T8 guard: by crude differences", naive, runs, 0.5, 1.0)


def hidden_heat(runs: int) -> Iterator[Outcome]:
    """T9: something that no log holds makes steps look useful; that is hardly ever called as good as an experiment."""
    graded = significant = 0
    for seed in range(runs):
        looked = looked_at(steps_world(np.random.default_rng(seed), 3000, np.zeros(1), heat=0.12))
        graded += grade_of(looked.effects[0], looked.family) == "A"
        significant += (looked.effects[0].p_value or 0.0) < 0.05
    yield Share("T9 a useless step in a world with hidden heat is graded A", graded, runs, 0.0, 0.10)
    yield Share("T9 guard: its difference is significant", significant, runs, 0.8, 1.0)


def few_deals(runs: int) -> Iterator[Outcome]:
    """T21: two hundred deals with effects of up to five points: cannot tell, and how many would."""
    quiet = needed = compared = 0
    for seed in range(runs):
        random = np.random.default_rng(seed)
        looked = looked_at(steps_world(random, 200, random.uniform(-0.05, 0.05, 12)))
        quiet += not looked.worthy
        told = [one for one in looked.effects if one.found is not None]
        compared += len(told)
        needed += sum((one.needed_deals() or 0) > 200 for one in told)
    yield Share("T21 logs of 200 deals without an A or B", quiet, runs, 0.93, 1.0)
    yield Share("T21 comparisons there that say how many deals it takes", needed, compared, 0.999, 1.0)


def dispensable_steps(runs: int) -> Iterator[Outcome]:
    """A step that costs five points is shown to be dispensable among 1,100 deals; one that is worth six never is."""
    for effect, (low, high) in ((-0.05, (0.80, 1.0)), (0.06, (0.0, 0.01))):
        shown = 0
        for seed in range(runs):
            found = measure(
                Trial("task", "Call", "One"), task_world(np.random.default_rng(seed), 1100, effect).known, {}
            )
            assert found is not None
            assert found.found is not None
            rate = _family((found,)).rate(dispensable(found))
            shown += rate is not None and rate <= 0.05 and found.found.interval.high < MARGIN
        yield Share(
            f"T12 a step of {100 * effect:+.0f} points is called dispensable, 1,100 deals", shown, runs, low, high
        )


def small_groups(runs: int) -> Iterator[Outcome]:
    """T11: what small groups are shown to win is nearer to the truth than what they won."""
    raw, shrunk, top = [], [], []
    for seed in range(runs):
        won, deals, true = long_tailed(np.random.default_rng(seed))
        told = between_groups(won, deals)
        assert told is not None
        shown = np.array([one.estimate for one in told.shrunk])
        raw.append(np.mean((won / deals - true) ** 2))
        shrunk.append(np.mean((shown - true) ** 2))
        best = int(np.argmax(shown))
        top.append(shown[best] - true[best])
    yield Between("T11 error of shown shares, of that of raw ones", math.sqrt(np.mean(shrunk) / np.mean(raw)), 0.0, 0.6)
    yield Between("T11 the best group is shown better than it is, in points", 100 * float(np.mean(top)), -5.0, 3.0)


GRADES: tuple[Callable[[int], Iterator[Outcome]], ...] = (
    many_steps,
    nothing_helps,
    hidden_heat,
    few_deals,
    dispensable_steps,
    small_groups,
)
