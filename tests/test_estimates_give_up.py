"""The age at which a deal is no longer worth its days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from processminer.estimates.flow.give_up import FOLLOWED, GONE, give_ups
from tests.dead_worlds import DAYS, Dead
from tests.flow_worlds import FIRST, MIXED, begins, log_of_played, log_of_stops, play


def test_the_planted_age_is_found_where_a_cost_is_told() -> None:
    world = Dead()
    found = {one.stage: one for one in give_ups(world.log(3), world.a_day)}
    one = found["Stage 2"]
    assert one.basis == "cost"
    assert one.wins_a_day == pytest.approx(world.a_day / world.worth)
    assert abs(one.days.estimate - world.best_days) <= 20
    assert one.days.low <= world.best_days <= one.days.high


def test_without_a_cost_new_deals_are_what_a_day_is_held_against_and_most_of_the_chance_is_gone() -> None:
    world = Dead()
    played = world.play(1200, 4)
    (one,) = give_ups(world.log(4))
    assert (one.stage, one.basis) == ("Stage 2", "new deals")
    assert one.left.value <= GONE
    assert one.left.chance_above(0.5) < 1e-6
    assert one.chance.low <= one.chance.estimate <= one.chance.high < one.fresh
    assert one.stays >= FOLLOWED
    entered = {
        int(deal): day for deal, day, code in zip(played.deal, played.day, played.code, strict=True) if code == 1
    }
    left = {
        int(deal): day
        for deal, day, code in zip(played.deal, played.day, played.code, strict=True)
        if code > 1 and day <= DAYS
    }
    won = set(played.deal[(played.code == 3) & (played.day <= DAYS)].tolist())
    later = [deal for deal in won if left[deal] - entered[deal] > one.days.estimate]
    # The last event of a won deal is the win itself: deals that went on in time are among `left` only by that.
    stayed = {
        int(deal)
        for deal, day, code in zip(played.deal, played.day, played.code, strict=True)
        if code == 2 and int(deal) in won and day - entered[int(deal)] > one.days.estimate
    }
    assert one.won_later == len(stayed) <= len(later)
    assert set(one.examples) <= {f"d{deal:06}" for deal in stayed}
    assert one.value_later == pytest.approx(world.worth * len(stayed))


def test_a_higher_cost_gives_up_sooner() -> None:
    world = Dead()
    ages = [
        next(one.days.estimate for one in give_ups(world.log(5), cost) if one.stage == "Stage 2")
        for cost in (20.0, 30.0, 40.0)
    ]
    assert ages == sorted(ages, reverse=True)
    assert ages[0] > ages[-1]


@pytest.mark.parametrize("seed", range(3))
def test_where_the_dead_are_closed_at_once_nothing_is_given_up(seed: int) -> None:
    quick = replace(Dead(), lingers=10.0)
    assert give_ups(quick.log(seed)) == ()
    alive = replace(Dead(), dead=0.0)
    assert give_ups(alive.log(seed)) == ()


@pytest.mark.parametrize("seed", range(3))
def test_where_losing_goes_as_fast_as_going_on_nothing_is_given_up(seed: int) -> None:
    log = log_of_played(play(MIXED, begins(1500, 900.0, seed), seed), MIXED, 900.0)
    assert [one.stage for one in give_ups(log) if one.still_there >= 0.08] == []


def test_a_log_without_a_stay_or_with_few_deals_gives_nothing_up() -> None:
    assert give_ups(log_of_stops([[("Lead", 0.0)]], ("Lead",), FIRST, 0.0)) == ()
    few = [[("Lead", float(day)), ("Won", day + 5.0)] for day in range(10)]
    assert give_ups(log_of_stops(few, ("Lead",), FIRST, 60.0)) == ()


def test_the_planted_optimum_is_one() -> None:
    world = Dead()
    best = world.best_days
    brought = world.brought(np.array([best - 40, best, best + 40, 1e9]))
    assert brought[1] == brought.max() > 0 > brought[3]
