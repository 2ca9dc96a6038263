"""The whole process in one view: how long deals take, what each period's deals became, whether it is repeatable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.estimates.flow.model import usual_horizon
from processminer.estimates.over_time.changes import series_changes
from processminer.estimates.over_time.cohorts import cohort_series, usual_period
from processminer.estimates.over_time.process_time import process_time
from processminer.estimates.over_time.repeatability import repeatability
from processminer.estimates.over_time.velocity import velocity

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.over_time.changes import SeriesChange
    from processminer.estimates.over_time.cohorts import Every, Series
    from processminer.estimates.over_time.process_time import ProcessTime
    from processminer.estimates.over_time.repeatability import Repeatability
    from processminer.estimates.over_time.velocity import Velocity


@dataclass(frozen=True, slots=True)
class WholeProcess:
    """All that is known of the process from a deal's beginning to its end."""

    within_days: float
    """The horizon of wins: within so many days nine in ten wins come."""
    every: Every
    """The periods of the series."""
    times: ProcessTime | None
    """None where no deal has a beginning that is known."""
    series: tuple[Series, ...]
    """The first is the share won; then each stage's share that went on and mean stay."""
    changes: tuple[SeriesChange, ...]
    """The best change of each series over the whole log, told or not."""
    repeatability: Repeatability
    velocity: Velocity | None


def whole_process(discovery: Discovery) -> WholeProcess:
    """Return the process over time, by weeks, months or quarters as the log is young, usual or old.

    Needs the relations of a discovery.
    """
    log = discovery.log
    days, every = usual_horizon(log), usual_period(log)
    series = cohort_series(log, every, days)
    return WholeProcess(
        within_days=days,
        every=every,
        times=process_time(discovery),
        series=series,
        changes=series_changes(series),
        repeatability=repeatability(log, series, days),
        velocity=velocity(log, days),
    )
