"""Worlds in which the effect of an action is planted: deals drawn all at once and put straight into relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import numpy as np
import pandas as pd

from processminer.engines.relations import Relations, read_sql
from processminer.estimates.effects.known import Known, levels
from processminer.log.eventlog import EventLog
from tests.worlds import FIRST_DAY, log_of

DAY_US = 86_400_000_000

VARIANTS = """
CREATE TABLE variants AS
SELECT deal AS variant, list_transform(steps, lambda step: (step & 1023)::SMALLINT) AS path FROM paths;
CREATE TABLE deal_variants AS SELECT deal, deal AS variant FROM paths"""
"""Each deal its own variant: that changes no comparison."""

RELATIONS = """
CREATE TABLE paths AS
SELECT deal, list(us * 1024 + code ORDER BY place) AS steps,
       max(place) FILTER (WHERE code IN (SELECT code FROM stage_names WHERE class <> 'open')) AS close_step
FROM walked GROUP BY deal;
CREATE TABLE deals AS
SELECT paths.deal, paths.deal::VARCHAR AS deal_id, coalesce(ending.class, 'open') AS outcome,
       make_timestamp(steps[1] >> 10) AS first_at,
       CASE WHEN close_step IS NOT NULL THEN make_timestamp(steps[close_step] >> 10) END AS closed_at,
       traits.owner, traits.amount
