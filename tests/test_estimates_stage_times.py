"""Stage times against the dullest count, and against what usually goes wrong with them."""

from __future__ import annotations

import sys
import time as clock
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.engines.relations import Relations
from processminer.estimates.stage_times import stage_times
from processminer.estimates.win_rate import win_rate
from tests.worlds import log_of

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.figures import StageTime

STAGES = ("A", "B", "C")
LAST_DAY = 40

Stops = list[tuple[str, float]]


@st.composite
def paths(draw: st.DrawFn) -> Stops:
    """A path over three stages on whole days, closed or not, all before the last day."""
    names = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=5))
    names = [name for before, name in zip(["", *names], names, strict=False) if name != before]
    if draw(st.booleans()):
        names.append(draw(st.sampled_from(["Won", "Lost"])))
    days = sorted(draw(st.lists(st.integers(0, LAST_DAY), min_size=len(names), max_size=len(names), unique=True)))
    return [(name, float(day)) for name, day in zip(names, days, strict=True)]


WON_AT_ONCE: Stops = [("A", 0.0), ("Won", 1.0)]
"""A log without any won deal is refused."""

logs = st.lists(paths(), max_size=12).map(
    lambda many: {f"d{n:02}": path for n, path in enumerate([WON_AT_ONCE, *many])}
)


def times_of(deals: dict[str, Stops], as_of_day: float = LAST_DAY) -> dict[str, StageTime]:
    log = log_of(deals, as_of_day=as_of_day, order=STAGES)
    return {time.stage: time for time in stage_times(discover(log))}


def stays_of(deals: dict[str, Stops], stage: str) -> list[tuple[float, str | None]]:
    """Lengths of all stays in a stage and where each went, nowhere for those that last."""
    stays: list[tuple[float, str | None]] = []
    for path in deals.values():
        for (name, day), then in zip(path, [*path[1:], None], strict=True):
            if name == stage:
                stays.append((LAST_DAY - day, None) if then is None else (then[1] - day, then[0]))
    return stays


def still_there(stays: list[tuple[float, str | None]], day: float) -> float:
    share = 1.0
    for length in sorted({length for length, target in stays if target is not None and length <= day}):
        at_risk = sum(other >= length for other, _ in stays)
        share *= 1 - sum(other == length and target is not None for other, target in stays) / at_risk
    return share


@settings(max_examples=20, deadline=None)
@given(logs)
def test_every_stage_time_equals_a_dull_count(deals):
    found = times_of(deals)
    assert set(found) == {name for path in deals.values() for name, _ in path} & set(STAGES)
    everywhere = sum(length for stage in STAGES for length, _ in stays_of(deals, stage))
    lost = sum(path[-1][0] == "Lost" and len(path) > 1 for path in deals.values())
    for stage, time in found.items():
        stays = stays_of(deals, stage)
        assert time.grid == "day"
        assert time.visits == len(stays)
        assert time.deals == sum(any(name == stage for name, _ in path) for path in deals.values())
        assert time.open == sum(target is None for _, target in stays)
        for share, quantile in zip((0.1, 0.25, 0.5, 0.75, 0.9), time.quartiles, strict=True):
            reached = [
                length
                for length in sorted(length for length, _ in stays)
                if still_there(stays, length) <= 1 - share + 1e-9
            ]
            assert quantile == (reached[0] if reached else None)
        assert (time.median_days, time.p90_days) == (time.quartiles[2], time.quartiles[4])
        days = np.arange(0, time.tau_days)
        assert time.mean_days.estimate == pytest.approx(sum(still_there(stays, day) for day in days))
        share = sum(length for length, _ in stays) / everywhere if everywhere else 0
        assert time.share_of_deal_days == pytest.approx(share)
        lost_here = sum(target == "Lost" for _, target in stays)
        assert time.share_of_losses == pytest.approx(lost_here / lost if lost else 0)
        assert {way.target for way in time.exits} == {target for _, target in stays if target is not None}
        gone = sum(way.probability.estimate for way in time.exits)
        assert gone + still_there(stays, time.tau_days) == pytest.approx(1)


@settings(max_examples=8, deadline=None)
@given(logs, st.integers(1, 2000))
def test_shifting_all_times_and_the_moment_we_look_changes_no_length(deals, days):
    later = {deal: [(name, day + days) for name, day in path] for deal, path in deals.items()}
    assert times_of(later, LAST_DAY + days) == times_of(deals)


