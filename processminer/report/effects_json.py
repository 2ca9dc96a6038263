"""Effects as `audit.json` writes them, and read back from it."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from processminer.estimates.effects.trial import Adjusted, Arm, Effect, Part, Trial
from processminer.findings.comparison import grade_of
from processminer.findings.family import changes, dispensable
from processminer.statistics.estimated import Estimated
from processminer.statistics.interval import Interval
from processminer.statistics.sensitivity import Benchmark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.findings.family import Family

    Json: TypeAlias = dict[str, Any]

_ENDS = ("estimate", "low", "high")


def effects_document(effects: Sequence[Effect], family: Family) -> list[Json]:
    """Return effects as plain values, each with what it proves beside all others."""
    return [_effect(one, family) for one in effects]


def _effect(one: Effect, family: Family) -> Json:
    return {
        "kind": one.trial.kind,
        "subject": one.trial.subject,
        "stage": one.trial.stage,
        "trial": _row(one.trial),
        "moment": one.trial.moment,
        "horizon_days": one.horizon_days,
        "grade": grade_of(one, family),
        "q": family.rate(changes(one)),
        "q_dispensable": family.rate(dispensable(one)),
        "acted": _row(one.acted),
        "did_not": _row(one.did_not),
        "crude": one.crude,
        "adjusted": _adjusted(one.adjusted),
        "older": _adjusted(one.discovery),
        "newest": _adjusted(one.confirmation),
        "found_by": "older" if one.split else "all",
        "refused": one.refused,
        "needed_deals": one.needed_deals(),
        "held_equal": one.held_equal,
        "left_out": dict(sorted(one.left_out.items())),
        "overlap": one.overlap,
        "benchmark": None if one.benchmark is None else _row(one.benchmark),
        "beats_benchmark": one.beats_benchmark,
        "e_value": None if one.e_value is None else dict(zip(("estimate", "limit"), one.e_value, strict=True)),
        "negative_control": _estimated(one.negative_control),
        "segment": one.segment,
        "parts": [
            {"name": part.name, "deals": part.deals, "acted": part.acted, **_sure(part.difference)}
            for part in one.parts
        ],
        "parts_alike": one.parts_alike,
    }


def _adjusted(told: Adjusted | None) -> Json | None:
    if told is None:
        return None
    with_without = told.effective
    return {
        **_sure(told.difference),
        "with_action": told.with_action,
        "without": told.without,
        "if_all": _sure(told.if_all),
        "if_none": _sure(told.if_none),
        "counted": told.counted,
        "clusters": told.clusters,
        "overlap": told.overlap,
        "effective": None if with_without is None else dict(zip(("acted", "did_not"), with_without, strict=True)),
        "balance": {
            name: dict(zip(("before", "after"), apart, strict=True)) for name, apart in sorted(told.balance.items())
        },
    }


def _estimated(told: Estimated | None) -> Json | None:
    return None if told is None else _sure(told)


def _sure(told: Estimated) -> Json:
    limits = told.interval()
    freedom = told.freedom if math.isfinite(told.freedom) else None
    return {
        **dict(zip(_ENDS, (limits.estimate, limits.low, limits.high), strict=True)),
        "error": told.error,
        "freedom": freedom,
    }


def effects_of(rows: Sequence[Json]) -> tuple[Effect, ...]:
    """Return the effects that an audit tells."""
    return tuple(_effect_of(row) for row in rows)


def _effect_of(row: Json) -> Effect:
    acted, did_not = (Arm(**row[name]) for name in ("acted", "did_not"))
    benchmark, e_value = row["benchmark"], row["e_value"]
    return Effect(
        trial=replace(Trial(**row["trial"]), seen_as=tuple(row["trial"]["seen_as"])),
        horizon_days=row["horizon_days"],
        acted=acted,
        did_not=did_not,
        crude=Interval(*(row["crude"][name] for name in _ENDS)),
        adjusted=_adjusted_of(row["adjusted"]),
        refused=row["refused"],
        held_equal=tuple(row["held_equal"]),
        left_out=row["left_out"],
        benchmark=None if benchmark is None else Benchmark(**benchmark),
        e_value=None if e_value is None else (e_value["estimate"], e_value["limit"]),
        negative_control=None if row["negative_control"] is None else _estimated_of(row["negative_control"]),
        discovery=_adjusted_of(row["older"]),
        confirmation=_adjusted_of(row["newest"]),
        overlap=row["overlap"],
        segment=row["segment"],
        parts_alike=row["parts_alike"],
        parts=tuple(Part(part["name"], part["deals"], part["acted"], _estimated_of(part)) for part in row["parts"]),
    )


def _adjusted_of(row: Json | None) -> Adjusted | None:
    if row is None:
        return None
    effective = row["effective"]
    return Adjusted(
        difference=_estimated_of(row),
        with_action=row["with_action"],
        without=row["without"],
        if_all=_estimated_of(row["if_all"]),
        if_none=_estimated_of(row["if_none"]),
        counted=row["counted"],
        clusters=row["clusters"],
        overlap=row["overlap"],
        effective=None if effective is None else (effective["acted"], effective["did_not"]),
        balance={name: (apart["before"], apart["after"]) for name, apart in row["balance"].items()},
    )


def _estimated_of(row: Mapping[str, Any]) -> Estimated:
    return Estimated(row["estimate"], row["error"], math.inf if row["freedom"] is None else row["freedom"])


def _row(value: Any) -> Json:
    return {field.name: getattr(value, field.name) for field in fields(value)}
