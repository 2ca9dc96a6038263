"""How long deals stay in each stage and where they go next, those that are in it still counted as not yet gone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.figures import Exit, StageTime
from processminer.statistics.interval import Interval
from processminer.statistics.survival import Quantile, horizon, incidence, quantile, restricted_mean, risk_table

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.engines.relations import Row
    from processminer.log.eventlog import EventLog
from processminer.statistics.survival import Floats, RiskTable

PACKAGE = "processminer.estimates"

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Of the stays, how many have ended at p10, p25, p50, p75 and p90."""

_GRIDS: dict[int, Literal["day", "hour", "minute"]] = {
    86_400_000_000: "day",
    3_600_000_000: "hour",
    60_000_000: "minute",
}
"""Ticks in microseconds, as `at_risk.sql` chooses them."""

_CAME_LATE = -2
"""Among the targets of `at_risk.sql`: not gone, but come to be seen."""

_CLICKED_THROUGH = Quantile(0.0, 0.0, 0.0)
_UNKNOWN = Quantile(None, None, None)


def stage_times(discovery: Discovery, most_days: float | None = None) -> tuple[StageTime, ...]:
    """Return the times of every stage that deals visited, in the log's order; terminal stages are left out.

    Open stays are censored at `as_of`. A visit that was clicked through, or that begins or ends at a moment that is not
    the deal's, counts as a visit, but neither for times nor for exits; a stage that was only clicked through has times
    of 0 and no exits, one whose stays all lack a true moment has none that are known. Nothing after a deal's close
    counts. A first stay that had begun before the history did is at risk only from the age at which it came to be seen
    (delayed entry), and has no length where its begin is not known; both are counted. Means and exits reach to
    `tau_days`, which `most_days` may shorten.
    """
    log = discovery.log
    seen = {"as_of": log.as_of.replace(tzinfo=None)}
    counts = log.relations.rows(read_sql(PACKAGE, "stage_days.sql"), seen)
    left = np.array(log.relations.rows(read_sql(PACKAGE, "at_risk.sql"), seen), dtype=np.float64).reshape(-1, 5)
    days = float(sum(row[4] for row in counts))
    lost = {flow.stage: flow.lost_here for flow in discovery.stages}
    return tuple(
        _stage_time(
            log,
            row,
            left[left[:, 0] == row[0], 1:],
            share_of_deal_days=float(row[4]) / days if days else 0.0,
            share_of_losses=lost[log.stages[int(row[0])].name] / (sum(lost.values()) or 1),
            most_days=most_days,
        )
        for row in counts
    )


def _stage_time(
    log: EventLog,
    counts: Row,
    left: Floats,
    *,
    share_of_deal_days: float,
    share_of_losses: float,
    most_days: float | None,
) -> StageTime:
    """Build one stage's times from its counts and its rows of tick, days, target and stays."""
    code, deals, visits, still_there, _, timed, late, begin_unknown = counts
    targets = np.unique(left[left[:, 2] >= 0, 2])
    table = _risk_table(left, targets)
    tau = horizon(table, most_days)
    without = _CLICKED_THROUGH if timed else _UNKNOWN
    lengths = [quantile(table, share) if len(left) else without for share in SHARES]
    p10, p25, median, p75, p90 = (length.at for length in lengths)
    exits = [
        Exit(log.stages[int(target)].name, log.stages[int(target)].kind, probability)
        for target, probability in zip(targets, incidence(table, tau), strict=True)
    ]
    return StageTime(
        stage=log.stages[int(code)].name,
        deals=deals,
        visits=visits,
        open=still_there,
        median_days=median,
        median_limits=(lengths[2].low, lengths[2].high),
        p90_days=p90,
        quartiles=(p10, p25, median, p75, p90),
        mean_days=restricted_mean(table, tau) if len(left) or timed else Interval(math.nan, math.nan, math.nan),
        tau_days=tau,
        grid=_GRIDS[int(left[0, 0])] if len(left) else "minute",
        share_of_deal_days=share_of_deal_days,
        share_of_losses=share_of_losses,
        # Equally likely exits stay in the log's order; the last bits of a sum must not decide.
        exits=tuple(sorted(exits, key=lambda way: -round(way.probability.estimate, 12))),
        late=late,
        begin_unknown=begin_unknown,
    )


def _risk_table(left: Floats, targets: Floats) -> RiskTable:
    at, tick = np.unique(left[:, 1], return_inverse=True)
    came = left[:, 2] == _CAME_LATE
    # The first column takes the stays that have not ended.
    column = np.searchsorted(targets, left[:, 2], side="right")
    shape = (len(at), len(targets) + 1)
    cell = np.ravel_multi_index((tick, column), shape)
    stays = np.bincount(cell, left[:, 3] * ~came, minlength=shape[0] * shape[1]).reshape(shape)
    late = np.bincount(tick, left[:, 3] * came, minlength=len(at))
    return risk_table(at, stays[:, 1:], stays[:, 0], late)
