"""What the open deals, and those to come, will bring: chances by stage and age, and wins and revenue as ranges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.flow.model import DAY, RESAMPLES, SEED, TICKS, WON, flow_model
from processminer.statistics.interval import Interval
from processminer.statistics.semi_markov import reached, reached_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import numpy.typing as npt

    from processminer.engines.relations import Row
    from processminer.estimates.flow.model import FlowModel
    from processminer.log.eventlog import EventLog
    from processminer.statistics.semi_markov import Kernel
    from processminer.statistics.survival import Floats

    Whole = npt.NDArray[np.int64]

PACKAGE = "processminer.estimates.flow"

LEVEL = 0.9
"""Of the ranges: one period in ten lies outside. A forecast of 95 % is too wide to plan by."""

PERIODS = 4000
"""Played in all, some per resample of the deals."""

FOLLOWED = 5
"""Fewer stays than these that lasted longer say nothing of what becomes of a deal at such an age."""

ARRIVALS_OVER = 90
"""Days; deals to come are expected at the rate of the last quarter."""


@dataclass(frozen=True, slots=True)
class StageForecast:
    """What the open deals of a stage will bring."""

    stage: str
    deals: int
    wins: float
    """Expected within the days of the forecast."""
    amount: float | None
    """Of its open deals, in the forecast's currency."""
    expected: float | None
    """The amount, each deal weighed by its chance."""
    unknown: int
    """Deals that have been there for longer than any stay was ever seen to last: nothing is known of their chance."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Wins and revenue of the next days."""

    days: float
    as_of: datetime
    wins: Interval
    """With limits between which nine of ten periods lie, if deals go on as they went."""
    revenue: Interval | None
    currency: str | None
    of_open: float
    """Of the expected wins, those of deals that are open now."""
    of_new: float
    begun_a_day: float
    chance_of_quota: float | None
    """The share of played periods that brought the quota; None where none was asked for, or no deal has an amount."""
    open_deals: int
    unknown: int
    stages: tuple[StageForecast, ...]
    money_ratio: Interval | None = None
    """So many times as often as deals are, the money in open deals is won: below 1, dear deals are won less often. 95 %
    limits; None where too little is known of amounts."""
    money_weighed: bool = False
    """Whether the revenue takes that into account: only where it is more than chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What won deals are worth, in the currency of most deals."""

    currency: str | None
    mean: float
    variance: float


