"""Little's law as a check: deals in a stage against those that come to it and how long they stay."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.estimates.estimates import StageTime
    from processminer.log.eventlog import EventLog

MOST_APART = 0.25
"""A quarter too many or too few is more than a stage in balance shows by chance and by the limit of its mean."""

WINDOW_DAYS = 182
"""Half a year: long against most stays, short enough for the pace to be one."""


@dataclass(frozen=True, slots=True)
class StageBalance:
    """A stage held against L = lambda W (Little, 1961)."""

    stage: str
    in_progress: float
    """Deals in the stage, averaged over the window."""
    arrivals_per_day: float
    mean_days: float
    """Restricted mean stay up to `tau_days`."""
    tau_days: float
    days: float
    """Length of the window, up to `as_of`."""

    @property
    def expected(self) -> float:
        """Deals that would be in a stage in balance."""
        return self.arrivals_per_day * self.mean_days

    @property
    def apart(self) -> float:
        """How far the deals in it exceed what is expected, as a share of that; not a number where none is expected."""
        return self.in_progress / self.expected - 1 if self.expected > 0 else math.nan

    @property
    def in_balance(self) -> bool:
        """Whether both agree to `MOST_APART`; if not, the pace has changed, or the data are not what they seem.

        Answers that take the stage for steady then hold less. Where none came and none is there, nothing disagrees.
        """
        return abs(self.apart) <= MOST_APART if self.expected > 0 else self.in_progress == 0


def stage_balances(
    log: EventLog, times: Sequence[StageTime], window_days: float = WINDOW_DAYS
) -> tuple[StageBalance, ...]:
    """Return each stage of `times` over the last `window_days` of the log (all of it where it is shorter).

    Needs `stays`. A stage without a mean is left out; one that was only clicked through holds nobody.
    """
    now = log.as_of.replace(tzinfo=None)
    first = log.relations.row("SELECT min(entered_at) FROM stays")[0]
    since = max(first, now - timedelta(days=window_days))
    days = (now - since).total_seconds() / 86_400
    if days <= 0:
        return ()
    values = {"as_of": now, "since": since}
    rows = log.relations.rows(read_sql("processminer.estimates.queue", "in_progress.sql"), values)
    seen = {log.stages[int(code)].name: (float(there), int(came)) for code, there, came in rows}
    return tuple(
        StageBalance(
            stage=time.stage,
            in_progress=seen.get(time.stage, (0.0, 0))[0],
            arrivals_per_day=seen.get(time.stage, (0.0, 0))[1] / days,
            mean_days=time.mean_days.estimate,
            tau_days=time.tau_days,
            days=days,
        )
        for time in times
        if not math.isnan(time.mean_days.estimate)
    )
