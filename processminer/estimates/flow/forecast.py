"""What the open deals, and those to come, will bring: chances by stage and age, and wins and revenue as ranges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.flow.model import DAY, RESAMPLES, TICKS, flow_model
from processminer.estimates.flow.played import Standing, chances_of, money_of, played
from processminer.statistics.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import numpy.typing as npt

    from processminer.engines.relations import Row
    from processminer.estimates.flow.model import FlowModel
    from processminer.log.eventlog import EventLog
    from processminer.statistics.survival import Floats

    Whole = npt.NDArray[np.int64]

PACKAGE = "processminer.estimates.flow"

LEVEL = 0.9
"""Of the ranges: one period in ten lies outside. A forecast of 95 % is too wide to plan by."""

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
    chances = chances_of(model, standing, known, ticks, resamples)
    money = money_of(model, standing, known, ticks, chances) if weigh_money and worth is not None else None
    of_open, of_new = chances.observed, begun / over * days * chances.later
    each = (0.0, 0.0) if worth is None else (worth.mean, worth.variance)
    drawn = played(standing, chances, money, each, begun * days / over)
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


def _standing(log: EventLog, model: FlowModel, worth: Worth | None, seen_at: datetime) -> Standing:
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
    return Standing(
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


def _range(expected: float, drawn: Floats) -> Interval:
    low, high = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Interval(expected, min(float(low), expected), max(float(high), expected))


def _by_stage(
    model: FlowModel, standing: Standing, chance: Floats, of_money: Floats | None, known: npt.NDArray[np.bool_]
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
