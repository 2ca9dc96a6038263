"""The stage that gains most is found where it was planted, with limits that hold, and not where deals stay longest."""

from __future__ import annotations

import itertools
from datetime import timedelta

import numpy as np
import pytest

from processminer.discovery.discover import discover
from processminer.engines.relations import read_sql
from processminer.estimates.flow.backtest import gate, recent_changes
from processminer.estimates.flow.forecast import forecast
from processminer.estimates.flow.gain import stage_gains
from processminer.estimates.flow.model import TICKS, FlowModel, flow_model
from processminer.estimates.flow.what_if import (
    given_up_after,
    more_begun,
    passed_more,
    stage_faster,
    stage_removed,
    what_if,
)
from processminer.log.eventlog import EventLog
from tests.flow_worlds import log_of_stops
from tests.worlds import FIRST_DAY, Stop, log_of

STAGES = ("Lead", "Scope", "Offer", "Contract")
ADVANCE = np.array([0.10, 0.06, 0.15, 0.02])
LOSE = np.array([0.01, 0.09, 0.02, 0.001])
"""A day. Scope is quick and deadly; Contract is slow and safe."""


def simulated(deals: int, seed: int, advance: np.ndarray = ADVANCE, *, log_days: int = 500) -> list[list[Stop]]:
    """Paths of deals that began on days of their own; what comes after the last day was not seen."""
    rng = np.random.default_rng(seed)
    paths: list[list[Stop]] = []
    for begin in rng.integers(0, log_days, deals):
        day, path = float(begin), list[Stop]()
        for stage, on, off in zip(STAGES, advance, LOSE, strict=True):
            path.append((stage, day))
            day += float(rng.geometric(on + off))
            if rng.random() < off / (on + off):
                path.append(("Lost", day))
                break
        else:
            path.append(("Won", day))
        paths.append([stop for stop in path if stop[1] <= log_days])
    return paths


def read(paths: list[list[Stop]], last_day: int = 500) -> EventLog:
    return log_of_stops(paths, STAGES, FIRST_DAY, last_day)


def model_of(log: EventLog, days: float = 180) -> FlowModel:
    model = flow_model(log, days)
    assert model is not None
    return model


def share_won(advance: np.ndarray, within: int, runs: int = 200_000) -> float:
    rng = np.random.default_rng(99)
    alive, days = np.ones(runs, dtype=bool), np.zeros(runs)
    for on, off in zip(advance, LOSE, strict=True):
        days += rng.geometric(on + off, runs)
        alive &= rng.random(runs) >= off / (on + off)
    return float((alive & (days <= within)).mean())


def faster_at(place: int) -> np.ndarray:
    quick = ADVANCE.copy()
    quick[place] = 1 - (1 - quick[place]) ** 1.5
    return quick


def test_the_longest_stage_is_not_the_one_that_gains_most() -> None:
    gains = stage_gains(model_of(read(simulated(1500, 1))), STAGES)
    truth = [share_won(faster_at(place), 180) - share_won(ADVANCE, 180) for place in range(4)]
    by_stage = {one.stage: one.gain for one in gains}
    for stage, true in zip(STAGES, truth, strict=True):
        assert by_stage[stage].low - 0.005 <= true <= by_stage[stage].high + 0.005
    assert gains[0].stage == "Scope"
    assert gains[0].rank_1 >= 0.95
    assert sum(one.rank_1 for one in gains) == pytest.approx(1)
    assert gains[0].base == pytest.approx(share_won(ADVANCE, 180), abs=0.04)
    assert gains[0].deals == 1500


def test_renamed_deals_and_shuffled_rows_give_the_same_gains() -> None:
    paths = simulated(200, 3)
    order = np.random.default_rng(0).permutation(len(paths))
    logs = [
        log_of({f"d{number:05}": path for number, path in enumerate(paths)}, as_of_day=500, order=STAGES),
        log_of({f"x{number:05}": paths[at] for number, at in enumerate(order)}, as_of_day=500, order=STAGES),
    ]
    for log in logs:
        discover(log)
    one, other, direct = (stage_gains(model_of(log), STAGES) for log in (*logs, read(paths)))
    assert one == other
    # The log that tests make without a file is the one that reading makes.
    assert one == direct


def test_resamples_hold_the_deals_that_were_drawn() -> None:
    model = model_of(read(simulated(150, 4)))
    kernels, starts = zip(*model.resamples(), strict=True)
    assert sum(len(one.exits) for one in kernels) == 200
    assert np.concatenate(starts).sum(axis=1) == pytest.approx(np.ones(200))
    assert model.observed.exits.shape == (4, 6, TICKS + 1)
    spread = np.concatenate([one.shares[:, 1, 2] for one in kernels])
    assert spread.mean() == pytest.approx(float(model.observed.shares[1, 2]), abs=0.02)
    assert 0.02 < spread.std() < 0.1


def test_a_log_without_a_length_has_no_model() -> None:
    log = log_of({"x": ["Won"]})
    discover(log)
    assert flow_model(log, 100) is None
    assert flow_model(read(simulated(20, 1)), 0) is None


