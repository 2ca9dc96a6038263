"""Sales processes whose truth is known, played many times over, and their logs made without a file in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from processminer.engines.relations import Relations, read_sql
from processminer.log.eventlog import EventLog, IngestReport, StageClass, StageName

FIRST = datetime(2024, 1, 1)
MOST_STEPS = 60

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """In each stage a deal has a day on which it would go on and one on which it would be lost; the sooner one counts.

    Days are log-normal around a median, or exponential where `sigma` is 1 by `exponential`. A deal's hidden quality
    makes it go on sooner and be lost later; no log shows it.
    """

    onward: Floats
    """Median days to going on, by stage (means, if exponential)."""
    loss: Floats
    """Median days to being lost."""
    sigma: float = 0.8
    exponential: bool = False
    quality: float = 0.0
    """How much the hidden quality matters, in logs of days."""
    skip: Floats | None = None
    """The share of deals that go on past the next stage."""
    back: Floats | None = None
    """The share of deals that go back a stage instead of on."""
    removed: int | None = None
    give_up: tuple[int, float] | None = None
    """A stage, and the days after which deals in it are lost."""
    lost_more: tuple[float, float] = (np.inf, 1.0)
    """From this day on, so many times as many of those who leave a stage are lost."""

    @property
    def stages(self) -> tuple[str, ...]:
        return tuple(f"Stage {place}" for place in range(1, len(self.onward) + 1))


@dataclass(frozen=True)
class Played:
    """What became of deals: events in the order of deals and steps."""

    deal: Whole
    day: Floats
    code: Whole
    """A stage, or one past the last for won, two past it for lost."""
    begun: Floats
    won_at: Floats
    """By deal; infinity if it is not won."""

    def won_between(self, since: float, until: float) -> int:
        return int(((self.won_at > since) & (self.won_at <= until)).sum())

    def share_won(self, within: float) -> float:
        return float((self.won_at - self.begun <= within).mean())


def play(world: World, begun: Floats, seed: int) -> Played:
    """Play deals that begin on these days to their end."""
    rng = np.random.default_rng(seed)
    stages, deals = len(world.onward), len(begun)
    quality = world.quality * rng.standard_normal(deals)
    stage, day = np.zeros(deals, dtype=np.int64), begun.astype(np.float64).copy()
    events: list[tuple[Whole, Floats, Whole]] = []
    at = np.arange(deals)
    won_at = np.full(deals, np.inf)
    for _ in range(MOST_STEPS):
        if not len(at):
            break
        here = stage[at]
        stays = here != world.removed
        events.append((at[stays], day[at][stays], here[stays]))
        going = _days(world, world.onward[here], rng) * np.exp(-0.5 * quality[at])
        losing = _days(world, world.loss[here], rng) * np.exp(quality[at])
        length, lost = np.minimum(going, losing), losing < going
        day[at] += np.where(stays, length, 0.0)
        since, times = world.lost_more
        # Of those who go on, so many are lost instead that `times` as many are lost.
        there, gone = (np.bincount(here[which], minlength=stages) for which in (here >= 0, lost))
        more = np.clip((times - 1) * gone / np.maximum(there - gone, 1), 0.0, 1.0)
        lost |= (day[at] >= since) & (rng.random(len(at)) < more[here])
        if world.give_up is not None:
            given_up = (here == world.give_up[0]) & (length > world.give_up[1])
            day[at] -= np.where(given_up, length - world.give_up[1], 0.0)
            lost |= given_up
        lost &= stays
        step = np.ones(len(at), dtype=np.int64)
        chance = rng.random(len(at))
        for share, by in ((world.skip, 2), (world.back, -1)):
            if share is not None:
                step = np.where((chance < share[here]) & stays, by, step)
                chance = np.where(chance < share[here], 2.0, chance - share[here])
        reached = np.clip(here + step, 0, stages)
        stage[at] = np.where(lost, stages + 1, reached)
        ended = stage[at] >= stages
        won_at[at[stage[at] == stages]] = day[at[stage[at] == stages]]
        events.append((at[ended], day[at[ended]], stage[at[ended]]))
        at = at[~ended]
    deal, days, code = (np.concatenate(column) for column in zip(*events, strict=True))
    order = np.lexsort((np.arange(len(deal)), deal))
    return Played(deal[order], days[order], code[order], begun, won_at)


def _days(world: World, typical: Floats, rng: np.random.Generator) -> Floats:
    if world.exponential:
        return rng.exponential(typical)
    return typical * np.exp(world.sigma * rng.standard_normal(len(typical)))


def log_of_played(played: Played, world: World, until: float) -> EventLog:
    """Return the log as it stood on a day, with its stays, as discovery leaves it for the flow model."""
    seen = played.day <= until
    return _log(played.deal[seen], played.day[seen], played.code[seen], world.stages, FIRST, until)


def log_of_stops(
    paths: Sequence[Sequence[tuple[str, float] | str]], stages: Sequence[str], first: datetime, until: float
) -> EventLog:
    """Return the same of paths that are said as in `tests.worlds`, each stop with its day; won is Won, lost is Lost."""
    code = {name: at for at, name in enumerate((*stages, "Won", "Lost"))}
    rows = [(deal, stop[1], code[stop[0]]) for deal, path in enumerate(paths) for stop in path]
    deal, day, stage = (np.array(column) for column in zip(*rows, strict=True))
    return _log(deal, day.astype(np.float64), stage, tuple(stages), first, until)


def _log(deal: Whole, day: Floats, code: Whole, stages: Sequence[str], begins: datetime, until: float) -> EventLog:
    """Make the relations of a log from its events, which come in the order of deals and steps."""
    names = (*stages, "Won", "Lost")
    there, first = np.unique(deal, return_index=True)
    length = np.diff(np.append(first, len(deal)))
    us = (begins - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    moments = us + np.round(day * 86_400e6).astype(np.int64)
    last = first + length - 1
    ended = code[last] >= len(stages)
    outcome = np.where(~ended, "open", np.where(code[last] == len(stages), "won", "lost"))
    relations = Relations()
    relations.put(
        "stage_names",
        {"code": list(range(len(names))), "stage": list(names), "class": [_class(name) for name in names]},
        {"code": "SMALLINT", "stage": "VARCHAR", "class": "VARCHAR"},
    )
    number = np.arange(len(there))
    time = pa.timestamp("us")
    deals = {
        "deal": pa.array(number, pa.int32()),
        "deal_id": pa.array([f"d{one:06}" for one in number]),
        "outcome": pa.array(outcome),
        "first_at": pa.array(moments[first], time),
        "closed_at": pa.array(moments[last], time, mask=~ended),
        "amount": pa.array(np.zeros(len(there)), pa.float64(), mask=np.ones(len(there), dtype=bool)),
        "currency": pa.nulls(len(there), pa.string()),
        "owner": pa.nulls(len(there), pa.string()),
    }
    relations.adopt("deals", pa.table(deals))
    steps = pa.ListArray.from_arrays(pa.array(np.append(first, len(deal)), pa.int32()), pa.array(moments * 1024 + code))
    paths = {"deal": deals["deal"], "steps": steps, "close_step": pa.array(length, pa.int32(), mask=~ended)}
    relations.adopt("paths", pa.table(paths))
    relations.run("CREATE TABLE click_limit AS SELECT 0 AS us")
    relations.run("CREATE TABLE untimed_leads (deal INTEGER)")
    relations.run("CREATE TABLE late_stays (deal INTEGER, began_at TIMESTAMP, seen_at TIMESTAMP)")
    relations.run("CREATE TABLE attributes (deal INTEGER, attribute VARCHAR, value VARCHAR)")
    relations.run(read_sql("processminer.discovery", "stays.sql"))
    kinds = tuple(StageName(name, _class(name)) for name in names)
    report = IngestReport("test", "Test", (), (), 0, 0, {}, (), ())
    return EventLog(relations, begins + timedelta(days=until), report, kinds, "test", False, ())


def _class(name: str) -> StageClass:
    return "won" if name == "Won" else "lost" if name == "Lost" else "open"


def begins(deals: int, days: float, seed: int) -> Floats:
    """Return the days on which deals begin, spread evenly."""
    begun: Floats = np.sort(np.random.default_rng(10_000 + seed).random(deals) * days)
    return begun


MIXED = World(
    onward=np.array([9.0, 12.0, 8.0, 18.0, 22.0]),
    loss=np.array([25.0, 30.0, 30.0, 60.0, 90.0]),
    skip=np.array([0.05, 0.2, 0.0, 0.1, 0.0]),
    back=np.array([0.0, 0.05, 0.1, 0.05, 0.0]),
)
"""Five stages with skips and returns; log-normal stays. The world of forecasts and of what-ifs."""

DEADLY_SECOND = World(
    onward=np.array([11.0, 21.0, 13.0, 15.0, 55.0]),
    loss=np.array([75.0, 25.0, 110.0, 130.0, 330.0]),
    exponential=True,
)
"""The second stage is short and loses most deals; the last one is long and safe."""


def truth(world: World, within: float, deals: int = 200_000) -> float:
    """Return the share of deals won in time, nothing hidden by a log."""
    return play(world, np.zeros(deals), 1).share_won(within)


def quicker(world: World, stage: int, times: float) -> World:
    """Return the world in which a stage's deals go on so many times as fast."""
    onward = world.onward.copy()
    onward[stage] /= times
    return replace(world, onward=onward)
