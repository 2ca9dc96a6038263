"""Stages as queues: dull second counts, and worlds in which deals wait for their owner, or for their customer."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.engines.relations import read_sql
from processminer.estimates.queue.balance import stage_balances
from processminer.estimates.queue.bursts import bursts
from processminer.estimates.queue.contention import contention
from processminer.estimates.queue.weeks import queue_growth, stage_weeks
from tests.simulations_time import DAYS, owned_stays, queueing
from tests.worlds import FIRST_DAY, log_of

STAGES = ("A", "B", "C")
LAST_DAY = 40

Stops = list[tuple[str, float]]


@st.composite
def paths(draw: st.DrawFn) -> Stops:
    """A path over three stages on whole days, closed or not."""
    names = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=4))
    names = [name for before, name in zip(["", *names], names, strict=False) if name != before]
    if draw(st.booleans()):
        names.append(draw(st.sampled_from(["Won", "Lost"])))
    days = sorted(draw(st.lists(st.integers(0, LAST_DAY), min_size=len(names), max_size=len(names), unique=True)))
    return [(name, float(day)) for name, day in zip(names, days, strict=True)]


WON: Stops = [("A", 0.0), ("Won", 1.0)]
logs = st.lists(paths(), max_size=10).map(lambda many: {f"d{n}": path for n, path in enumerate([WON, *many])})


def read(deals, as_of_day=LAST_DAY, **said):
    log = log_of(deals, as_of_day=as_of_day, order=STAGES, **said)
    return log, discover(log)


def monday(day: float) -> date:
    when = (FIRST_DAY + timedelta(days=day)).date()
    return when - timedelta(days=when.weekday())


@settings(max_examples=10, deadline=None)
@given(logs)
def test_every_week_of_every_stage_equals_a_dull_count(deals):
    log, _ = read(deals)
    stays = [
        (name, day, then)
        for path in deals.values()
        for (name, day), then in zip(path, [*path[1:], None], strict=True)
        if name in STAGES
    ]
    weeks = stage_weeks(log)
    assert {one.stage for one in weeks} == {name for name, _, _ in stays}
    for one in weeks:
        here = [(day, then) for name, day, then in stays if name == one.stage]
        gone = [then for _, then in here if then is not None]
        assert one.arrivals == sum(monday(day) == one.week for day, _ in here)
        assert one.losses == sum(monday(day) == one.week and name == "Lost" for name, day in gone)
        assert one.departures == sum(monday(day) == one.week and name != "Lost" for name, day in gone)
        assert one.wins == sum(monday(day) == one.week and name == "Won" for name, day in gone)
        ended = (one.week - FIRST_DAY.date()).days + 7
        there = [day for day, then in here if day < ended and (then is None or then[1] >= ended)]
        assert one.in_progress == len(there)
        assert one.complete == (ended <= LAST_DAY)
    assert [one.week for one in weeks if one.stage == weeks[0].stage][-1] == monday(LAST_DAY)


@settings(max_examples=8, deadline=None)
@given(logs)
def test_the_average_queue_is_the_days_stayed_over_the_days_looked_at(deals):
    _, discovery = read(deals)
    for one in stage_balances(discovery):
        since = LAST_DAY - one.days
        stays = [
            (day, LAST_DAY if then is None else then[1])
            for path in deals.values()
            for (name, day), then in zip(path, [*path[1:], None], strict=True)
            if name == one.stage
        ]

        def within(begun: float, ended: float, since: float = since) -> float:
            return max(0.0, ended - max(begun, since))

        young = sum(within(begun, min(ended, begun + one.up_to_days)) for begun, ended in stays)
        assert one.in_progress * one.days == pytest.approx(young)
        old = sum(within(begun + one.up_to_days, ended) for begun, ended in stays)
        assert one.stalled * one.days == pytest.approx(old)
        assert one.arrivals_per_day * one.days == pytest.approx(sum(begun >= since for begun, _ in stays))
        assert one.expected.estimate == pytest.approx(one.arrivals_per_day * one.mean_days.estimate)


def test_deals_that_lie_for_ever_are_told_apart_and_do_not_upset_the_balance():
    flowing: dict[str, Stops] = {f"s{n:03}": [("A", n * 1.0), ("Won", n + 4.0 + n % 5)] for n in range(400)}
    lying: dict[str, Stops] = {f"z{n:02}": [("A", n * 10.0)] for n in range(40)}
    _, discovery = read(flowing | lying, 405)
    (found,) = stage_balances(discovery)
    assert found.in_balance
    assert found.stalled == pytest.approx(22.5, abs=1)
    assert found.in_progress == pytest.approx(found.expected.estimate, rel=0.1)
    # Who counts them all calls a steady stage out of balance.
    assert (found.in_progress + found.stalled) / found.expected.estimate > 1.5


def test_a_queue_to_which_more_come_than_leave_grows_and_is_out_of_balance():
    steady: dict[str, Stops] = {f"s{n:03}": [("A", n * 1.0), ("B", n + 6.0), ("Won", n + 16.0)] for n in range(200)}
    _, discovery = read(steady, 201)
    growth = {one.stage: one for one in queue_growth(stage_weeks(discovery.log))}
    assert not any(one.grows for one in growth.values())
    assert all(one.weeks == 8 for one in growth.values())
    balances = stage_balances(discovery)
    assert all(one.in_balance for one in balances)
    assert [round(one.expected.estimate) for one in balances] == [6, 10]

    rush: dict[str, Stops] = {f"r{n:03}": [("A", 146 + n / 4)] for n in range(220)}
    _, discovery = read(steady | rush, 201)
    growth = {one.stage: one for one in queue_growth(stage_weeks(discovery.log))}
    assert growth["A"].grows
    assert growth["A"].ratio.low > 2
    assert not growth["B"].grows
    slower, _ = stage_balances(discovery)
    assert not slower.in_balance


def test_moves_made_in_one_go_are_told_from_moves_made_one_by_one():
    one_by_one: dict[str, Stops] = {
        f"d{n:02}": [("A", n * 0.9), ("B", n * 0.9 + 5), ("Won", n * 0.9 + 9)] for n in range(30)
    }
    owner = {deal: {"OwnerId": "Ann"} for deal in one_by_one}
    log, _ = read(one_by_one, 60, attributes=owner)
    found = bursts(log)
    assert found.changes == 90
    assert found.of_somebody == 90
    assert found.in_bursts.estimate == 0
    at_once = {deal: [stops[0], *((name, 40 + at / 1440 / 6) for name, _ in stops[1:2])] for at, (deal, stops) in
               enumerate(one_by_one.items())}  # fmt: skip
    log, _ = read(at_once | {"w": WON}, 60, attributes=owner)
    found = bursts(log)
    assert found.of_somebody == 60
    assert found.in_bursts.estimate == pytest.approx(0.5)
    assert found.weekday == (FIRST_DAY + timedelta(days=40)).isoweekday()
    assert found.on_weekday.estimate > 0.5


def test_without_names_or_hours_nothing_is_said_of_bursts():
    log, _ = read({"a": [("A", 0.0), ("Won", 3.0)]}, 10)
    assert bursts(log).in_bursts is None
    assert contention(log) is None


def test_the_load_at_entry_is_what_the_owner_had_besides():
    entered, left, owners = queueing(np.random.default_rng(2))
    log = owned_stays(entered, left, owners)
    rows = log.relations.rows(
        read_sql("processminer.estimates.queue", "loads.sql"), {"as_of": log.as_of.replace(tzinfo=None)}
    )
    dull: dict[tuple[int, int], list[float]] = {}
    names = sorted({f"o{owner}" for owner in owners})
    for came, gone, owner in zip(entered, left, owners, strict=True):
        load = sum(
            other == owner and begun <= came < ended for begun, ended, other in zip(entered, left, owners, strict=True)
        )
        cell = dull.setdefault((names.index(f"o{owner}"), round(8 * np.log(load))), [0.0, 0])
        cell[0] += min(gone, DAYS) - came
        cell[1] += gone <= DAYS
    found: dict[tuple[int, int], list[float]] = {}
    for _, _, owner, load, days, exits in rows:
        cell = found.setdefault((owner, load), [0.0, 0])
        cell[0] += days
        cell[1] += exits
    assert found.keys() == dull.keys()
    for key, (days, exits) in dull.items():
        assert found[key][1] == exits
        assert found[key][0] == pytest.approx(days, abs=1e-3)