def test_a_forecast_knows_nothing_of_what_came_later() -> None:
    paths = simulated(300, 5)
    whole = read(paths)
    until = FIRST_DAY + timedelta(days=350)
    earlier = read([[stop for stop in path if stop[1] <= 350] for path in paths if path[0][1] <= 350], 350)
    then, now = forecast(whole, 60, 300, until), forecast(earlier, 60, 300)
    assert then is not None
    assert now is not None
    assert then.wins == now.wins
    assert then.stages == now.stages
    assert then.open_deals == sum(
        path[-1][0] not in ("Won", "Lost") for path in ([s for s in p if s[1] <= 350] for p in paths) if path
    )


def test_chances_of_open_deals_are_those_of_the_world() -> None:
    log = read(simulated(2500, 6, log_days=700), 700)
    told = forecast(log, 60, 365)
    assert told is not None
    rng = np.random.default_rng(1)
    for place, stage in enumerate(told.stages):
        # Rates are constant here: age does not matter.
        alive, days = np.ones(50_000, dtype=bool), np.zeros(50_000)
        for on, off in zip(ADVANCE[place:], LOSE[place:], strict=True):
            days += rng.geometric(on + off, 50_000)
            alive &= rng.random(50_000) >= off / (on + off)
        truth = float((alive & (days <= 60)).mean())
        assert stage.wins / (stage.deals - stage.unknown) == pytest.approx(truth, abs=0.06)
        assert stage.amount is None


def test_what_changed_lately_shuts_the_gate() -> None:
    told = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        paths = simulated(1500, seed, log_days=700)
        # In the last 60 days half of those who left the second stage for the third were lost instead.
        changed = [
            [*path[:2], ("Lost", path[2][1])]
            if len(path) > 2 and path[2][0] == "Offer" and path[2][1] > 640 and rng.random() < 0.6
            else path
            for path in paths
        ]
        log = read(changed, 700)
        told.append(recent_changes(log))
    assert sum(any(one.stage == "Scope" for one in changes) for changes in told) >= 5
    # All stages together may tell of it too.
    assert all(one.stage in ("Scope", None) for changes in told for one in changes if one.q < 0.001)


def test_a_change_that_moves_little_is_told_and_shuts_nothing() -> None:
    rng = np.random.default_rng(5)
    paths: list[list[Stop]] = []
    for number in range(2800):
        begin = number / 4
        away = begin + float(rng.geometric(0.1))
        path: list[Stop] = [("Lead", begin), ("Scope", away)]
        away += float(rng.geometric(0.2))
        if number % 16 == 0:
            # One deal of sixteen passes Offer, where deals have lately been ten times as quick.
            path.append(("Offer", away))
            away += float(rng.geometric(0.03 if away < 640 else 0.3))
        path.append(("Won" if number % 3 else "Lost", away))
        paths.append([stop for stop in path if stop[1] <= 700])
    told = gate(read(paths, 700), 60, 300)
    assert "Offer" in [one.stage for one in told.changes]
    assert all(abs(one.shift) < 0.1 for one in told.changes)
    assert told.verdict == "open"


def test_a_young_log_cannot_tell() -> None:
    log = read(simulated(60, 2, log_days=80), 80)
    told = gate(log, 60, 300)
    assert told.verdict == "cannot tell"
    assert "it takes 4" in told.because


def test_days_and_exits_of_each_age_are_those_of_the_dullest_count() -> None:
    paths = simulated(60, 8, log_days=200)
    log = read(paths, 200)
    since, bands = 150.0, [0, 7, 14, 28, 56, 112, 224, 100_000]
    cells: dict[tuple[str, int], list[float]] = {}
    for path in paths:
        for at, (stage, begin) in enumerate(path):
            if stage in ("Won", "Lost"):
                continue
            end, to = (path[at + 1][1], path[at + 1][0]) if at + 1 < len(path) else (200.0, None)
            for band, until in itertools.pairwise(bands):
                one, other = begin + band, min(begin + until, end)
                if one >= end:
                    continue
                cell = cells.setdefault((stage, band), [0.0] * 6)
                cell[0] += max(min(other, since) - one, 0)
                cell[1] += max(other - max(one, since), 0)
                if to is not None and other == end:
                    cell[2 + (end > since) + 2 * (to != "Lost")] += 1
    values = {"as_of": FIRST_DAY + timedelta(days=200), "since": FIRST_DAY + timedelta(days=150)}
    rows = log.relations.rows(read_sql("processminer.estimates.flow", "recent_exits.sql"), values)
    told = {(log.stages[row[0]].name, row[1]): list(map(float, row[2:])) for row in rows}
    assert told.keys() == cells.keys()
    for key, counted in cells.items():
        assert told[key] == pytest.approx(counted)