@settings(max_examples=8, deadline=None)
@given(logs)
def test_renaming_deals_changes_no_number(deals):
    renamed = {f"x{n:02}": path for n, path in enumerate(reversed(deals.values()))}
    assert times_of(renamed) == times_of(deals)


def test_open_deals_lengthen_the_mean_that_completed_stays_alone_would_shorten():
    random = np.random.default_rng(8)
    deals: dict[str, Stops] = {}
    for n in range(600):
        entered, length = random.uniform(0, 120), random.exponential(30)
        path = [("A", entered), ("Lost" if random.random() < 0.4 else "Won", entered + length)]
        deals[f"d{n}"] = path if path[1][1] < 120 else path[:1]
    completed = [path[1][1] - path[0][1] for path in deals.values() if len(path) == 2]
    (time,) = stage_times(discover(log_of(deals, as_of_day=120)))
    truth = 30 * (1 - np.exp(-time.tau_days / 30))
    assert time.open > 100
    assert np.mean(completed) < 0.8 * truth
    assert time.mean_days.low <= truth <= time.mean_days.high
    assert np.mean(completed) < time.mean_days.low


def test_one_deal_reopened_after_years_moves_no_median():
    deals: dict[str, Stops] = {
        f"d{n:05}": [("A", n % 300), ("B", n % 300 + 5 + n % 23), ("Won" if n % 3 else "Lost", n % 300 + 30 + n % 17)]
        for n in range(10_000)
    }
    before = times_of(deals, 1200)
    deals["d00000"] = [("A", 0.0), ("B", 5.0), ("Lost", 30.0), ("B", 30 + 28 * 30.5), ("Lost", 1000.0)]
    after = times_of(deals, 1200)
    for stage in ("A", "B"):
        assert after[stage].quartiles == before[stage].quartiles
        assert after[stage].mean_days.estimate == pytest.approx(before[stage].mean_days.estimate, rel=0.01)


def test_nothing_after_the_close_counts():
    deals: dict[str, Stops] = {f"d{n}": [("A", 0.0), ("Won", 3.0), ("Care", 4.0)] for n in range(5)}
    (time,) = stage_times(discover(log_of(deals, as_of_day=500)))
    assert (time.stage, time.median_days, time.open) == ("A", 3.0, 0)


def test_a_stage_clicked_through_is_visited_but_takes_no_time():
    click = 20 / 86400
    deals: dict[str, Stops] = {
        "a": [("A", 0.0), ("B", 3.3), ("C", 3.3 + click), ("Won", 9.0)],
        "b": [("A", 1.0), ("B", 3.0), ("C", 3.0 + click), ("Lost", 8.5)],
        "c": [("A", 1.0), ("B", 2.0), ("Lost", 6.0)],
    }
    time = times_of(deals)["B"]
    assert (time.visits, time.deals) == (3, 3)
    assert time.median_days == pytest.approx(4, abs=1 / 24)
    assert [way.target for way in time.exits] == ["Lost"]
    only_clicked = times_of({"a": deals["a"]})["B"]
    assert (only_clicked.visits, only_clicked.median_days, only_clicked.exits) == (1, 0.0, ())
    assert only_clicked.mean_days.estimate == 0.0


def test_dates_without_hours_make_no_stay_a_click():
    time = times_of({"a": [("A", 2.0), ("B", 2.0), ("Won", 9.0)], "b": [("A", 1.0), ("B", 4.0), ("Lost", 5.0)]})["A"]
    assert (time.grid, time.quartiles[0], time.p90_days) == ("day", 0.0, 3.0)


@pytest.mark.parametrize(
    ("length", "grid", "half_a_tick"),
    [(40.2, "day", 0.5), (3.3, "hour", 0.5 / 24), (0.3, "minute", 0.5 / 1440)],
    ids=["weeks", "days", "hours"],
)
def test_times_are_told_to_a_few_per_cent_whatever_the_pace(length, grid, half_a_tick):
    deals: dict[str, Stops] = {f"d{n}": [("A", n * 0.37), ("Won", n * 0.37 + length)] for n in range(30)}
    (time,) = stage_times(discover(log_of(deals, as_of_day=100)))
    assert time.grid == grid
    assert time.median_days == pytest.approx(length, abs=half_a_tick * 1.001)


