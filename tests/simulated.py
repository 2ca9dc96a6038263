"""Simulations of worlds whose truth is planted: how many runs, what chance allows, and logs made without a file."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from processminer.discovery.discover import discover
from processminer.discovery.discovery import Discovery
from processminer.discovery.late_stays import mark_late_stays
from processminer.engines.relations import Relations
from tests.worlds import log_of

FULL = os.environ.get("PROCESSMINER_SIMULATIONS") == "full"
"""Set by `make simulations`; else a fraction of the runs is made, against the wider limits that so few allow."""


def runs(full: int, reduced: int) -> int:
    """Return how many runs to make."""
    return full if FULL else reduced


def most_by_chance(many: int, share: float) -> int:
    """Return how many hits of `many` tries a share gives at most, but once in two hundred."""
    chance = 0.0
    for hits in range(many + 1):
        chance += math.comb(many, hits) * share**hits * (1 - share) ** (many - hits)
        if chance >= 0.995:
            return hits
    return many


def least_by_chance(many: int, share: float) -> int:
    """Return how many hits of `many` tries a share gives at least, but once in two hundred."""
    return many - most_by_chance(many, 1 - share)


def covers(hits: int, many: int) -> bool:
    """Tell whether so many intervals held the truth as 95 % ones may: 93 to 97 of 100 once there are enough runs."""
    if FULL:
        return 0.93 <= hits / many <= 0.97
    return least_by_chance(many, 0.95) <= hits


@cache
def _small(stages: tuple[str, ...]) -> Discovery:
    return discover(log_of({"a": [*stages, "Won"], "b": [stages[0], "Lost"]}, as_of_day=2000))


MICROSECONDS = 86_400_000_000


def stays_alone(
    stages: Sequence[str], as_of_day: float, stays: Mapping[str, Sequence[float]], *, seen_late: bool = True
) -> Discovery:
    """Return a discovery of first stays: `stage`, `entered`, `left` (nan: never) and `target`, each a number a deal.

    Stages are numbers in their order, followed by those of Won and Lost. Days count from the first of 1970; `as_of_day`
    too. Only what stage times read is there.
    """
    base = _small(tuple(stages))
    relations = Relations()
    as_of = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=as_of_day)
    gone = [not math.isnan(left) and left <= as_of_day for left in stays["left"]]
    relations.put(
        "told",
        {
            "deal": list(range(len(gone))),
            "stage": [int(one) for one in stays["stage"]],
            "entered": [round(one * MICROSECONDS) for one in stays["entered"]],
            "gone": [
                round(one * MICROSECONDS) if there else None for one, there in zip(stays["left"], gone, strict=True)
            ],
            "target": [int(one) if there else None for one, there in zip(stays["target"], gone, strict=True)],
        },
        {"deal": "INTEGER", "stage": "SMALLINT", "entered": "BIGINT", "gone": "BIGINT", "target": "SMALLINT"},
    )
    relations.run(
        "CREATE TABLE stays AS SELECT deal, 1 AS position, stage, make_timestamp(entered) AS entered_at, "
        "make_timestamp(gone) AS left_at, target AS next_stage, false AS after_close, false AS clicked, true AS timed "
        "FROM told UNION ALL SELECT deal, 2, target, make_timestamp(gone), NULL, NULL, true, false, true FROM told "
        "WHERE gone IS NOT NULL"
    )
    relations.run(
        "CREATE TABLE deals AS SELECT deal, 'open' AS outcome, make_timestamp(entered) AS created_at FROM told"
    )
    kinds = [stage.kind for stage in base.log.stages]
    relations.put(
        "stage_names", {"code": list(range(len(kinds))), "class": kinds}, {"code": "SMALLINT", "class": "VARCHAR"}
    )
    log = replace(base.log, relations=relations, as_of=as_of)
    if seen_late:
        mark_late_stays(log)
    else:
        relations.run("CREATE TABLE late_stays (deal INTEGER, began_at TIMESTAMP, seen_at TIMESTAMP)")
    return replace(base, log=log)
