"""Chances of open deals, and of the money in them, and periods played from these: what a forecast is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.estimates.flow.model import SEED, WON
from processminer.statistics.interval import Interval
from processminer.statistics.semi_markov import reached, reached_from

if TYPE_CHECKING:
    import numpy.typing as npt

    from processminer.estimates.flow.model import FlowModel
    from processminer.statistics.semi_markov import Kernel
    from processminer.statistics.survival import Floats

    Whole = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

PERIODS = 4000
"""Played in all, some per resample of the deals."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Open deals by stage and age: arrays of equal length."""

    stage: Whole
    age: Whole
    """In ticks."""
    deals: Whole
    amount: Floats
    squares: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """The chance to be won in time, observed and of resampled deals."""

    observed: Floats
    """By cell of open deals; 0 where nobody knows."""
    later: float
    """Of a deal that begins at a random moment of the time."""
    resampled: Floats
    """By resample and cell."""
    resampled_later: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """The chance of money in open deals to be won: each deal counts as often as it is worth."""

    observed: Floats
    resampled: Floats
    ratio: Interval
    """To the same if amounts said nothing."""

    @property
    def matters(self) -> bool:
        """Whether money is won more or less often than deals, beyond chance."""
        return not self.ratio.low <= 1 <= self.ratio.high


def chances_of(model: FlowModel, standing: Standing, known: Flags, ticks: int, resamples: int) -> Chances:
    """Return the chances to be won within so many ticks; `known` tells for which cells enough others were followed."""

    def in_time(kernel: Kernel, starts: Floats) -> tuple[Floats, Floats]:
        ends = reached(kernel, ticks)
        by_age = reached_from(kernel, ends, ticks)[..., WON][..., standing.stage, standing.age]
        later: Floats = np.einsum("...s,...st->...t", starts, ends[..., WON, :]).mean(axis=-1)
        return np.nan_to_num(np.where(known, by_age, 0.0)), later

    observed, later = in_time(model.observed, model.starts)
    drawn = [in_time(kernel, starts) for kernel, starts in model.resamples(resamples)]
    return Chances(
        observed, float(later), np.concatenate([one for one, _ in drawn]), np.concatenate([one for _, one in drawn])
    )


def money_of(model: FlowModel, standing: Standing, known: Flags, ticks: int, deals: Chances) -> Money | None:
    """Return the chance of money; None where no open deal of a chance has an amount, or no deal that began has one.

    Deals that count as often as they are worth are held against the same deals counted once: amounts are often filled
    in late, so that having one says by itself that a deal is going on.
    """
    by_worth, once = model.by_worth(), model.of_priced()
    if by_worth is None or once is None or float(deals.observed @ standing.amount) <= 0:
        return None
    resamples = len(deals.resampled)
    dear, plain = (chances_of(one, standing, known, ticks, resamples) for one in (by_worth, once))
    observed = deals.observed * _over(dear.observed, plain.observed)
    resampled = deals.resampled * _over(dear.resampled, plain.resampled)
    own = deals.resampled @ standing.amount
    ratios = (resampled @ standing.amount)[own > 0] / own[own > 0]
    ratio = float(observed @ standing.amount) / float(deals.observed @ standing.amount)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return Money(observed, resampled, Interval(ratio, min(float(low), ratio), max(float(high), ratio)))


def _over(part: Floats, whole: Floats) -> Floats:
    """Return how many times as much one is; 1 where there is nothing to compare with."""
    found: Floats = np.divide(part, whole, out=np.ones_like(part), where=whole > 0)
    return found


def played(
    standing: Standing, chances: Chances, money: Money | None, worth: tuple[float, float], begun: float
) -> tuple[Floats, Floats]:
    """Return wins and revenue of played periods, some per resample.

    `worth` is the mean and the variance of what a new deal brings that is won; `begun` new ones are expected.
    """
    rng = np.random.default_rng(SEED)
    each_played = PERIODS // len(chances.resampled)
    mean, variance = worth
    chance = np.repeat(chances.resampled, each_played, axis=0)
    fallen = rng.binomial(standing.deals, chance)
    each = np.divide(standing.amount, standing.deals)
    # Deals of one cell differ in worth: which of them are won moves the revenue around its mean.
    spread = np.maximum(standing.squares / standing.deals - each**2, 0.0)
    expected = (
        np.repeat(chances.resampled_later, each_played) * rng.gamma(begun + 0.5, 1.0, len(chance)) if begun else 0.0
    )
    fresh = rng.poisson(expected, len(chance))
    noise = np.sqrt((fallen * spread).sum(axis=1) + fresh * variance) * rng.standard_normal(len(chance))
    if money is None or not money.matters:
        return fallen.sum(axis=1) + fresh, np.maximum(0.0, fallen @ each + fresh * mean + noise)
    won = (fallen * np.repeat(_over(money.resampled, chances.resampled), each_played, axis=0)) @ each
    return fallen.sum(axis=1) + fresh, np.maximum(0.0, won + fresh * mean + noise)
