"""Why work waits, on logs whose split was derived by hand: each cause alone, and in their order together."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from processminer.discovery.discover import discover
from processminer.estimates.waiting.causes import CAUSES, waiting_causes
from processminer.estimates.waiting.silences import stage_silences
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.log.write.convert import convert
from tests.worlds import log_of

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog

MONDAY = datetime(2026, 1, 5)

Work = tuple[str, str, str, float, float]
"""Deal, activity, who, start and end in hours from Monday, 00:00."""


def waits(tmp_path, work: list[Work], begun: dict[str, float]):
    """Return the waits of a log of this work; every deal begins with a registration that takes no time."""
    events: dict[str, list[tuple[float, str, str, str]]] = {
        deal: [(at, "Register", "system", "complete")] for deal, at in begun.items()
    }
    for deal, activity, who, start, end in work:
        events[deal] += [(start, activity, who, "start"), (end, activity, who, "complete")]
    traces = "".join(
        f'<trace><string key="concept:name" value="{deal}"/>'
        + "".join(
            f'<event><string key="concept:name" value="{activity}"/><string key="org:resource" value="{who}"/>'
            f'<string key="lifecycle:transition" value="{step}"/>'
            f'<date key="time:timestamp" value="{(MONDAY + timedelta(hours=at)).isoformat()}.000+00:00"/></event>'
            for at, activity, who, step in sorted(told, key=lambda one: (one[0], one[3] == "start"))
        )
        + '<event><string key="concept:name" value="Won"/><string key="lifecycle:transition" value="complete"/>'
        f'<date key="time:timestamp" value="{(MONDAY + timedelta(days=60)).isoformat()}.000+00:00"/></event></trace>'
        for deal, told in events.items()
    )
    path = tmp_path / "log.xes"
    path.write_text(f'<?xml version="1.0"?><log xes.version="1.0">{traces}</log>', encoding="utf-8")
    log = read_log(path, Options(names=Names(won=("Won",), lost=("Lost",)), lifecycle="all"))
    discover(log)
    return {one.activity: one for one in waiting_causes(log)}


def in_tables(folder, work: list[Work], begun: dict[str, float], named: dict[str, str]) -> EventLog:
    """Return the log of the same work, written as a table of stages and one of activities with two times."""
    folder.mkdir()

    def said(at: float) -> str:
        return f"{(MONDAY + timedelta(hours=at)).isoformat()}.000Z"

    stages = [(deal, stage, said(at)) for deal, day in begun.items() for stage, at in (("Lead", day), ("Won", 1440))]
    with (folder / "history.csv").open("w", newline="") as file:
        csv.writer(file).writerows([(named["deal"], named["stage"], named["entered"]), *stages])
    done = [(deal, what, said(start), said(end), who) for deal, what, who, start, end in work]
    header = [named[one] for one in ("work", "what", "start", "end", "who")]
    with (folder / "activities.csv").open("w", newline="") as file:
        csv.writer(file).writerows([header, *done])
    log = read_log(folder, Options(names=Names(won=("Won",), lost=("Lost",))))
    discover(log)
    return log


PLAIN = {
    "deal": "deal_id", "stage": "stage", "entered": "entered_at", "work": "deal_id", "what": "activity_type",
    "start": "started_at", "end": "completed_at", "who": "user_id",
}  # fmt: skip

SALESFORCE = {
    "deal": "OpportunityId", "stage": "StageName", "entered": "CreatedDate", "work": "WhatId", "what": "Subject",
    "start": "StartDateTime", "end": "EndDateTime", "who": "OwnerId",
}  # fmt: skip

MIXED = [
    ("a", "Call", "Ann", 9.0, 12.0),
    ("b", "Call", "Ann", 12.0, 13.0),
    ("a", "Check", "Ben", 15.0, 16.0),
    ("b", "Check", "Ben", 37.0, 38.0),
    ("c", "Check", "Ben", 16.0, 16.5),
]


@pytest.mark.parametrize("named", [PLAIN, SALESFORCE], ids=["completion times", "events with an end"])
def test_activities_with_two_times_in_a_table_tell_the_same_as_a_log_with_lifecycles(tmp_path, named):
    begun = {"a": 9.0, "b": 9.5, "c": 10.0}
    log = in_tables(tmp_path / "tables", MIXED, begun, named)
    found = waiting_causes(log)
    assert {one.activity: one for one in found} == waits(tmp_path, MIXED, begun)
    assert found[0].waited_days * 24 == pytest.approx(2.5 + 3 + 24 + 6)


@pytest.mark.parametrize("form", ["folder", "log.xes", "log.jsonocel", "log.xmlocel", "log.sqlite"])
def test_a_log_that_was_converted_still_tells_both_times_of_its_activities(tmp_path, form):
    log = in_tables(tmp_path / "tables", MIXED, {"a": 9.0, "b": 9.5, "c": 10.0}, PLAIN)
    convert(log, tmp_path / "out" / form)
    again = read_log(tmp_path / "out" / form)
    discover(again)
    assert waiting_causes(again) == waiting_causes(log) != ()


def test_an_end_before_its_start_and_a_start_without_an_end_are_no_work(tmp_path):
    work = [("a", "Call", "Ann", 12.0, 9.0), ("a", "Check", "Ben", 15.0, 16.0)]
    found = waiting_causes(in_tables(tmp_path / "tables", work, {"a": 8.0}, PLAIN))
    assert {one.activity: one.pieces for one in found} == {None: 1, "Check": 1}
    assert found[0].waited_days * 24 == pytest.approx(6.0)


def hours(found) -> dict[str, float]:
    return {one.cause: pytest.approx(24 * one.days, abs=1e-6) for one in found.causes}


def only(**told: float) -> dict[str, float]:
    return {cause: told.get(cause, 0.0) for cause in CAUSES}


def test_who_is_at_earlier_work_makes_others_wait(tmp_path):
    # The first is ready at 9 and Ann does it until 12; the second is ready at half past nine.
    work = [("a", "Call", "Ann", 9.0, 12.0), ("b", "Call", "Ann", 12.0, 13.0)]
    found = waits(tmp_path, work, {"a": 9.0, "b": 9.5})
    assert only(contention=2.5) == hours(found["Call"])
    assert found["Call"].worked_days * 24 == pytest.approx(4.0)
    assert found["Call"].efficiency == pytest.approx(4 / 6.5)
    assert [one.efficiency_without for one in found["Call"].causes][1] == pytest.approx(1)


def test_who_does_later_work_first_sets_priorities(tmp_path):
    # Deal a is ready at 9. At 10 the call for b comes in and is taken at once; a is called at 11.
    work = [("b", "Visit", "Ann", 10.0, 11.0), ("a", "Call", "Ann", 11.0, 12.0)]
    found = waits(tmp_path, work, {"a": 9.0, "b": 10.0})
    # From 9 to 10 Ann is not seen at work at all.
    assert only(prioritisation=1.0, unavailability=1.0) == hours(found["Call"])
    assert only() == hours(found["Visit"])


def test_nights_are_not_the_fault_of_the_work_before(tmp_path):
    # Ann works from 9 to 17 on Monday and Tuesday. Deal b is ready on Monday at 16 and called on Tuesday at 10.
    day = [("a", "Call", "Ann", float(hour), hour + 0.5) for hour in range(9, 16)]
    deals = {
        f"m{place}": (name, work)
        for place, (name, *work) in enumerate([(f"m{place}", *one[1:]) for place, one in enumerate(day)])
    }
    work = [(deal, *rest) for deal, (_, rest) in deals.items()]
    begun = {deal: rest[2] for deal, (_, rest) in deals.items()}
    tuesday = [(f"t{place}", "Call", "Ann", 24.0 + hour, 24.5 + hour) for place, hour in enumerate((9, 16))]
    begun |= {deal: start for deal, _, _, start, _ in tuesday}
    found = waits(tmp_path, [*work, *tuesday, ("b", "Offer", "Ann", 34.0, 34.5)], {**begun, "b": 16.0})
    told = {one.cause: 24 * one.days for one in found["Offer"].causes}
    assert sum(told.values()) == pytest.approx(18.0)
    # Hours in which Ann was seen: Monday 9 to 16, Tuesday 9, 10 and 16. Of the wait from Monday 16:00 to Tuesday 10:00
    # only Tuesday's ninth hour is one of them, of which the first half was another call that came later.
    assert told["prioritisation"] == pytest.approx(0.5)
    assert told["extraneous"] == pytest.approx(0.5)
    assert told["unavailability"] == pytest.approx(17.0)


def test_work_that_gathers_and_is_done_in_one_go_is_a_batch(tmp_path):
    # Three deals are ready at 9, 10 and 11. Ann, who has nothing else, does them one after the other from 13.
    work = [(deal, "Check", "Ann", 13.0 + place, 14.0 + place) for place, deal in enumerate("abc")]
    # Somebody else's work shows nothing of Ann's hours; her own before makes 9 to 12 hours of hers.
    own = [(f"o{hour}", "Call", "Ann", float(hour) + 0.1, hour + 0.2) for hour in (9, 10, 11, 12)]
    begun = {"a": 9.0, "b": 10.0, "c": 11.0} | {deal: start for deal, _, _, start, _ in own}
    found = waits(tmp_path, [*work, *own], begun)
    told = {one.cause: 24 * one.days for one in found["Check"].causes}
    # Until the last was ready at 11: two hours, one hour, none.
    assert told["batching"] == pytest.approx(3.0)
    # From 11 to 13 each waits for Ann, who makes two calls of six minutes that came later.
    assert told["prioritisation"] == pytest.approx(3 * 0.2)
    # While she does the first, the others wait for it, and the third for the second.
    assert told["contention"] == pytest.approx(1.0 + 2.0)
    assert told["extraneous"] == pytest.approx(3 * 1.8)
    assert told["unavailability"] == pytest.approx(0.0)


def test_a_queue_that_is_worked_off_is_no_batch(tmp_path):
    # Ann is busy from 8 to 12; three deals gather meanwhile, and she takes them one after the other.
    work = [("w", "Visit", "Ann", 8.0, 12.0)]
    work += [(deal, "Check", "Ann", 12.0 + place, 13.0 + place) for place, deal in enumerate("abc")]
    found = waits(tmp_path, work, {"w": 8.0, "a": 9.0, "b": 10.0, "c": 11.0})
    assert only(contention=3 + 2 + 1 + 1 + 2) == hours(found["Check"])


def test_what_nobody_at_work_explains_is_extraneous(tmp_path):
    # Ann is seen at work in every hour from 9 to 12, and yet the deal waits from 9 to 12 between her calls.
    own = [(f"o{hour}", "Call", "Ann", float(hour), hour + 0.25) for hour in (9, 10, 11)]
    found = waits(
        tmp_path, [*own, ("a", "Offer", "Ann", 12.0, 12.5)], {"a": 9.0} | {deal: s for deal, _, _, s, _ in own}
    )
    assert only(contention=0.25, prioritisation=0.5, extraneous=2.25) == hours(found["Offer"])


def test_the_whole_is_the_sum_of_its_activities_and_shares_carry_their_error(tmp_path):
    work = [("a", "Call", "Ann", 9.0, 12.0), ("b", "Call", "Ann", 12.0, 13.0), ("a", "Offer", "Bob", 14.0, 15.0)]
    found = waits(tmp_path, work, {"a": 8.0, "b": 9.0})
    whole = found[None]
    assert whole.waited_days == pytest.approx(found["Call"].waited_days + found["Offer"].waited_days)
    assert whole.pieces == 3
    assert sum(one.share.estimate for one in whole.causes) == pytest.approx(1)
    assert all(0 <= one.share.low <= one.share.estimate <= one.share.high <= 1 for one in whole.causes)


def test_a_log_without_starts_says_nothing_of_causes():
    log = log_of({"x": ["A", "Won"], "y": ["A", "Lost"]})
    discover(log)
    assert waiting_causes(log) == ()


Stops = list[tuple[str, float]]


def touched(tasks: dict[str, list[tuple[str, float]]], deals: dict[str, Stops], as_of_day: float):
    log = log_of(deals, as_of_day=as_of_day, tasks=tasks, order=("A", "B"))
    discover(log)
    return {one.stage: one for one in stage_silences(log)}


def test_silences_run_from_entry_to_touch_to_touch_to_the_end():
    deals: dict[str, Stops] = {f"d{n}": [("A", 0.0), ("B", 10.0), ("Won", 14.0)] for n in range(6)}
    tasks = {f"d{n}": [("Call", 2.0), ("Mail", 5.0), ("Call", 11.0)] for n in range(6)}
    found = touched(tasks, deals, 20)
    a, b = found["A"], found["B"]
    assert (a.stays, a.open_untouched, a.touches, a.ended_touched) == (6, 0, 12, 6)
    assert a.first_touch.at == pytest.approx(2, abs=0.03)
    # Half of the silences after a touch are the three days to the mail, the others the five to the end.
    assert a.silence.at == pytest.approx(3, abs=0.03)
    assert a.long_silence == pytest.approx(5, abs=0.03)
    assert a.after_last.at == pytest.approx(5, abs=0.03)
    assert b.after_last.at == pytest.approx(3, abs=0.03)
    assert a.touched_soon.estimate == 1


def test_open_deals_that_nobody_touched_are_not_taken_for_touched_or_left():
    deals: dict[str, Stops] = {f"o{n:02}": [("A", 0.0)] for n in range(30)}
    deals |= {f"c{n:02}": [("A", 0.0), ("Won", 8.0)] for n in range(10)}
    tasks = {f"c{n:02}": [("Call", 6.0)] for n in range(10)}
    (found,) = touched(tasks, deals, 40).values()
    assert found.open_untouched == 30
    assert found.first_touch.at is None
    assert found.touched_soon.estimate == pytest.approx(0.25)
    # Of the touched ones alone it would be all of them.
    assert found.touched_soon.high < 0.5


def test_a_log_without_activities_has_no_silences():
    assert touched({}, {"x": [("A", 0.0), ("Won", 3.0)]}, 5) == {}
