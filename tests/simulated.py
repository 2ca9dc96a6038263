"""Stays without a file, for worlds that are played many times."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from processminer.discovery.discover import discover
from processminer.discovery.discovery import Discovery
from processminer.discovery.late_stays import mark_late_stays
from processminer.engines.relations import Relations
from tests.worlds import log_of


@cache
def _small(stages: tuple[str, ...]) -> Discovery:
    return discover(log_of({"a": [*stages, "Won"], "b": [stages[0], "Lost"]}, as_of_day=2000))


MICROSECONDS = 86_400_000_000


def stays_alone(
    stages: Sequence[str], as_of_day: float, stays: Mapping[str, Sequence[float]], *, seen_late: bool = True
) -> Discovery:
    """Return a discovery of first stays alone: `stage`, `entered`, `left` (nan: never) and `target`, one a deal.

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
