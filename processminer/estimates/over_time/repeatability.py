"""Whether the process does the same from month to month, from owner to owner, and along the same paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.over_time.changes import series_changes
from processminer.statistics.between_groups import between_groups
from processminer.statistics.proportions import newcombe, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.estimates.over_time.changes import SeriesChange
    from processminer.estimates.over_time.cohorts import Series
    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval

PACKAGE = "processminer.estimates.over_time"

LAST_PERIODS = 12
"""A year of months."""

CHANGED = 0.05
"""The false discovery rate at which a change is told."""

TOP_PATHS = 5

FEWEST_DEALS = 5
"""An owner with fewer says nothing of how owners differ."""


@dataclass(frozen=True, slots=True)
class OwnerSpread:
    """How owners differ in the share of deals won within the horizon, beyond chance."""

    owners: int
    """With `FEWEST_DEALS` or more."""
    deals: int
    share: float
    deviation: float
    """Standard deviation of the owners' true shares (tau); 0: chance explains all that is seen."""
    not_chance: float
    """I squared, the part of the spread that chance does not explain."""
    p: float
    likely: tuple[tuple[str, int, Interval], ...]
    """Owners, deals, and what each one's share is likely to be; the highest first. Never the raw share."""


@dataclass(frozen=True, slots=True)
class PathStability:
    """Whether deals still take the paths that most of them took."""

    top: int
    then: Interval
    """Share of the older half of the deals on the paths most frequent then."""
    now: Interval
    """Share of the newer half on those same paths."""
    change: Interval
    deals: int


@dataclass(frozen=True, slots=True)
class Repeatability:
    """The three sides of it."""

    looked_at: int
    """Series with enough mature cohorts to find a change in."""
    changes: tuple[SeriesChange, ...]
    """Those told at `CHANGED`, among the last `LAST_PERIODS` mature cohorts; the surest first."""
    owners: OwnerSpread | None
    """None with fewer than two owners of enough deals."""
    paths: PathStability | None
    """None where too few deals closed in time."""


def repeatability(log: EventLog, series: Sequence[Series], within_days: float) -> Repeatability:
    """Return whether the process repeats itself over time, people and paths, for deals followed for `within_days`.

    Needs `stays`, `untimed_leads` and `deal_variants`.
    """
    changes = series_changes(series, LAST_PERIODS)
    told = [one for one in changes if one.q <= CHANGED]
    return Repeatability(
        looked_at=len(changes),
        changes=tuple(sorted(told, key=lambda one: one.q)),
        owners=_owners(log, within_days),
        paths=_paths(log, within_days),
    )


def _owners(log: EventLog, within_days: float) -> OwnerSpread | None:
    values = {"as_of": log.as_of.replace(tzinfo=None), "days": within_days}
    rows = log.relations.rows(read_sql(PACKAGE, "owners_won.sql"), values)
    rows = [(str(owner), int(deals), int(won)) for owner, deals, won in rows if deals >= FEWEST_DEALS]
    spread = between_groups(np.array([row[2] for row in rows]), np.array([row[1] for row in rows]))
    if spread is None:
        return None
    likely = [(owner, deals, one) for (owner, deals, _), one in zip(rows, spread.shrunk, strict=True)]
    return OwnerSpread(
        owners=len(rows),
        deals=sum(row[1] for row in rows),
        share=spread.share,
        deviation=spread.variance**0.5,
        not_chance=spread.not_chance,
        p=spread.p,
        likely=tuple(sorted(likely, key=lambda one: (-round(one[2].estimate, 9), one[0]))),
    )


def _paths(log: EventLog, within_days: float) -> PathStability | None:
    values = {"as_of": log.as_of.replace(tzinfo=None), "days": within_days, "top": TOP_PATHS}
    rows = log.relations.rows(read_sql(PACKAGE, "top_paths.sql"), values)
    if len(rows) < 2:
        return None
    (_, then, then_top), (_, now, now_top) = rows
    return PathStability(
        top=TOP_PATHS,
        then=wilson(then_top, then),
        now=wilson(now_top, now),
        change=newcombe(now_top, now, then_top, then),
        deals=then + now,
    )
