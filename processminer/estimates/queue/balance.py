"""Little's law as a check: deals in a stage against those that come to it and how long they stay."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.estimates.stage_times import stage_times
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile

if TYPE_CHECKING:
    from datetime import datetime

    from processminer.discovery.discovery import Discovery
    from processminer.estimates.figures import StageTime
    from processminer.log.eventlog import EventLog

MOST_APART = 0.25
"""A quarter too many or too few is more than a stage in balance shows by the coarseness of its times."""

WINDOW_DAYS = 182
"""Half a year: long against most stays, short enough for the pace to be one."""

UP_TO_DAYS = 91
"""A deal that is still there after a quarter of a year is not in the queue any more: it lies."""


@dataclass(frozen=True, slots=True)
class StageBalance:
    """A stage held against L = lambda W (Little, 1961), both sides counted up to the same length of stay.

    A stage that some deals never leave has no balance, since these pile up for ever. The law holds as well for the part
    of each stay up to a limit: the deals that have been there for no longer, and the mean stay restricted to it.
    """

    stage: str
    in_progress: float
    """Deals in the stage for no longer than `up_to_days`, averaged over the window."""
    stalled: float
    """Deals in it for longer, averaged over the window."""
    arrivals_per_day: float
    mean_days: Interval
    """Restricted mean stay up to `up_to_days`."""
    up_to_days: float
    days: float
    """Length of the window, up to `as_of`."""
    expected: Interval
    """Deals that would be in it in balance, with limits within which chance lets the average vary."""

    @property
    def apart(self) -> float:
        """How far the deals in it exceed what is expected, as a share of that; not a number where none is expected."""
        return self.in_progress / self.expected.estimate - 1 if self.expected.estimate > 0 else math.nan

    @property
    def in_balance(self) -> bool:
        """Whether both agree to `MOST_APART`, or as well as chance allows; if not, the pace has changed lately.

        Answers that take the stage for steady then hold less. Where none came and none is there, nothing disagrees.
        """
        if self.expected.estimate <= 0:
            return self.in_progress == 0
        return abs(self.apart) <= MOST_APART or self.expected.low <= self.in_progress <= self.expected.high


def stage_balances(discovery: Discovery, window_days: float = WINDOW_DAYS) -> tuple[StageBalance, ...]:
    """Return each stage over the last `window_days` of the log; a log that is shorter is looked at in its last part.

    Stays are counted up to a limit: a quarter of a year, or as long as enough of them were followed, or a third of the
    log, so that the window does not begin with empty stages. A stage without a mean is left out.
    """
    log = discovery.log
    now = log.as_of.replace(tzinfo=None)
    first = log.relations.row("SELECT min(entered_at) FROM stays")[0]
    if first is None or first >= now:
        return ()
    most = min(UP_TO_DAYS, (now - first).total_seconds() / 86_400 / 3)
    since = max(first + timedelta(days=most), now - timedelta(days=window_days))
    days = (now - since).total_seconds() / 86_400
    times = [one for one in stage_times(discovery, most) if not math.isnan(one.mean_days.estimate)]
    seen = _seen(log, times, since)
    return tuple(_balance(time, *seen.get(time.stage, (0.0, 0.0, 0)), days) for time in times)


def _seen(log: EventLog, times: list[StageTime], since: datetime) -> dict[str, tuple[float, float, int]]:
    """Return the deals in each stage up to its limit and beyond, and its arrivals."""
    codes = {stage.name: code for code, stage in enumerate(log.stages)}
    log.relations.put(
        "stay_limits",
        {"stage": [codes[one.stage] for one in times], "days": [one.tau_days for one in times]},
        {"stage": "SMALLINT", "days": "DOUBLE"},
    )
    values = {"as_of": log.as_of.replace(tzinfo=None), "since": since}
    rows = log.relations.rows(read_sql("processminer.estimates.queue", "in_progress.sql"), values)
    return {log.stages[int(code)].name: (float(young), float(old), int(came)) for code, young, old, came in rows}


def _balance(time: StageTime, in_progress: float, stalled: float, came: int, days: float) -> StageBalance:
    mean = time.mean_days
    expected = came / days * mean.estimate
    # The queue of a Poisson stream with free servers: its average varies as the sum of the stays of a window does.
    error = (mean.high - mean.low) / 2 / normal_quantile(0.95)
    of_stays = came * error**2 * max(1, time.visits - time.late - time.begin_unknown)
    half = normal_quantile(0.95) * math.sqrt(of_stays + (came * error) ** 2) / days
    return StageBalance(
        stage=time.stage,
        in_progress=in_progress,
        stalled=stalled,
        arrivals_per_day=came / days,
        mean_days=mean,
        up_to_days=time.tau_days,
        days=days,
        expected=Interval(expected, max(0.0, expected - half), expected + half),
    )