def test_a_limit_shortens_what_is_averaged():
    log = log_of({f"d{n}": [("A", 0.0), ("Won", 1.0 + n)] for n in range(20)}, as_of_day=60)
    (time,) = stage_times(discover(log), most_days=5.0)
    assert time.tau_days == 5.0
    assert time.mean_days.high <= 5.0
    assert time.exits[0].probability.estimate == pytest.approx(5 / 20)


def test_the_win_rate_says_what_it_counts():
    deals: dict[str, list[str | tuple[str, float]]] = {
        "a": ["A", "Won"],
        "b": ["A", "Lost"],
        "c": ["A", "Lost"],
        "d": ["A"],
        "e": ["Won"],
    }
    found = win_rate(discover(log_of(deals, as_of_day=30)))
    assert (found.won, found.closed, found.rate.estimate) == (2, 4, 0.5)
    assert found.definition == (
        "Won deals as a share of the 4 deals won or lost by 2026-01-31, whenever they began; the 1 deal still open is"
        " left out; 1 deal without a path is counted as its record says."
    )
    # Of the four with a path, one was won; the open one was followed for longer than that took.
    assert found.within is not None
    assert found.within.estimate == pytest.approx(0.25)


def test_deals_still_open_are_no_reason_to_think_that_few_are_won():
    random = np.random.default_rng(4)
    deals: dict[str, Stops] = {}
    for n in range(3000):
        begun, won = random.uniform(0, 200), random.random() < 0.4
        end = begun + (random.exponential(60) if won else random.exponential(15))
        path = [("A", begun), ("Won" if won else "Lost", end)]
        deals[f"d{n}"] = path if end < 200 else path[:1]
    found = win_rate(discover(log_of(deals, as_of_day=200)))
    assert found.within is not None
    assert found.within_days is not None
    truth = 0.4 * (1 - np.exp(-found.within_days / 60))
    assert found.rate.high < truth
    assert found.within.low <= truth <= found.within.high


MANY_STAYS = """
CREATE TABLE stays AS
WITH told AS (
    SELECT i,
           (i // 4)::INTEGER AS deal,
           1767225600000000 + (i // 4) % 1000 * 86400000000 AS begun,
           (hash(i) % 8000000000000)::BIGINT AS took
    FROM range(1000000) AS numbers(i)
)
SELECT deal, (1 + i % 4)::INTEGER AS position, (i % 3)::SMALLINT AS stage,
       make_timestamp(begun) AS entered_at, make_timestamp(begun + 60000000 + took) AS left_at,
       (CASE WHEN i % 5 = 0 THEN 4 ELSE (i + 1) % 3 END)::SMALLINT AS next_stage,
       false AS after_close, false AS clicked, true AS timed
FROM told"""
"""Lengths are uniform between a minute and 92.6 days."""


def _many_stays(discovery: Discovery) -> Discovery:
    """Put a million stays in the place of a log's own."""
    relations = Relations()
    relations.run(MANY_STAYS)
    relations.run("CREATE TABLE paths AS SELECT DISTINCT deal, 0 AS close_step FROM stays")
    relations.run("CREATE TABLE deals AS SELECT deal, 'open' AS outcome FROM paths")
    relations.run("CREATE TABLE late_stays (deal INTEGER, began_at TIMESTAMP, seen_at TIMESTAMP)")
    kinds = [stage.kind for stage in discovery.log.stages]
    relations.put(
        "stage_names", {"code": list(range(len(kinds))), "class": kinds}, {"code": "SMALLINT", "class": "VARCHAR"}
    )
    return replace(discovery, log=replace(discovery.log, relations=relations))


@pytest.mark.slow
def test_a_million_stays_are_counted_not_walked(capsys):
    discovery = _many_stays(discover(log_of({"a": [*STAGES, "Won"], "b": ["A", "Lost"]}, as_of_day=2000)))
    started = clock.perf_counter()
    found = stage_times(discovery)
    took = clock.perf_counter() - started
    with capsys.disabled():
        sys.stdout.write(f"\na million stays to {len(found)} stage tables: {took:.2f} s\n")
    assert sum(time.visits for time in found) == 1_000_000
    assert all(time.median_days == pytest.approx(46.3, abs=0.7) for time in found)