def forecast(
    log: EventLog,
    days: float,
    span_days: float,
    as_of: datetime | None = None,
    resamples: int = RESAMPLES,
    quota: float | None = None,
    *,
    weigh_money: bool = True,
) -> Forecast | None:
    """Return what the next `days` will bring, seen from `as_of` (by default the log's); None where nothing can be told.

    `span_days` is how long stays are followed, at least `days`; deals that have been in a stage for longer are unknown.

    Chances come from the flow model of all stays seen by then (semi-Markov; Kalenkova, Mitchell and Roughan 2025 argue
    for such closed forms). Unless `weigh_money` is off, it is asked whether money is won as often as deals are; if not
    beyond chance, amounts are taken to say nothing of the chance beyond stage and age. The ranges hold three kinds of
    chance: which deals the log happened to hold (resamples), how the open ones fall, how many begin.
    """
    seen_at = log.as_of if as_of is None else as_of
    model = flow_model(log, max(days, span_days), seen_at)
    if model is None:
        return None
    ticks = min(TICKS, max(1, round(days / model.tick_days)))
    worth = worth_of_won(log, seen_at)
    standing = _standing(log, model, worth, seen_at)
    begun, over = begun_over(log, worth, seen_at)
    known = model.followed[standing.stage, np.minimum(standing.age + 1, TICKS)] >= FOLLOWED
    chances = _chances(model, standing, known, ticks, resamples)
    money = _money(model, standing, known, ticks, chances) if weigh_money and worth is not None else None
    of_open, of_new = chances.observed, begun / over * days * chances.later
    drawn = _played(standing, chances, money, worth, begun * days / over)
    wins = float(of_open @ standing.deals)
    of_money = of_open if money is None or not money.matters else money.observed
    revenue = None if worth is None else float(of_money @ standing.amount) + of_new * worth.mean
    return Forecast(
        days=days,
        as_of=seen_at,
        wins=_range(wins + of_new, drawn[0]),
        revenue=None if revenue is None else _range(revenue, drawn[1]),
        currency=None if worth is None else worth.currency,
        of_open=wins,
        of_new=of_new,
        begun_a_day=begun / over,
        chance_of_quota=None if quota is None or worth is None else float((drawn[1] >= quota).mean()),
        open_deals=int(standing.deals.sum()),
        unknown=int(standing.deals[~known].sum()),
        stages=tuple(_by_stage(model, standing, of_open, None if worth is None else of_money, known)),
        money_ratio=None if money is None else money.ratio,
        money_weighed=money is not None and money.matters,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """Open deals by stage and age: arrays of equal length."""

    stage: Whole
    age: Whole
    """In ticks."""
    deals: Whole
    amount: Floats
    squares: Floats


def _standing(log: EventLog, model: FlowModel, worth: Worth | None, seen_at: datetime) -> _Standing:
    values = {
        "as_of": seen_at.replace(tzinfo=None),
        "tick": model.tick_days * DAY,
        "ticks": TICKS,
        "currency": None if worth is None else worth.currency,
    }
    rows = log.relations.rows(read_sql(PACKAGE, "open_now.sql"), values)
    place = {name: at for at, name in enumerate(model.stages)}
    codes = {code: place[stage.name] for code, stage in enumerate(log.stages) if stage.name in place}
    known = [row for row in rows if row[0] in codes]
    return _Standing(
        np.array([codes[row[0]] for row in known], np.int64),
        np.array([row[1] for row in known], np.int64),
        np.array([row[2] for row in known], np.int64),
        np.array([row[3] for row in known], np.float64),
        np.array([row[4] for row in known], np.float64),
    )


def worth_of_won(log: EventLog, seen_at: datetime) -> Worth | None:
    """Return what won deals are worth; None where no won deal has an amount."""
    rows = log.relations.rows(read_sql(PACKAGE, "worth.sql"), {"as_of": seen_at.replace(tzinfo=None)})
    for currency, _, mean, variance in rows:
        if mean is not None:
            return Worth(currency, float(mean), float(variance))
    return None


def begun_over(log: EventLog, worth: Worth | None, seen_at: datetime) -> tuple[int, float]:
    """Return how many deals began lately, and in how many days."""
    until = seen_at.replace(tzinfo=None)
    row = arrivals(log, until - timedelta(days=ARRIVALS_OVER), until, None if worth is None else worth.currency)
    length = (until - row[3]).total_seconds() / 86_400
    return int(row[0]), max(1.0, min(float(ARRIVALS_OVER), length))


def begun_lately(log: EventLog) -> float:
    """Return how many deals a day began over the last quarter, or since the first one."""
    begun, over = begun_over(log, None, log.as_of)
    return begun / over


def arrivals(log: EventLog, since: datetime, until: datetime, currency: str | None) -> Row:
    """Return the deals begun and won between two moments, what the won ones are worth, and when the first one began."""
    values = {"since": since, "until": until, "currency": currency}
    return log.relations.row(read_sql(PACKAGE, "arrivals.sql"), values)


@dataclass(frozen=True, slots=True, eq=False)
class _Chances:
    """The chance to be won in time, observed and of resampled deals."""

    observed: Floats
    """By cell of open deals; 0 where nobody knows."""
    later: float
    """Of a deal that begins at a random moment of the time."""
    resampled: Floats
    """By resample and cell."""
    resampled_later: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Money:
    """The chance of money in open deals to be won: each deal counts as often as it is worth."""

    observed: Floats
    resampled: Floats
    ratio: Interval
    """To the same if amounts said nothing."""

    @property
    def matters(self) -> bool:
        """Whether money is won more or less often than deals, beyond chance."""
        return not self.ratio.low <= 1 <= self.ratio.high


def _chances(
    model: FlowModel, standing: _Standing, known: npt.NDArray[np.bool_], ticks: int, resamples: int
) -> _Chances:
    def in_time(kernel: Kernel, starts: Floats) -> tuple[Floats, Floats]:
        ends = reached(kernel, ticks)
        by_age = reached_from(kernel, ends, ticks)[..., WON][..., standing.stage, standing.age]
        later: Floats = np.einsum("...s,...st->...t", starts, ends[..., WON, :]).mean(axis=-1)
        return np.nan_to_num(np.where(known, by_age, 0.0)), later

    observed, later = in_time(model.observed, model.starts)
    drawn = [in_time(kernel, starts) for kernel, starts in model.resamples(resamples)]
    return _Chances(
        observed, float(later), np.concatenate([one for one, _ in drawn]), np.concatenate([one for _, one in drawn])
    )


def _money(
    model: FlowModel, standing: _Standing, known: npt.NDArray[np.bool_], ticks: int, deals: _Chances
) -> _Money | None:
    """Return the chance of money; None where no open deal of a chance has an amount, or no deal that began has one.

    Deals that count as often as they are worth are held against the same deals counted once: amounts are often filled
    in late, so that having one says by itself that a deal is going on.
    """
    by_worth, once = model.by_worth(), model.of_priced()
    if by_worth is None or once is None or float(deals.observed @ standing.amount) <= 0:
        return None
    resamples = len(deals.resampled)
    dear, plain = (_chances(one, standing, known, ticks, resamples) for one in (by_worth, once))
    observed = deals.observed * _over(dear.observed, plain.observed)
    resampled = deals.resampled * _over(dear.resampled, plain.resampled)
    own = deals.resampled @ standing.amount
    ratios = (resampled @ standing.amount)[own > 0] / own[own > 0]
    ratio = float(observed @ standing.amount) / float(deals.observed @ standing.amount)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return _Money(observed, resampled, Interval(ratio, min(float(low), ratio), max(float(high), ratio)))


def _over(part: Floats, whole: Floats) -> Floats:
    """Return how many times as much one is; 1 where there is nothing to compare with."""
    found: Floats = np.divide(part, whole, out=np.ones_like(part), where=whole > 0)
    return found


def _played(
    standing: _Standing, chances: _Chances, money: _Money | None, worth: Worth | None, begun: float
) -> tuple[Floats, Floats]:
    """Return wins and revenue of played periods, some per resample."""
    rng = np.random.default_rng(SEED)
    each_played = PERIODS // len(chances.resampled)
    mean, variance = (0.0, 0.0) if worth is None else (worth.mean, worth.variance)
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


def _range(expected: float, drawn: Floats) -> Interval:
    low, high = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Interval(expected, min(float(low), expected), max(float(high), expected))


def _by_stage(
    model: FlowModel, standing: _Standing, chance: Floats, of_money: Floats | None, known: npt.NDArray[np.bool_]
) -> Iterator[StageForecast]:
    for at, stage in enumerate(model.stages):
        here = standing.stage == at
        yield StageForecast(
            stage=stage,
            deals=int(standing.deals[here].sum()),
            wins=float(chance[here] @ standing.deals[here]),
            amount=None if of_money is None else float(standing.amount[here].sum()),
            expected=None if of_money is None else float(of_money[here] @ standing.amount[here]),
            unknown=int(standing.deals[here & ~known].sum()),
        )
