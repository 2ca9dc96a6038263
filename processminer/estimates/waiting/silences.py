"""How long deals go without a touch in each stage, where activities have times: a lower bound of their waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.statistics.survival import (
    Quantile,
    horizon,
    incidence,
    incidence_curves,
    incidence_limits,
    quantile,
    risk_table,
)

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval
    from processminer.statistics.survival import Floats, RiskTable

FIRST, BETWEEN, LAST = 0, 1, 2
"""Kinds of `silences.sql`."""

TOUCHED, LEFT, STILL = 0, 1, -1
"""How a silence ended."""

SOON_DAYS = 7
"""A week: who has not been touched by then has been forgotten, not planned."""


@dataclass(frozen=True, slots=True)
class StageSilence:
    """Silences of the deals in one stage; lengths are days, open stays count as not yet ended."""

    stage: str
    stays: int
    open_untouched: int
    """Stays that are still there and were never touched."""
    touched_soon: Interval
    """Share of stays touched within `soon_days` of their entry; leaving competes (Aalen & Johansen, 1978)."""
    soon_days: float
    """A week, or as far as enough stays were followed."""
    first_touch: Quantile
    """By when half of all stays have had their first touch; None where fewer ever have."""
    touches: int
    silence: Quantile
    """Half of the silences after a touch end by then, by another touch or by leaving."""
    long_silence: float | None
    """Nine in ten of them do."""
    after_last: Quantile
    """From the last touch to leaving, of stays that were touched and ended: half within."""
    ended_touched: int
    """Stays that were touched and ended."""


def stage_silences(log: EventLog) -> tuple[StageSilence, ...]:
    """Return the silences of every stage that deals stayed in, in the log's order; empty where it has no activities.

    What happens between touches the log does not show: a silence is a wait that nobody wrote into the CRM.
    """
    if not log.has_tasks:
        return ()
    sql = read_sql("processminer.estimates.waiting", "silences.sql")
    rows = log.relations.rows(sql, {"as_of": log.as_of.replace(tzinfo=None)})
    told = np.array(rows, dtype=np.float64).reshape(-1, 5)
    return tuple(
        _silence(log.stages[int(code)].name, told[told[:, 0] == code, 1:]) for code in np.unique(told[:, 0]).tolist()
    )


def _silence(stage: str, told: Floats) -> StageSilence:
    first, between, last = (told[told[:, 0] == kind, 1:] for kind in (FIRST, BETWEEN, LAST))
    to_touch, silences, to_end = _table(first), _table(between), _table(last)
    soon = min(float(SOON_DAYS), horizon(to_touch))
    return StageSilence(
        stage=stage,
        stays=to_touch.units,
        open_untouched=round(float(first[first[:, 1] == STILL, 2].sum())),
        touched_soon=incidence(to_touch, soon)[TOUCHED],
        soon_days=soon,
        first_touch=_half(to_touch),
        touches=silences.units,
        silence=quantile(silences, 0.5),
        long_silence=quantile(silences, 0.9).at,
        after_last=quantile(to_end, 0.5),
        ended_touched=to_end.units,
    )


def _table(gaps: Floats) -> RiskTable:
    """Return who was without a touch for how long; ends by a touch and by leaving compete."""
    at, tick = np.unique(gaps[:, 0], return_inverse=True)

    def ended(target: int) -> Floats:
        return np.bincount(tick, gaps[:, 2] * (gaps[:, 1] == target), minlength=len(at)).astype(np.float64)

    return risk_table(at, np.stack([ended(TOUCHED), ended(LEFT)], axis=1), ended(STILL))


def _half(table: RiskTable) -> Quantile:
    """Return by when half of all have been touched; who left untouched never will be."""
    low, high = incidence_limits(table)
    curves = (incidence_curves(table)[0], high, low)
    return Quantile(*(_first(table.at, curve[:, TOUCHED]) for curve in curves))


def _first(at: Floats, curve: Floats) -> float | None:
    reached = np.flatnonzero(curve >= 0.5 - 1e-12)
    return float(at[reached[0]]) if len(reached) else None
