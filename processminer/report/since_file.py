"""A change that was judged, read back from an `audit.json`."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

from processminer.estimates.did_it_work.adoption import Adoption
from processminer.estimates.did_it_work.did_it_work import DidItWork
from processminer.estimates.did_it_work.judgement import Judgement
from processminer.statistics.differences import Differences, Side
from processminer.statistics.estimated import Estimated
from processminer.statistics.interval import Interval

if TYPE_CHECKING:
    from processminer.report.json_report import Json


def read_judged(row: Json | None) -> DidItWork | None:
    """Return what an audit tells of an earlier change; None where it was not asked."""
    if row is None:
        return None
    since = row["since"]
    told: Json = {
        **row,
        "since": None if since is None else date.fromisoformat(since),
        "what": tuple(row["what"]),
        "where": {name: tuple(values) for name, values in row["where"].items()},
        "adoption": tuple(_adoption(one) for one in row["adoption"]),
        "judgements": tuple(_judgement(one) for one in row["judgements"]),
    }
    return DidItWork(**told)


def _adoption(row: Json) -> Adoption:
    told: Json = {**row, "before": _span(row["before"]), "after": _span(row["after"])}
    return Adoption(**told)


def _judgement(row: Json) -> Judgement:
    compared, apart = row["compared"], row["apart_before"]
    told: Json = {
        **row,
        "effect": None if row["effect"] is None else _span(row["effect"]),
        "apart_before": None if apart is None else _span(apart),
        "compared": None if compared is None else _differences(compared),
        "deals": tuple(row["deals"]),
    }
    return Judgement(**told)


def _differences(row: Json) -> Differences:
    told: Json = {
        **row,
        "change": Estimated(**row["change"]),
        "changed": Side(**row["changed"]),
        "others": Side(**row["others"]),
    }
    return Differences(**told)


def _span(row: Json) -> Interval:
    return Interval(*(math.nan if row[name] is None else row[name] for name in ("estimate", "low", "high")))