def test_a_change_has_two_ends_each_with_its_belief() -> None:
    model = model_of(read(simulated(2000, 9)))
    told = what_if(model, [stage_faster(model, STAGES, "Scope", 1.5)], begun_a_day=2.0)
    low, high = told.ends
    assert low.win_share.estimate == pytest.approx(0, abs=0.005)
    assert low.won_days.high < 0
    assert high.win_share.low > 0.01
    assert high.win_share.estimate == pytest.approx(share_won(faster_at(1), 180) - share_won(ADVANCE, 180), abs=0.03)
    assert told.base_share == pytest.approx(share_won(ADVANCE, 180), abs=0.03)
    assert [end.beliefs for end in told.ends] == [
        ("who is lost in Scope would be lost anyway, only sooner",),
        ("deals are lost in Scope because it takes long",),
    ]
    # Two begin a day: the wins of a month are those of sixty deals.
    assert high.wins.estimate == pytest.approx(60 * high.win_share.estimate)
    assert told.base_wins == pytest.approx(60 * told.base_share)


def test_without_a_stage_nobody_waits_there_and_who_was_lost_there_may_live() -> None:
    model = model_of(read(simulated(2000, 9)))
    told = what_if(model, [stage_removed(model, STAGES, "Scope")])
    low, high = told.ends
    spared = ADVANCE / (ADVANCE + LOSE)
    assert low.win_share.estimate == pytest.approx(0, abs=0.02)
    assert told.base_share + high.win_share.estimate == pytest.approx(told.base_share / spared[1], rel=0.1)
    assert low.won_days.estimate < -3


def test_giving_up_costs_the_wins_that_came_later() -> None:
    model = model_of(read(simulated(2000, 9)))
    (end,) = what_if(model, [given_up_after(model, "Contract", 30)]).ends
    # Of the deals in Contract those that would be won within the half year, and take longer than 30 days for it.
    late = share_won(ADVANCE, 180) - _won_with_contract_within(30)
    assert end.win_share.estimate == pytest.approx(-late, abs=0.03)
    assert end.win_share.high < 0


def _won_with_contract_within(limit: int, runs: int = 200_000) -> float:
    rng = np.random.default_rng(5)
    alive, days = np.ones(runs, dtype=bool), np.zeros(runs)
    for on, off in zip(ADVANCE, LOSE, strict=True):
        stay = rng.geometric(on + off, runs)
        days += stay
        alive &= rng.random(runs) >= off / (on + off)
    return float((alive & (days <= 180) & (stay <= limit)).mean())


def test_more_who_go_on_are_taken_from_those_who_are_lost() -> None:
    model = model_of(read(simulated(1500, 3)))
    (end,) = what_if(model, [passed_more(model, STAGES, "Lead", 1.05)]).ends
    base = what_if(model, [passed_more(model, STAGES, "Lead", 1.0)])
    assert base.ends[0].win_share.estimate == pytest.approx(0, abs=1e-9)
    assert end.win_share.estimate == pytest.approx(base.base_share * 0.05, rel=0.15)
    # No more can go on than are lost.
    (all_of_them,) = what_if(model, [passed_more(model, STAGES, "Lead", 9.0)]).ends
    assert base.base_share + all_of_them.win_share.estimate < 1


def test_changes_are_predicted_together_and_not_added_up() -> None:
    model = model_of(read(simulated(1500, 3)))
    scope, offer = (stage_faster(model, STAGES, stage, 2.0) for stage in ("Scope", "Offer"))
    both = what_if(model, [scope, offer])
    # The other order, and the same world: quicker in Scope, quicker in Offer.
    other = what_if(model, [offer, scope]).ends[1].win_share
    assert (other.low, other.high) == pytest.approx((both.ends[1].win_share.low, both.ends[1].win_share.high))
    quick = ADVANCE.copy()
    quick[[1, 2]] = 1 - (1 - quick[[1, 2]]) ** 2.0
    truth = share_won(quick, 180) - share_won(ADVANCE, 180)
    assert both.ends[1].win_share.low <= truth <= both.ends[1].win_share.high
    # A stage that is gone cannot go faster.
    gone = what_if(model, [stage_removed(model, STAGES, "Scope"), scope]).ends
    assert gone[0].win_share == what_if(model, [stage_removed(model, STAGES, "Scope")]).ends[0].win_share
    # A slower stage and a faster one: each end takes of both what does least, or most.
    slower = stage_faster(model, STAGES, "Scope", 0.5)
    low, high = what_if(model, [slower, offer]).ends
    assert low.win_share.estimate < high.win_share.estimate
    assert low.beliefs[0] == "deals are lost in Scope because it takes long"


def test_more_deals_bring_as_many_more_wins_and_no_larger_share() -> None:
    model = model_of(read(simulated(300, 3)))
    (end,) = what_if(model, [more_begun(1.2)], begun_a_day=1.0).ends
    assert end.win_share.estimate == 0
    assert end.won_days.estimate == 0
    base = what_if(model, [more_begun(1.0)], begun_a_day=1.0).base_wins
    assert end.wins.estimate == pytest.approx(0.2 * base)
    assert end.wins.low < end.wins.estimate < end.wins.high