FROM paths
JOIN traits ON traits.deal = paths.deal
LEFT JOIN stage_names AS ending ON ending.code = steps[close_step] & 1023;
CREATE TABLE attributes AS SELECT deal, 'Segment' AS attribute, segment AS value FROM traits;
CREATE TABLE field_rows (
    deal_id VARCHAR, occurred_at TIMESTAMP, field VARCHAR, old VARCHAR, new VARCHAR, actor VARCHAR, position BIGINT
);
CREATE TABLE task_events AS
SELECT deal, make_timestamp(us) AS occurred_at, 'Call' AS name, NULL::VARCHAR AS subject FROM acted;
CREATE TABLE click_limit AS SELECT 0::BIGINT AS us, false AS dates_only"""


@cache
def frame(stages: tuple[str, ...]) -> EventLog:
    """Return a log of these stages whose relations are to be replaced."""
    tasks = {"a": [("Call", 0.1)]}
    return log_of({"a": [*stages, "Won"], "b": [stages[0], "Lost"]}, order=stages, as_of_day=100, tasks=tasks)


def planted_log(
    stages: Sequence[str],
    days: np.ndarray,
    codes: np.ndarray,
    owner: np.ndarray,
    segment: np.ndarray,
    as_of_day: float,
    acted_on: np.ndarray | None = None,
) -> EventLog:
    """Return the log of deals that came on `days` to stages of `codes` (a row a deal; nan: never), as seen on a day."""
    base = frame(tuple(stages))
    seen = days <= as_of_day
    deal, place = np.nonzero(seen)
    start = int((FIRST_DAY - FIRST_DAY.fromtimestamp(0)).total_seconds()) * 1_000_000
    relations = Relations()
    kinds = [stage.kind for stage in base.stages]
    relations.put(
        "stage_names", {"code": list(range(len(kinds))), "class": kinds}, {"code": "SMALLINT", "class": "VARCHAR"}
    )
    walked = {
        "deal": deal,
        "place": place + 1,
        "us": start + (days[seen] * DAY_US).astype(np.int64),
        "code": codes[seen],
    }
    relations.adopt("walked", pd.DataFrame(walked))
    traits = {"deal": np.arange(len(days)), "owner": owner.astype(str), "segment": segment.astype(str), "amount": 1.0}
    relations.adopt("traits", pd.DataFrame(traits))
    told = np.full(len(days), np.nan) if acted_on is None else acted_on
    done = np.flatnonzero(told <= as_of_day)
    relations.adopt("acted", pd.DataFrame({"deal": done, "us": start + (told[done] * DAY_US).astype(np.int64)}))
    relations.run(RELATIONS)
    relations.run(VARIANTS)
    relations.run(read_sql("processminer.discovery", "stays.sql"))
    return replace(base, relations=relations, as_of=FIRST_DAY + timedelta(days=as_of_day), attributes=("Segment",))


FUNNEL = ("Lead", "Discovery", "Demo", "Proposal")
DEADLY = 0.15
"""Of deals in a demo, so many die in it; later on nobody misses it."""

TRUE_DEMO = -DEADLY * 0.45
"""What a demo changes: 45 of 100 deals that come so far are won otherwise, and segments are equally frequent."""


def reaching_world(random: np.random.Generator, many: int = 4000) -> EventLog:
    """Half of the deals die before anyone thinks of a demo: deals with a demo came further, and are won more often."""
    segment, owner = random.integers(0, 3, many), random.integers(0, 8, many)
    reaches = random.random(many) < 0.45
    demo = random.random(many) < 0.35 + 0.12 * segment + 0.03 * owner
    dies = demo & (random.random(many) < DEADLY)
    wins = ~dies & (random.random(many) < 0.35 + 0.1 * segment)
    lead, discovery, shown, proposal, won, lost = range(6)
    codes = np.full((many, 5), -1)
    codes[:, 0], codes[:, 1] = lead, discovery
    end = np.where(wins, won, lost)
    with_demo = np.column_stack([np.full(many, shown), np.where(dies, lost, proposal), np.where(dies, -1, end)])
    without = np.column_stack([np.full(many, proposal), end, np.full(many, -1)])
    early = np.column_stack([np.full(many, lost), np.full(many, -1), np.full(many, -1)])
    codes[:, 2:] = np.where(reaches[:, None], np.where(demo[:, None], with_demo, without), early)
    steps = random.exponential(12, codes.shape)
    steps[:, 0] = random.uniform(0, 500, many)
    days = np.where(codes >= 0, np.cumsum(steps, axis=1), np.nan)
    return planted_log(FUNNEL, days, codes, owner, segment, 600)


@dataclass(frozen=True)
class Planted:
    """Deals at one moment, and what the action truly changes among them."""

    known: Known
    effect: float


def known_of(
    done: np.ndarray, won: np.ndarray, days: np.ndarray, moment: np.ndarray, owner: np.ndarray,
    columns: dict[str, np.ndarray], as_of: float,
) -> Known:  # fmt: skip
    """Return deals as they are known when looked at on a day: what would come later is open."""
    closed = moment + days <= as_of
    watched = np.floor(np.where(closed, days, as_of - moment)).astype(np.int64) + 1
    ends = np.cumsum([part.shape[1] for part in columns.values()]).tolist()
    groups = {name: slice(end - part.shape[1], end) for (name, part), end in zip(columns.items(), ends, strict=True)}
    return Known(
        done=done,
        moment_us=(moment * DAY_US).astype(np.int64),
        days=watched,
        watched=np.floor(as_of - moment).astype(np.int64) + 1,
        cause=np.where(closed, np.where(won, 1, 2), 0),
        owner=owner,
        columns=np.concatenate([np.zeros((len(done), 0)), *columns.values()], axis=1),
        groups=groups,
        first_stay_days=np.full(len(done), np.nan),
        segment=np.zeros(len(done), dtype=np.int64),
    )


def confounded_world(random: np.random.Generator, many: int, as_of: float = 900.0) -> Planted:
    """Good owners, and all with large deals of the easy segments, leave out a stage that is worth 9 points.

    Deals that leave it out seem to be won more often; wins and losses take weeks, and some deals are still open.
    """
    owner, segment = random.integers(1, 13, many), random.integers(0, 3, many)
    amount = random.normal(size=many) + 0.5 * segment
    skill = (owner - 1) / 11 - 0.5
    skips = random.random(many) < 1 / (1 + np.exp(0.3 - 2.2 * skill - 0.5 * (segment - 1) - 0.4 * amount))
    chance = [
        np.clip(0.42 + 0.5 * skill + 0.08 * (segment - 1) + 0.05 * amount - 0.09 * arm, 0.01, 0.99) for arm in (0, 1)
    ]
    won = random.random(many) < np.where(skips, chance[1], chance[0])
    days = random.exponential(np.where(won, 40, 25))
    columns = {"Segment": levels(segment.astype(float)), "amount": np.column_stack([amount, amount**2])}
    moment = random.uniform(0, 850, many)
    known = known_of(skips, won, days, moment, owner, columns, as_of)
    within = 1 - np.exp(-HORIZON / 40)
    return Planted(known, float((chance[1] - chance[0]).mean()) * within)


HORIZON = 120
"""By then 95 of 100 wins have come."""


def drifting_world(random: np.random.Generator, many: int) -> Planted:
    """An action that becomes usual just when fewer deals are won; a quarter of the deals is still open."""
    moment = random.uniform(0, 400, many)
    done = random.random(many) < 0.15 + 0.7 * moment / 400
    chance = 0.5 - 0.25 * moment / 400 - 0.05 * done
    won = random.random(many) < chance
    quarter = np.floor(moment / 91)
    days = random.exponential(np.where(won, 60, 40))
    owner = random.integers(1, 11, many)
    known = known_of(done, won, days, moment, owner, {"quarter": levels(quarter)}, 430)
    return Planted(known, -0.05 * float(1 - np.exp(-HORIZON / 60)))


def deciding_owners(random: np.random.Generator, many: int = 1500, owners: int = 12) -> Planted:
    """Each owner always acts or never does, which changes nothing; some sell much better than others."""
    owner = random.integers(1, owners + 1, many)
    acts = random.permutation(owners) < owners // 2
    skill = random.normal(0, 0.1, owners)
    amount = random.normal(size=many)
    won = random.random(many) < np.clip(0.35 + skill[owner - 1] + 0.05 * amount, 0.01, 0.99)
    moment = random.uniform(0, 700, many)
    known = known_of(
        acts[owner - 1], won, random.exponential(30, many), moment, owner, {"amount": amount[:, None]}, 900
    )
    return Planted(known, 0.0)


def task_world(random: np.random.Generator, many: int, effect: float) -> Planted:
    """Half of the deals have a task done that is worth so much."""
    done = random.random(many) < 0.5
    won = random.random(many) < 0.27 + effect * done
    owner = random.integers(1, 11, many)
    days, moment = random.exponential(20, many), random.uniform(0, 700, many)
    return Planted(known_of(done, won, days, moment, owner, {}, 900), effect)


PIPELINE = ("One", "Two", "Three", "Four")
RATES = ((0.06, 0.03), (0.05, 0.02), (0.05, 0.01), (0.05, 0.005))
"""By stage, of going on and of being lost, a day: losses come early and wins late."""


def random_time_world(random: np.random.Generator, hazard_ratio: float, many: int = 1200) -> EventLog:
    """An action at a random time of a deal's life multiplies the rate of going on; owners and segments differ too."""
    owner, segment = random.integers(0, 8, many), random.integers(0, 2, many)
    pace = np.exp(0.08 * (owner - 3.5) + 0.3 * segment)
    begun = random.uniform(0, 500, many)
    acts = begun + random.exponential(60 / np.exp(0.1 * (owner - 3.5)), many)
    days, codes = np.full((many, 5), np.nan), np.full((many, 5), -1)
    now, alive = begun.copy(), np.ones(many, dtype=bool)
    for stage, (onward, lost) in enumerate(RATES):
        days[alive, stage], codes[alive, stage] = now[alive], stage
        on = _first(random.exponential(size=many), onward * pace, now, acts, hazard_ratio)
        out = random.exponential(1 / lost, many)
        ends = np.where(on <= out, len(PIPELINE), len(PIPELINE) + 1)
        now = now + np.minimum(on, out)
        closes = alive & ((on > out) | (stage == len(PIPELINE) - 1))
        days[closes, stage + 1], codes[closes, stage + 1] = now[closes], ends[closes]
        alive = alive & ~closes
    closed = np.where(codes >= len(PIPELINE), days, np.inf).min(axis=1)
    return planted_log(PIPELINE, days, codes, owner, segment, 600, np.where(acts < closed, acts, np.nan))


def _first(patience: np.ndarray, rate: np.ndarray, now: np.ndarray, acts: np.ndarray, ratio: float) -> np.ndarray:
    """Return after how many days a unit of hazard is used up that runs `ratio` times as fast from the action on."""
    until = np.maximum(acts - now, 0)
    before = rate * until
    return np.where(patience <= before, patience / rate, until + (patience - before) / (rate * ratio))
