"""Stays that had begun before the history of the log: at risk only from when they came to be seen."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta

import numpy as np
import pytest

from processminer.discovery.discover import discover
from processminer.estimates.flow.model import MOST_DAYS, flow_model
from processminer.estimates.group_times import group_times
from processminer.estimates.stage_times import stage_times
from processminer.log.options import Options
from processminer.log.read import read_log
from tests.simulated import stays_alone
from tests.simulations_time import CUT, LAST, WON, cut_world


def test_a_log_that_begins_with_its_deals_has_no_late_stay():
    random = np.random.default_rng(5)
    entered = random.uniform(CUT, LAST, 300)
    left = entered + random.exponential(40, 300)
    world = {"stage": [0] * 300, "entered": entered.tolist(), "left": left.tolist(), "target": [WON] * 300}
    (time,) = stage_times(stays_alone(("A",), LAST, world))
    assert (time.late, time.begin_unknown) == (0, 0)
    assert time == stage_times(stays_alone(("A",), LAST, world, seen_late=False))[0]


def test_stays_that_had_begun_before_the_first_known_change_are_counted_late():
    world = cut_world(np.random.default_rng(1))
    (time,) = stage_times(stays_alone(("A",), LAST, world))
    first_change = min(world["left"])
    begun_before = [one for one in world["entered"] if one < first_change]
    assert time.late == len(begun_before)
    assert time.begin_unknown == 0
    ignored = stage_times(stays_alone(("A",), LAST, world, seen_late=False))[0]
    assert time.visits == ignored.visits == len(world["left"])
    assert time.mean_days.estimate < ignored.mean_days.estimate


FIRST = datetime(2026, 1, 1)


def said(day: float) -> str:
    return (FIRST + timedelta(days=day)).isoformat(timespec="seconds") + "Z"


@pytest.fixture
def kept_from_day_300(tmp_path):
    """An export of changes of stage since day 300; deals created before it show the stage that they were in."""
    random = np.random.default_rng(9)
    history, records = [], []
    for n in range(500):
        created = float(random.uniform(100, 600))
        steps = [("Lead", created)]
        for stage in ("Demo", "Won" if n % 3 else "Lost"):
            steps.append((stage, steps[-1][1] + float(random.exponential(40)) + 0.1))
        seen = [(stage, day) for stage, day in steps if 300 <= day <= 700]
        standing = [stage for stage, day in steps if day < 300]
        if standing and standing[-1] not in ("Won", "Lost"):
            seen.insert(0, (standing[-1], 300.0))
        if not seen:
            continue
        history += [(f"d{n:03}", stage, said(day)) for stage, day in seen]
        last = seen[-1][0]
        records.append(
            (f"d{n:03}", last, str(last in ("Won", "Lost")).lower(), str(last == "Won").lower(), said(created))
        )
    _write(tmp_path / "OpportunityHistory.csv", ["OpportunityId", "StageName", "CreatedDate"], history)
    _write(tmp_path / "Opportunity.csv", ["Id", "StageName", "IsClosed", "IsWon", "CreatedDate"], records)
    return tmp_path


def _write(path, headers, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headers, *rows])


def test_an_export_cut_at_a_date_counts_what_it_found_under_way(kept_from_day_300):
    options = Options(as_of=FIRST + timedelta(days=700), treat={"left-truncated": "keep"})
    log = read_log(kept_from_day_300, options)
    lead, demo = stage_times(discover(log))
    with (kept_from_day_300 / "OpportunityHistory.csv").open(encoding="utf-8") as file:
        at_the_cut = [row["StageName"] for row in csv.DictReader(file) if row["CreatedDate"] == said(300)]
    # A day's slack: who was created the day before the cut came as good as in time.
    assert 0 < at_the_cut.count("Lead") - lead.late <= 3
    assert lead.begin_unknown == 0
    assert (demo.late, demo.begin_unknown) == (0, at_the_cut.count("Demo"))
    whole = 40 * (1 - np.exp(-lead.tau_days / 40))
    assert lead.mean_days.low <= whole <= lead.mean_days.high
    assert demo.mean_days.low <= 40 * (1 - np.exp(-demo.tau_days / 40)) <= demo.mean_days.high


def test_flow_and_groups_count_what_was_found_under_way_from_when_it_was_seen(kept_from_day_300):
    options = Options(as_of=FIRST + timedelta(days=700), treat={"left-truncated": "keep"})
    discovery = discover(read_log(kept_from_day_300, options))
    lead, demo = stage_times(discovery)
    log = discovery.log
    model = flow_model(log, MOST_DAYS)
    gone = float(model.observed.exits[0, :, :91].sum())
    assert gone == pytest.approx(sum(one.probability.estimate for one in stage_times(discovery, 90)[0].exits), abs=0.01)
    # Who was seen from the beginning is at risk from the first day on, the others later.
    assert model.followed[0, 0] == lead.visits - lead.late
    (groups, *_) = group_times(log, "amount").stages
    assert (groups.groups[0].stays, groups.groups[0].mean_days) == (lead.visits, lead.mean_days)
    assert model.stays == lead.visits + demo.visits - demo.begin_unknown
    log.relations.run("DELETE FROM late_stays")
    without = flow_model(log, MOST_DAYS)
    assert without.stays == model.stays - lead.late
    assert without.followed[0, 0] == model.followed[0, 0]
    assert without.followed[0, 60] < model.followed[0, 60]


def test_where_deals_are_generally_created_long_before_they_begin_creation_says_nothing(tmp_path):
    history, records = [], []
    for n in range(60):
        history += [(f"d{n:02}", "Lead", said(n)), (f"d{n:02}", "Won", said(n + 5))]
        records.append((f"d{n:02}", "Won", "true", "true", said(n - 40)))
    _write(tmp_path / "OpportunityHistory.csv", ["OpportunityId", "StageName", "CreatedDate"], history)
    _write(tmp_path / "Opportunity.csv", ["Id", "StageName", "IsClosed", "IsWon", "CreatedDate"], records)
    (lead,) = stage_times(discover(read_log(tmp_path)))
    assert (lead.late, lead.begin_unknown, lead.median_days) == (0, 0, 5.0)
