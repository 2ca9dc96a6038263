"""Measures, concentrations and acceptances read back from `audit.json`."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from processminer.conformance.measured import (
    Acceptance,
    Concentration,
    DealMove,
    DealTold,
    Generalisation,
    Group,
    Measures,
    QuarterTrend,
)
from processminer.statistics.interval import Interval

if TYPE_CHECKING:
    from processminer.report.json_report import Json


def measures_of(row: Json | None) -> Measures | None:
    """Return the measures, or None where the audit has none."""
    if row is None:
        return None
    newest, trend = row["generalisation"], row["trend"]
    ready: dict[str, Any] = {
        "fitness": None if row["fitness"] is None else _interval(row["fitness"]),
        "generalisation": None
        if newest is None
        else Generalisation(**_with(newest, difference=_interval(newest["difference"]))),
        "trend": None if trend is None else QuarterTrend(**_with(trend, change=_interval(trend["change"]))),
        **{name: tuple(_group(one) for one in row[name]) for name in ("owners", "segments", "quarters")},
    }
    return Measures(**_with(row, **ready))


def places_of(row: Json) -> Json:
    """Return what says of a deviation when it was seen and where it concentrates."""
    return {
        "first_seen": _day(row["first_seen"]),
        "last_seen": _day(row["last_seen"]),
        "concentrations": tuple(Concentration(**one) for one in row["concentrations"]),
    }


def acceptance_of(row: Json) -> Acceptance:
    """Return an acceptance."""
    return Acceptance(**_with(row, until=_day(row["until"]), unknown=tuple(row["unknown"])))


def told_deal(row: Json) -> DealTold:
    """Return what a deal did."""
    moves = (DealMove(**_with(move, moment=_moment(move["moment"]))) for move in row["moves"])
    return DealTold(**_with(row, moves=tuple(moves)))


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said).replace(tzinfo=None)


def _group(row: Json) -> Group:
    return Group(**_with(row, share=_interval(row["share"])))


def _with(row: Json, **ready: object) -> Json:
    """Return a row with some of its entries in their own types."""
    return {**row, **ready}


def _interval(row: Json) -> Interval:
    return Interval(*(math.nan if row[name] is None else float(row[name]) for name in ("estimate", "low", "high")))


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)
