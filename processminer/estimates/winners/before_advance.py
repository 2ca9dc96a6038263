"""What was done before deals went on from a stage, beside deals that had been there as long and did not go on."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from processminer.engines.relations import read_sql
from processminer.statistics.interval import Interval
from processminer.statistics.multiplicity import adjusted_p_values
from processminer.statistics.ratio_in_strata import ratio_in_strata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.discovery.discovery import Discovery
    from processminer.engines.relations import Row
    from processminer.statistics.estimated import Estimated

PACKAGE = "processminer.estimates.winners"

Kind = Literal["task", "field"]

WINDOW_DAYS = 14
"""What was done longer ago is no reason that anybody would name."""

LOOKS = 40
"""Looks at one stay: ten times as long as half of those that go on need. Longer stays are zombies."""

USED = 0.05
"""Of all deals, so many must have an activity before it is looked at: rarer ones are no habit."""

MOST_TASKS = 20

ENOUGH = 20
"""Advances after it, and looks at deals that had it: fewer are stories."""


@dataclass(frozen=True, slots=True)
class BeforeAdvance:
    """How much likelier deals are to go on from a stage after something was done. A description, no cause."""

    stage: str
    kind: Kind
    name: str
    """The activity, or the field that was filled."""
    advances: int
    """Advances from the stage that were looked at."""
    after: int
    """Those of them that came after it."""
    usual: float
    """Of deals that had been there as long, the share that it had been done for."""
    ratio: Interval
    """How many times as likely an advance is within `pace_days`, next to those deals; 95 % limits."""
    q: float
    """The false discovery rate among all that were looked at here (Benjamini & Hochberg, 1995)."""
    window_days: int
    pace_days: float

    @property
    def share(self) -> float:
        """Of the advances, the share that came after it."""
        return self.after / self.advances


def before_advance(discovery: Discovery) -> tuple[BeforeAdvance, ...]:
    """Return, stage by stage, what tells a deal that goes on from one that stays, the most telling first.

    A deal is looked at every few days while it is in a stage; an activity counts if it was done during the stay, in
    the `WINDOW_DAYS` before the look. Deals are compared by how long they have been there (Mantel & Haenszel, 1959), so
    that long stays, in which more is done, do not make it look useless. Needs `stays`.
    """
    log = discovery.log
    often = [task.name for task in discovery.tasks if task.deals >= USED * discovery.totals.deals][:MOST_TASKS]
    log.relations.run(read_sql(PACKAGE, "doings.sql"), {"tasks": often})
    rows = log.relations.rows(
        read_sql(PACKAGE, "before_advance.sql"),
        {"as_of": log.as_of.replace(tzinfo=None), "looks": LOOKS, "window_us": WINDOW_DAYS * 86_400_000_000},
    )
    looked: defaultdict[tuple[int, Kind, str], list[Row]] = defaultdict(list)
    for stage, kind, name, *counts in rows:
        looked[stage, kind, name].append(tuple(counts))
    found = [(key, told) for key, part in looked.items() if (told := _compare(part)) is not None]
    rates = adjusted_p_values([told.ratio.p_value for _, told in found])
    reasons = [
        BeforeAdvance(
            stage=log.stages[stage].name,
            kind=kind,
            name=name,
            advances=told.advances,
            after=told.after,
            usual=told.usual,
            ratio=_times(told.ratio),
            q=rate,
            window_days=WINDOW_DAYS,
            pace_days=told.pace,
        )
        for ((stage, kind, name), told), rate in zip(found, rates, strict=True)
    ]
    place = {stage.name: number for number, stage in enumerate(log.stages)}
    return tuple(sorted(reasons, key=lambda one: (place[one.stage], one.q > TOLD, -one.ratio.low, one.kind, one.name)))


TOLD = 0.05
"""What is told at this rate comes first."""


@dataclass(frozen=True, slots=True)
class _Compared:
    advances: int
    after: int
    usual: float
    ratio: Estimated
    pace: float


def _compare(rows: Sequence[Row]) -> _Compared | None:
    after, after_advanced, deals, advanced, pace = np.array([row[1:] for row in rows], dtype=np.float64).T
    ratio = ratio_in_strata(after_advanced, after, advanced - after_advanced, deals - after)
    if ratio is None or after_advanced.sum() < ENOUGH or (after - after_advanced).sum() < ENOUGH:
        return None
    usual = float((advanced * after / deals).sum() / advanced.sum())
    return _Compared(int(advanced.sum()), int(after_advanced.sum()), usual, ratio, float(pace[0]))


def _times(ratio: Estimated) -> Interval:
    limits = ratio.interval()
    return Interval(math.exp(limits.estimate), math.exp(limits.low), math.exp(limits.high))
