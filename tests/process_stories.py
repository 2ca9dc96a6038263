"""The plausible study with all that tells of the whole process: how deals end, queues, gains, and the days ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from processminer.estimates.figures import StageGain, ValueGain
from processminer.estimates.flow.backtest import Gate, Past
from processminer.estimates.flow.declared_chances import StageChance
from processminer.estimates.flow.forecast import Forecast, StageForecast
from processminer.estimates.flow.outlook import Outlook
from processminer.estimates.flow.stalled import Stalled, StalledDeal
from processminer.estimates.group_times import GroupTime, GroupTimes, StageGroups
from processminer.estimates.over_time.changes import SeriesChange
from processminer.estimates.over_time.cohorts import Cohort, Series
from processminer.estimates.over_time.process_time import Ending, ProcessTime, Standing
from processminer.estimates.over_time.repeatability import OwnerSpread, PathStability, Repeatability
from processminer.estimates.over_time.velocity import Velocity
from processminer.estimates.over_time.whole import WholeProcess
from processminer.estimates.queue.balance import StageBalance
from processminer.estimates.queue.bursts import Bursts
from processminer.estimates.queue.contention import Contention
from processminer.estimates.queue.view import QueueView
from processminer.estimates.queue.weeks import QueueGrowth, StageWeek
from processminer.estimates.stage_wins import StageWins
from processminer.statistics.interval import Interval
from processminer.statistics.survival import Quantile

if TYPE_CHECKING:
    from processminer.study import Study

STAGES = ("Lead In", "Qualification", "Demo", "Proposal", "Negotiation", "Contract Sent")
AS_OF = datetime(2026, 9, 30, tzinfo=UTC)


def with_process(study: Study, *, verdict: str = "open", stages: tuple[str, ...] = STAGES) -> Study:
    """Return a study that also tells of the whole process, its stages by these names."""
    return replace(
        study,
        estimates=replace(study.estimates, gains=gains(stages), queue=queue(stages)),
        whole=whole(stages),
        outlook=outlook(stages, verdict),
        outcomes=outcomes(stages),
    )


def around(middle: float, half: float) -> Interval:
    return Interval(middle, round(middle - half, 6), round(middle + half, 6))


def gains(stages: tuple[str, ...]) -> tuple[StageGain, ...]:
    return tuple(
        StageGain(
            stage,
            around(round(0.041 - 0.006 * place, 3), 0.004),
            round(0.9 - 0.17 * place, 2) if place < 2 else 0.0,
            base=0.25,
            within_days=96,
            deals=1187,
            times_faster=1.5,
            wins_a_week=around(round(0.61 - 0.09 * place, 2), 0.08),
            base_wins_a_week=4.9,
            value=ValueGain(
                around(820 - 90 * place, 110), around(18_300 - 1900 * place, 2600), 9100, 203_000, "EUR", 1044
            ),
        )
        for place, stage in enumerate(stages)
    )


def whole(stages: tuple[str, ...]) -> WholeProcess:
    cohorts = tuple(
        Cohort(date(2025 + place // 12, place % 12 + 1, 1), 61 + place, 15, around(0.24, 0.09), mature=place < 17)
        for place in range(20)
    )
    series = (
        Series("won", None, 96, "month", cohorts),
        Series("went on", stages[2], 31, "month", cohorts),
        Series(
            "days in stage", stages[3], 44, "month", tuple(replace(one, estimate=around(19.0, 4.0)) for one in cohorts)
        ),
    )
    changes = (
        SeriesChange("won", None, 96, 17, date(2025, 9, 1), 0.21, 0.26, 0.31, 0.41),
        SeriesChange("went on", stages[2], 31, 17, date(2026, 2, 1), 0.33, 0.19, 0.0004, 0.0012),
    )
    curve = tuple(
        Standing(age, won, lost, 1 - won - lost, (won * 0.9, won * 1.1), (lost * 0.94, lost * 1.06))
        for age, won, lost in ((3.0, 0.01, 0.1), (20.0, 0.08, 0.3), (60.0, 0.22, 0.5), (140.0, 0.28, 0.58))
    )
    won = Ending(around(0.28, 0.03), 412, 88.0, None, 47.0, (44.0, 51.0), around(53, 4))
    lost = Ending(around(0.58, 0.04), 530, 17.0, 59.0, 21.0, (19.0, 24.0), around(33, 3))
    times = ProcessTime(1187, 258, 0, 301, won, lost, Quantile(41.0, 38.0, 44.0), around(87, 5), curve)
    owners = OwnerSpread(
        2, 940, 0.29, 0.04, 0.61, 0.003, (("Ada", 410, around(0.33, 0.04)), ("Bo", 530, around(0.26, 0.04)))
    )
    paths = PathStability(5, around(0.71, 0.03), around(0.68, 0.03), around(-0.03, 0.04), 942)
    pace = Velocity(date(2025, 6, 1), date(2026, 6, 1), 96, 640, 12, "EUR", 151, around(0.236, 0.03), 41_000, 58)
    return WholeProcess(96, "month", times, series, changes, Repeatability(3, changes[1:], owners, paths), pace)


def queue(stages: tuple[str, ...]) -> QueueView:
    weeks: list[StageWeek] = []
    for place, stage in enumerate(stages):
        came = gone = 0
        for week in range(30):
            came, gone = came + 12 - place + (week > 20) * 3, gone + 11 - place
            begin = date(2026, 3, 2) + timedelta(days=7 * week)
            weeks.append(StageWeek(stage, begin, 12, 5, 2, 6 - place, came, gone, complete=week < 29))
    growth = tuple(QueueGrowth(stage, 8, 112, 88, Interval(1.27, 1.02, 1.7), 0.03) for stage in stages)
    balances = tuple(
        StageBalance(stage, 20.5, 1.5, 1.6, around(12.5, 1.0), 91, 182, around(20.0, 3.0)) for stage in stages
    )
    waits = Contention(around(-0.2, 0.1), around(0.87, 0.06), 0.001, 12, 4410)
    return QueueView(
        tuple(weeks), growth, balances, Bursts(5123, 5100, around(0.14, 0.01), 5, around(0.23, 0.02)), waits
    )


def outlook(stages: tuple[str, ...], verdict: str) -> Outlook:
    past = tuple(
        Past(AS_OF - timedelta(days=90 * (place + 1)), around(61 + place, 11), 58 if place else 80)
        for place in range(6)
    )
    gate = Gate(verdict, "of 6 past periods of 90 days, 5 came as was expected", past, ())  # type: ignore[arg-type]
    ahead = tuple(StageForecast(stage, 40 + place, 9.3, 1.1e6, 2.4e5, 0) for place, stage in enumerate(stages))
    forecast = Forecast(90, AS_OF, around(66, 12), around(2.7e6, 6e5), "EUR", 51.2, 14.8, 3.1, None, 258, 4, ahead)
    seen = StageWins(stages[1], 1081, 54, around(0.31, 0.03), 180)
    chances = (
        StageChance(stages[0], None, None, replace(seen, stage=stages[0])),
        StageChance(stages[1], 0.5, "CRM", seen),
    )
    lying = StalledDeal("006A0712", stages[3], "Ada", 212, 96_000, 0.02, 0.41, 37_440)
    stalled = Stalled(37, 812_000, "EUR", 365, (lying, replace(lying, deal="006A0713", chance=None, stake=12_000)))
    return Outlook(90, gate, None if verdict == "shut" else forecast, None, None, chances, stalled)


def outcomes(stages: tuple[str, ...]) -> GroupTimes:
    won = GroupTime("won", 390, 0, 390, around(8, 1), 6.0, (1.0, 3.0, 6.0, 11.0, 17.0))
    lost = GroupTime("lost", 204, 0, 204, around(9, 1), 7.0, (1.0, 3.0, 7.0, 12.0, None))
    return GroupTimes(
        "outcome", "segment", tuple(StageGroups(stage, 60, (lost, won), None, 0.02) for stage in stages[:3])
    )
