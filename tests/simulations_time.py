"""Acceptance by simulation of all that is told of time: stays seen in part, late entry, changes, and queues.

`python -m tests.simulations_time RUNS` prints the table; the tests run the same with fewer runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import chain

import numpy as np

from processminer.discovery.discover import discover
from processminer.discovery.discovery import Discovery
from processminer.engines.relations import Relations
from processminer.estimates.queue.contention import contention
from processminer.estimates.stage_times import stage_times
from processminer.log.eventlog import EventLog
from processminer.statistics.change_point import share_change
from tests.simulated import MICROSECONDS, stays_alone
from tests.simulations import Between, Outcome, Share
from tests.worlds import log_of

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]

ADVANCED = 2 / 3
MEAN_DAYS = 30.0
WON, LOST = 1, 2
"""Codes of the ends behind a single stage."""


def seen_in_part(random: np.random.Generator) -> dict[str, list[float]]:
    """A year of deals, of which a good part are open still: two thirds go on, the others are lost."""
    entered = random.uniform(0, 365, 400)
    left = entered + MEAN_DAYS * random.exponential(1.0, 400)
    target = np.where(random.random(400) < ADVANCED, WON, LOST)
    return {"stage": [0] * 400, "entered": entered.tolist(), "left": left.tolist(), "target": target.tolist()}


def censoring(runs: int) -> Iterator[Outcome]:
    """T2: 400 deals of one year. Limits hold their truths, and the mean of completed stays would not."""
    random = np.random.default_rng(2)
    mean = share = naive = 0
    for _ in range(runs):
        world = seen_in_part(random)
        (time,) = stage_times(stays_alone(("A",), 365.0, world), most_days=150.0)
        tau = time.tau_days
        mean += time.mean_days.low <= MEAN_DAYS * (1 - np.exp(-tau / MEAN_DAYS)) <= time.mean_days.high
        (won,) = (way.probability for way in time.exits if way.target == "Won")
        share += won.low <= ADVANCED * (1 - np.exp(-tau / MEAN_DAYS)) <= won.high
        lengths = np.array(world["left"]) - np.array(world["entered"])
        done = lengths[np.array(world["left"]) <= 365]
        half = 1.96 * done.std(ddof=1) / np.sqrt(len(done))
        naive += abs(done.mean() - MEAN_DAYS) <= half
    yield Share("T2 true mean stays within their 95 % limits", mean, runs, 0.93, 0.97)
    yield Share("T2 true shares that go on within their 95 % limits", share, runs, 0.93, 0.97)
    yield Share("T2 (guard) those of the mean of completed stays would not hold it", naive, runs, 0.0, 0.8)


SCALE, SHAPE = 50.0, 0.9
"""Of Weibull lengths: the longer a deal has stayed, the longer it will."""

CUT, LAST = 1000.0, 1250.0
"""Days: the history begins, and the log is looked at."""


def cut_world(random: np.random.Generator) -> dict[str, list[float]]:
    """Deals created over a long time; those that were gone before the history begins left no trace."""
    entered = random.uniform(CUT - 400, LAST, 800)
    left = entered + SCALE * random.weibull(SHAPE, len(entered))
    seen = np.flatnonzero(left > CUT)[:400]
    many = len(seen)
    return {"stage": [0] * many, "entered": entered[seen].tolist(), "left": left[seen].tolist(), "target": [WON] * many}


def late_entry(runs: int) -> Iterator[Outcome]:
    """T3: a history cut at a date. Limits hold the true mean with delayed entry, and would not without it."""
    for seen_late, many in ((True, runs), (False, max(10, runs // 4))):
        random = np.random.default_rng(3)
        hits, found, true = 0, [], []
        for _ in range(many):
            (time,) = stage_times(stays_alone(("A",), LAST, cut_world(random), seen_late=seen_late), most_days=150.0)
            days = np.linspace(0, time.tau_days, 20_001)
            truth = float(np.trapezoid(np.exp(-((days / SCALE) ** SHAPE)), days))
            hits += time.mean_days.low <= truth <= time.mean_days.high
            found.append(time.mean_days.estimate)
            true.append(truth)
            assert (time.late > 20) == seen_late
        if seen_late:
            yield Share("T3 true mean stays within their limits, with delayed entry", hits, many, 0.93, 0.97)
            yield Between("T3 and the estimate over the truth", float(np.mean(found) / np.mean(true)), 0.97, 1.03)
        else:
            yield Share("T3 (guard) and within those that ignore late entry", hits, many, 0.0, 0.5)


def months(random: np.random.Generator, *, spread: float = 0.0, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Wins of some 60 deals a month, for 24; true shares may vary by month, and rise for good after the first year."""
    true = np.clip(0.25 + shift * (np.arange(24) >= 12) + random.normal(0, spread, 24), 0.01, 0.99)
    units = random.poisson(60, 24)
    return random.binomial(units, true), units


