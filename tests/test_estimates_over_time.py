"""The process over time: every figure against a dull second count, and planted changes found again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.estimates.over_time.changes import series_changes
from processminer.estimates.over_time.cohorts import cohort_series
from processminer.estimates.over_time.process_time import process_time
from processminer.estimates.over_time.repeatability import repeatability
from processminer.estimates.over_time.velocity import velocity
from tests.worlds import FIRST_DAY, log_of

STAGES = ("A", "B")
LAST_DAY = 100

Stops = list[tuple[str, float]]


@st.composite
def paths(draw: st.DrawFn) -> Stops:
    names = draw(st.sampled_from([["A"], ["B"], ["A", "B"], ["A", "B", "A"]]))
    if draw(st.booleans()):
        names = [*names, draw(st.sampled_from(["Won", "Lost"]))]
    days = sorted(draw(st.lists(st.integers(0, LAST_DAY), min_size=len(names), max_size=len(names), unique=True)))
    return [(name, float(day)) for name, day in zip(names, days, strict=True)]


WON: Stops = [("A", 0.0), ("Won", 1.0)]
logs = st.lists(paths(), max_size=14).map(lambda many: {f"d{n:02}": path for n, path in enumerate([WON, *many])})


def read(deals, as_of_day=LAST_DAY, **said):
    log = log_of(deals, as_of_day=as_of_day, order=STAGES, **said)
    return log, discover(log)


def ended(path: Stops) -> tuple[str | None, int]:
    """How a deal ended, and its age in days begun then, or when it was looked at."""
    closed = path[-1][0] in ("Won", "Lost")
    return (path[-1][0] if closed else None), int((path[-1][1] if closed else LAST_DAY) - path[0][1]) + 1


def shares(lives, age: float) -> tuple[float, float, float]:
    """Won, lost and open by an age, one day after the other."""
    won = lost = 0.0
    left = 1.0
    for day in range(int(age) + 1):
        there = sum(one >= day for _, one in lives)
        gone = {how: sum(how == end and one == day for end, one in lives) for how in ("Won", "Lost")}
        if there:
            won, lost = won + left * gone["Won"] / there, lost + left * gone["Lost"] / there
            left *= 1 - (gone["Won"] + gone["Lost"]) / there
    return won, lost, left


@settings(max_examples=12, deadline=None)
@given(logs)
def test_the_life_of_deals_equals_a_dull_count(deals):
    _, discovery = read(deals)
    lives = [ended(path) for path in deals.values()]
    found = process_time(discovery)
    assert (found.deals, found.open, found.late) == (len(deals), sum(end is None for end, _ in lives), 0)
    for one in found.curve:
        assert (one.won, one.lost, one.open) == pytest.approx(shares(lives, one.age_days), abs=1e-9)
    won, lost, _ = shares(lives, found.tau_days)
    assert (found.won.share.estimate, found.lost.share.estimate) == pytest.approx((won, lost), abs=1e-9)
    for ending, at in ((found.won, 0), (found.lost, 1)):
        by = [age for age in range(int(found.tau_days) + 1) if shares(lives, age)[at] >= 0.5 - 1e-9]
        assert ending.half_days == (by[0] if by else None)
        assert (ending.typical_days is None) == (ending.share.estimate == 0)


def test_half_of_all_deals_may_never_be_won():
    deals: dict[str, Stops] = {f"d{n:02}": [("A", 0.0), ("Won" if n % 3 == 0 else "Lost", 10.0 + n)] for n in range(60)}
    found = process_time(read(deals, 90)[1])
    assert found.won.half_days is None
    assert found.won.first_quarter_days is not None
    assert found.lost.half_days is not None
    assert found.either.at == pytest.approx(40.0, abs=1.5)


def month(day: float) -> date:
    return (FIRST_DAY + timedelta(days=day)).date().replace(day=1)


@settings(max_examples=10, deadline=None)
@given(logs, st.sampled_from([10.0, 30.0]))
def test_every_cohort_equals_a_dull_count(deals, within):
    log, _ = read(deals)
    series = cohort_series(log, within_days=within)
    won = series[0]
    assert (won.measure, won.stage, won.within_days) == ("won", None, within)
    assert [one.begins for one in won.cohorts] == sorted({month(path[0][1]) for path in deals.values()})
    for one in won.cohorts:
        those = [ended(path) for path in deals.values() if month(path[0][1]) == one.begins]
        assert one.n == len(those)
        assert one.happened == sum(end == "Won" and age <= within for end, age in those)
        following = date(2026, one.begins.month + 1, 1)
        assert one.mature == (following + timedelta(days=within) <= FIRST_DAY.date() + timedelta(days=LAST_DAY))
        if one.mature:
            assert one.estimate.estimate == pytest.approx(one.happened / one.n)
        elif one.estimate is not None:
            assert one.estimate.estimate == pytest.approx(shares(those, within)[0], abs=1e-9)
    for one in series[1:]:
        came = [
            (month(day), then, int((LAST_DAY if then is None else then[1]) - day) + 1)
            for path in deals.values()
            for (name, day), then in zip(path, [*path[1:], None], strict=True)
            if name == one.stage
        ]
        assert sum(cohort.n for cohort in one.cohorts) == len(came)
        if one.measure == "went on":
            onward = {"A": ("B", "Won"), "B": ("Won",)}[one.stage]
            for cohort in one.cohorts:
                assert cohort.happened == sum(
                    begun == cohort.begins and then is not None and then[0] in onward and lasted <= one.within_days
                    for begun, then, lasted in came
                )


def planted(change: float, *, deals: int = 1400, seed: int = 3) -> dict[str, Stops]:
    """Two years of deals: a quarter of them won within a month, and so many more of those begun in the second year."""
    random = np.random.default_rng(seed)
    found: dict[str, Stops] = {}
    for n in range(deals):
        begun = float(random.uniform(0, 700))
        won = random.random() < 0.25 + change * (begun > 365)
        took = [float(random.uniform(1, 14)) for _ in range(2)]
        found[f"d{n:04}"] = [("A", begun), ("B", begun + took[0]), ("Won" if won else "Lost", begun + sum(took))]
    return found


def test_a_planted_change_is_found_where_it_was_planted_and_nowhere_else():
    log, _ = read(planted(0.15), 735)
    changes = {(one.measure, one.stage): one for one in series_changes(cohort_series(log, within_days=30))}
    won = changes["won", None]
    assert abs((won.since - date(2027, 1, 1)).days) <= 62
    assert won.after - won.before == pytest.approx(0.15, abs=0.06)
    assert won.q <= 0.01
    assert changes["went on", "B"].q <= 0.01
    for measure, stage in (("went on", "A"), ("days in stage", "A"), ("days in stage", "B")):
        assert changes[measure, stage].q > 0.05


def test_the_youngest_months_are_marked_and_never_taken_for_a_fall():
    log, _ = read(planted(0.0), 720)
    series = cohort_series(log, within_days=60)[0]
    assert [one.mature for one in series.cohorts] == sorted((one.mature for one in series.cohorts), reverse=True)
    assert not series.cohorts[-1].mature
    assert series.cohorts[-1].estimate is None
    (change,) = series_changes([series])
    assert change.periods == len(series.told) < len(series.cohorts)
    assert change.q > 0.05


def test_quarters_hold_three_months():
    log, _ = read(planted(0.0, deals=300), 735)
    months, quarters = (cohort_series(log, every, 30)[0] for every in ("month", "quarter"))
    assert {one.begins.month for one in quarters.cohorts} <= {1, 4, 7, 10}
    assert sum(one.n for one in quarters.cohorts) == sum(one.n for one in months.cohorts) == 300


def test_owners_who_differ_and_paths_that_change_make_a_process_less_repeatable():
    random = np.random.default_rng(7)
    deals, owners = planted(0.0, deals=600), {}
    for n, (deal, stops) in enumerate(deals.items()):
        owner = n % 8
        wins = random.random() < 0.1 + 0.07 * owner
        middle = ("B",) if stops[0][1] < 365 or random.random() < 0.5 else ()
        deals[deal] = [
            stops[0], *(stop for stop in stops[1:-1] if stop[0] in middle), ("Won" if wins else "Lost", stops[-1][1])
        ]  # fmt: skip
        owners[deal] = {"OwnerId": f"o{owner}"}
    log, _ = read(deals, 735, attributes=owners)
    found = repeatability(log, cohort_series(log, within_days=30), 30)
    assert found.looked_at == 5
    assert found.owners.owners == 8
    assert found.owners.deals == 600
    assert found.owners.deviation == pytest.approx(0.16, abs=0.06)
    assert found.owners.p < 0.001
    assert found.owners.likely[0][0] in ("o6", "o7")
    assert all(one[2].low <= one[2].estimate <= one[2].high for one in found.owners.likely)
    assert found.paths.then.estimate == 1.0
    newer = sorted(deals.values(), key=lambda path: path[0][1])[300:]
    assert found.paths.now.estimate == pytest.approx(sum("B" in dict(path) for path in newer) / 300)
    assert found.paths.change.high < -0.3
    assert found.paths.deals == 600

    alike = {deal: {"OwnerId": f"o{n % 8}"} for n, deal in enumerate(deals)}
    log, _ = read(planted(0.0, deals=600), 735, attributes=alike)
    assert repeatability(log, cohort_series(log, within_days=30), 30).owners.p > 0.01


def test_velocity_takes_its_four_figures_from_the_same_deals():
    deals = planted(0.0, deals=200)
    amounts = {
        deal: {"Amount": str(100 + n), "CurrencyIsoCode": "EUR" if n % 10 else "USD"} for n, deal in enumerate(deals)
    }
    log, _ = read(deals, 735, attributes=amounts)
    found = velocity(log, 20)
    until = FIRST_DAY + timedelta(days=715)
    since = until - timedelta(days=365)
    cohort = [
        (float(amounts[deal]["Amount"]), path[-1][0] == "Won", path[-1][1] - path[0][1])
        for deal, path in deals.items()
        if amounts[deal]["CurrencyIsoCode"] == "EUR"
        and since <= FIRST_DAY + timedelta(days=path[0][1]) < datetime(until.year, until.month, until.day)
    ]
    won = [(amount, days) for amount, wins, days in cohort if wins and days <= 20]
    assert (found.currency, found.deals, found.won) == ("EUR", len(cohort), len(won))
    assert found.win_share.estimate == pytest.approx(len(won) / len(cohort))
    assert found.mean_amount == pytest.approx(np.mean([amount for amount, _ in won]))
    assert found.lead_days == pytest.approx(np.mean([days for _, days in won]), abs=1e-3)
    assert found.per_day == pytest.approx(sum(amount for amount, _ in won) / found.lead_days)
    assert found.begun_per_day == pytest.approx(sum(amount for amount, _ in won) / 365)
    assert velocity(read({"a": WON, "b": [("A", 90.0)]}, 100)[0], 5) is None
