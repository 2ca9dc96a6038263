"""Acceptance by simulation of how a change is judged: what did nothing is told to have done something in few logs only.

`python -m tests.simulations_changes RUNS` prints the table; the tests run the same with fewer runs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from processminer.estimates.did_it_work.deals import Units
from processminer.estimates.did_it_work.judgement import Judgement, judge_wins
from processminer.statistics.proportions import newcombe
from tests.simulations import Outcome, Share

DAYS, CHANGED_ON, OWNERS, DEALS = 720.0, 420.0, 16, 2400
HELPED = 0.12


def world(random: np.random.Generator, effect: float, *, worst: bool = False) -> Units:
    """Deals of two years whose share won rises with time and drifts by owner; for half of the owners a rule is changed.

    With `worst` they are those who did worst before, by chance as well as by what they are.
    """
    begun = random.uniform(0, DAYS, DEALS)
    owner = random.integers(0, OWNERS, DEALS)
    after = begun >= CHANGED_ON
    level = 0.2 + random.normal(0, 0.03, OWNERS)[owner] + 0.2 * begun / DAYS
    drift = random.normal(0, 0.02, OWNERS)[owner] * after
    won = random.random(DEALS) < level + drift
    if worst:
        shares = [won[(owner == one) & ~after].mean() for one in range(OWNERS)]
        chosen = np.argsort(shares)[: OWNERS // 2]
    else:
        chosen = random.permutation(OWNERS)[: OWNERS // 2]
    changed = np.isin(owner, chosen)
    won |= (random.random(DEALS) < effect / (1 - level)) & changed & after
    whole = random.gamma(3.0, np.where(won, 20.0, 12.0))
    seen = begun + whole <= DAYS
    watched = np.floor(DAYS - begun).astype(np.int64) + 1
    days = np.where(seen, np.floor(whole).astype(np.int64) + 1, watched)
    cause = np.where(seen, np.where(won, 1, 2), 0)
    return Units(begun, days, watched, cause, owner.astype(np.int64), changed, after)


def true_effect(judged: Judgement, effect: float) -> float:
    """Return the effect on the share won within the horizon: of those that the change wins, some are won later."""
    from scipy.special import gammainc  # type: ignore[import-untyped]

    return float(effect * gammainc(3.0, judged.within_days / 20.0))


def changes(runs: int) -> Iterator[Outcome]:
    """T18: beside groups that did not change, a change that did nothing is told to have done something in 5 of 100."""
    random = np.random.default_rng(18)
    sure = held = naive = found = right = chosen = ordinary = 0
    for _ in range(runs):
        nothing = world(random, 0.0)
        judged = judge_wins(nothing)
        assert judged.effect is not None
        assert judged.p is not None
        sure += judged.p <= 0.05
        naive += _naive(nothing)
        helped = judge_wins(world(random, HELPED))
        assert helped.effect is not None
        assert helped.p is not None
        truth = true_effect(helped, HELPED)
        held += helped.effect.low <= truth <= helped.effect.high
        found += helped.p <= 0.05 and helped.effect.estimate > 0
        right += judged.effect.low <= 0.0 <= judged.effect.high
        unlucky = judge_wins(world(random, 0.0, worst=True))
        assert unlucky.compared is not None
        expected = unlucky.compared.changed.to_the_mean - unlucky.compared.others.to_the_mean
        chosen += unlucky.compared.change.value > 0
        ordinary += unlucky.compared.change.value > expected
    yield Share("T18 a change that did nothing is told to have worked or harmed", sure, runs, 0.0, 0.07)
    yield Share("T18 nothing lies within the 95 % limits where nothing was done", right, runs, 0.93, 0.97)
    yield Share("T18 a planted effect of 12 points lies within its 95 % limits", held, runs, 0.93, 0.97)
    yield Share("T18 a planted effect of 12 points is told", found, runs, 0.7, 1.0)
    yield Share("T18 guard: before against after alone is sure where nothing was done", naive, runs, 0.3, 1.0)
    yield Share("T18 guard: those who did worst improve where nothing was done", chosen, runs, 0.7, 1.0)
    yield Share("T18 those who did worst improve beyond what chance alone expects", ordinary, runs, 0.35, 0.65)


def _naive(units: Units) -> bool:
    """Compare the closed deals before and after, of those for whom the rule was changed."""
    closed = units.changed & (units.cause > 0)
    won = units.cause == 1
    k1, n1 = int((closed & won & units.after).sum()), int((closed & units.after).sum())
    k0, n0 = int((closed & won & ~units.after).sum()), int((closed & ~units.after).sum())
    told = newcombe(k1, n1, k0, n0)
    return told.low > 0 or told.high < 0


if __name__ == "__main__":
    outcomes = list(changes(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
    print("\n".join(map(str, outcomes)))  # noqa: T201 - it is the table that was asked for