def changes(runs: int) -> Iterator[Outcome]:
    """T17: the scan for a change cries wolf seldom, finds twelve points, and says when."""
    random = np.random.default_rng(17)
    for told, spread in (("T17 a change where there is none", 0.0), ("T17 and where months vary by themselves", 0.06)):
        alarms = sum(_change(*months(random, spread=spread))[1] <= 0.05 for _ in range(runs))
        yield Share(told, alarms, runs, 0.0, 0.07)
    shifted = [_change(*months(random, shift=0.12)) for _ in range(runs)]
    found = [at for at, p in shifted if p <= 0.05]
    yield Share("T17 a change by 12 points is found", len(found), runs, 0.9)
    yield Share("T17 and placed within two months", sum(abs(at - 12) <= 2 for at in found), len(found), 0.9)


def _change(events: np.ndarray, units: np.ndarray) -> tuple[int, float]:
    best = share_change(events, units, shuffles=399)
    assert best is not None
    return best.at, best.p


OWNERS, EACH, DAYS = 12, 60, 360.0


def customer_paced(random: np.random.Generator) -> Arrays:
    """Customers take their time, those of some owners more: nobody waits for anybody in the house."""
    owners = np.repeat(np.arange(OWNERS), EACH)
    entered = random.uniform(0, DAYS, OWNERS * EACH)
    pace = np.exp(random.normal(0, 0.7, OWNERS))
    return entered, entered + 15 * pace[owners] * random.lognormal(0, 0.8, len(owners)), owners


def queueing(random: np.random.Generator) -> Arrays:
    """Owners work on one deal after the other: whoever comes to a full desk waits."""
    entered, left = np.sort(random.uniform(0, DAYS, (OWNERS, EACH)), axis=1), np.zeros((OWNERS, EACH))
    free = np.zeros(OWNERS)
    for at in range(EACH):
        free = np.maximum(free, entered[:, at]) + random.exponential(5.0, OWNERS)
        left[:, at] = free
    return entered.ravel(), left.ravel(), np.repeat(np.arange(OWNERS), EACH)


@cache
def _any_discovery() -> Discovery:
    return discover(log_of({"a": ["A", "Won"]}, as_of_day=9))


def owned_stays(entered: np.ndarray, left: np.ndarray, owners: np.ndarray) -> EventLog:
    """A log's relations with one stage alone, as far as the load of owners is read from them."""
    relations = Relations()
    columns = {
        "deal": range(len(owners)),
        "came": [round(one * MICROSECONDS) for one in entered],
        "gone": [round(one * MICROSECONDS) if one <= DAYS else None for one in left],
        "owner": [f"o{one}" for one in owners],
    }
    relations.put("told", columns, {"deal": "INTEGER", "came": "BIGINT", "gone": "BIGINT", "owner": "VARCHAR"})
    relations.run(
        "CREATE TABLE stays AS SELECT deal, 1 AS position, 0::SMALLINT AS stage, make_timestamp(came) AS entered_at, "
        "make_timestamp(gone) AS left_at, false AS after_close, false AS clicked, true AS timed FROM told"
    )
    relations.run("CREATE TABLE deals AS SELECT deal, owner FROM told")
    relations.run("CREATE TABLE stage_names AS SELECT 0::SMALLINT AS code, 'open' AS class")
    log = _any_discovery().log
    began = log.as_of.replace(year=1970, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return replace(log, relations=relations, as_of=began + timedelta(days=DAYS))


def contentions(runs: int) -> Iterator[Outcome]:
    """T16: waiting for the owner is told from waiting for the customer, by the paces of owners and not without them."""
    random = np.random.default_rng(16)
    for told, world, alike, many, low, high in (
        ("T16 deals paced by customers wait for owners", customer_paced, False, runs, 0.0, 0.07),
        ("T16 deals that wait for owners do", queueing, False, runs, 0.95, 1.0),
        ("T16 (guard) the first without owners' paces", customer_paced, True, max(10, runs // 5), 0.9, 1.0),
    ):
        found = [contention(owned_stays(*world(random)), owners_alike=alike) for _ in range(many)]
        yield Share(told, sum(one is not None and one.waits for one in found), many, low, high)


ALL: tuple[Callable[[int], Iterator[Outcome]], ...] = (censoring, late_entry, changes, contentions)


if __name__ == "__main__":
    for outcome in chain.from_iterable(simulation(int(sys.argv[1])) for simulation in ALL):
        print(outcome, flush=True)  # noqa: T201 - it is the table that was asked for
