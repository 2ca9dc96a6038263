"""The whole process, its queues and its outlook as values of `audit.json`, and read back from them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from processminer.estimates.flow.backtest import Change, Gate, Past
from processminer.estimates.flow.declared_chances import StageChance
from processminer.estimates.flow.forecast import Forecast, StageForecast
from processminer.estimates.flow.give_up import GiveUp
from processminer.estimates.flow.outlook import Outlook
from processminer.estimates.flow.stalled import Stalled, StalledDeal
from processminer.estimates.group_times import GroupsCompared, GroupTimes
from processminer.estimates.over_time.changes import SeriesChange
from processminer.estimates.over_time.cohorts import Cohort, Every, Measure, Series
from processminer.estimates.over_time.process_time import ProcessTime
from processminer.estimates.over_time.repeatability import Repeatability
from processminer.estimates.over_time.velocity import Velocity
from processminer.estimates.over_time.whole import WholeProcess
from processminer.estimates.queue.balance import StageBalance
from processminer.estimates.queue.bursts import Bursts
from processminer.estimates.queue.contention import Contention
from processminer.estimates.queue.view import QueueView
from processminer.estimates.queue.weeks import QueueGrowth, StageWeek
from processminer.estimates.stage_wins import StageWins
from processminer.report.forecast_text import NOT_KNOWN, refused
from processminer.report.records import read_record
from processminer.statistics.interval import Interval
from processminer.statistics.log_rank import LogRank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.study import Study

Json = dict[str, Any]

MOST_WEEKS = 104
"""Two years of every stage; what came and went before is in the sums so far."""

PAGE_WEEKS = 26
"""The window of the queue: what a page carries of the weeks."""

KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        Bursts, Change, Cohort, Contention, Forecast, Gate, GiveUp, Interval, LogRank, Past, ProcessTime, QueueGrowth,
        Repeatability, Series, SeriesChange, StageBalance, StageChance, StageForecast, StageWeek, StageWins, Stalled,
        StalledDeal, Velocity, date, datetime,
    )
} | {"Every": Every, "Measure": Measure}  # fmt: skip
"""The types that the fields of these records have."""

_WEEKLY = ("arrivals", "departures", "wins", "losses", "arrived_so_far", "gone_so_far")


def process_document(study: Study) -> Json:
    """Return what is known of the process as a whole: null for what was not looked at."""
    queue = study.estimates.queue
    return {
        "whole_process": None if study.whole is None else whole_document(study.whole),
        "queue": None if queue is None else queue_document(queue),
        "forecast": None if study.outlook is None else outlook_document(study.outlook),
        "outcomes": study.outcomes,
        "groups": study.groups,
    }


def read_process(document: Json) -> Json:
    """Return what `process_document` told, as the parts of a study by name; the queue is one of its estimates."""
    whole, queue, ahead = document["whole_process"], document["queue"], document["forecast"]
    outcomes, groups = document["outcomes"], document["groups"]
    return {
        "whole": None if whole is None else read_record(WholeProcess, whole, KINDS),
        "queue": None if queue is None else read_record(QueueView, {**queue, "weeks": _weeks(queue["weeks"])}, KINDS),
        "outlook": None if ahead is None else read_record(Outlook, {**ahead, "give_ups": ()}, KINDS),
        "outcomes": None if outcomes is None else read_record(GroupTimes, outcomes, KINDS),
        "groups": None if groups is None else read_record(GroupsCompared, groups, KINDS),
    }


def process_for_page(document: Json) -> Json:
    """Return these parts small enough to be embedded in a page: no series of stages, half a year of weeks."""
    whole, queue = document["whole_process"], document["queue"]
    return {
        "whole_process": None if whole is None else {**whole, "series": whole["series"][:1]},
        "queue": None if queue is None else {**queue, "weeks": _last_weeks(queue["weeks"], PAGE_WEEKS)},
    }


def whole_document(found: WholeProcess) -> Json:
    """Return the process from beginning to end, and over time."""
    pace = found.velocity
    velocity = None if pace is None else {**_row(pace), "per_day": pace.per_day, "begun_per_day": pace.begun_per_day}
    return {**_row(found), "velocity": velocity}


def queue_document(found: QueueView) -> Json:
    """Return the stages as queues: of their weeks, the last `MOST_WEEKS`, as columns of equal length."""
    waiting = found.contention
    return {
        **_row(found),
        "weeks": _last_weeks(_columns(found.weeks), MOST_WEEKS),
        "growth": [{**_row(one), "grows": one.grows} for one in found.growth],
        "balances": [{**_row(one), "apart": one.apart, "in_balance": one.in_balance} for one in found.balances],
        "contention": None if waiting is None else {**_row(waiting), "waits": waiting.waits},
    }


def _columns(weeks: Sequence[StageWeek]) -> Json:
    stages = [(stage, list(those)) for stage, those in groupby(weeks, key=lambda one: one.stage)]
    calendar = stages[0][1] if stages else []
    return {
        "begin": [one.week for one in calendar],
        "complete": [one.complete for one in calendar],
        "stages": [
            {"stage": stage, **{name: [getattr(one, name) for one in those] for name in _WEEKLY}}
            for stage, those in stages
        ],
        "left_out": 0,
    }


def _last_weeks(weeks: Json, most: int) -> Json:
    left_out = max(0, len(weeks["begin"]) - most)
    return {
        "begin": weeks["begin"][left_out:],
        "complete": weeks["complete"][left_out:],
        "stages": [
            {name: value[left_out:] if name in _WEEKLY else value for name, value in stage.items()}
            for stage in weeks["stages"]
        ],
        "left_out": weeks["left_out"] + left_out,
    }


def _weeks(weeks: Json) -> list[Json]:
    """Return the rows that the columns tell."""
    return [
        {
            "stage": stage["stage"],
            "week": begin,
            "complete": weeks["complete"][at],
            **{name: stage[name][at] for name in _WEEKLY},
        }
        for stage in weeks["stages"]
        for at, begin in enumerate(weeks["begin"])
    ]


def outlook_document(found: Outlook, *, anyway: bool = False) -> Json:
    """Return the outlook; a forecast that is not to be believed is null unless it is wanted `anyway`.

    Ages at which deals are given up are not in it: they are asked for by `forecast` alone.
    """
    shut = refused(found) and not anyway
    return {
        **{name: value for name, value in _row(found).items() if name != "give_ups"},
        "gate": gate_document(found.gate),
        "refused": found.gate.because if shut else None,
        "forecast": None if shut else found.forecast,
        "chances": [{**_row(one), "verdict": one.verdict} for one in found.chances],
        "not_known": NOT_KNOWN,
    }


def give_ups_document(found: Sequence[GiveUp]) -> list[Json]:
    """Return the ages at which deals are given up; a limit that is not reached is null."""
    return [{**_row(one), "left": one.left.interval()} for one in found]


def gate_document(gate: Gate) -> Json:
    """Return whether forecasts are to be believed, and on what that rests."""
    return {**_row(gate), "past": [{**_row(one), "held": one.held} for one in gate.past]}


def _row(value: Any) -> Json:
    return {one.name: getattr(value, one.name) for one in fields(value)}
