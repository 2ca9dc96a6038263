# pyright: basic
"""Combinations that promise more than their parts, and worlds in which the parts tell all."""

from __future__ import annotations

import random

import numpy as np
import pytest

from processminer.discovery.discover import discover
from processminer.estimates.triage.triage import triage
from processminer.statistics.combinations import excesses
from tests.audits import audit
from tests.worlds import Stop, log_of

TEXT = """\
name: Two traits
stages: [{name: Lead}, {name: Proposal, time_limit: 60 days}]
outcomes: {won: [Won], lost: [Lost]}
"""

SEGMENTS, SOURCES = ("Enterprise", "Mid-market", "SMB"), ("Event", "Partner", "Web")
PLANTED = ("SMB", "Partner")
AS_OF = 760


def world(seed: int, extra: float, deals: int = 1500) -> tuple[dict[str, list[Stop]], dict[str, dict[str, str]]]:
    """Owners, segments and sources shift the chance to be won and add up; SMB from partners has `extra` of its own."""
    chance = random.Random(seed)
    paths: dict[str, list[Stop]] = {}
    said: dict[str, dict[str, str]] = {}
    for number in range(deals):
        deal, segment, source = f"d{number:04}", chance.choice(SEGMENTS), chance.choice(SOURCES)
        owner = chance.randrange(12)
        wins = 0.2 + 0.1 * SEGMENTS.index(segment) + 0.05 * SOURCES.index(source) + 0.015 * owner
        wins += extra * ((segment, source) == PLANTED)
        day = chance.uniform(0, 700)
        path: list[Stop] = [("Lead", day), ("Proposal", day + chance.expovariate(1 / 8))]
        path.append(("Won" if chance.random() < wins else "Lost", path[1][1] + chance.expovariate(1 / 20)))
        paths[deal] = [stop for stop in path if stop[1] < AS_OF]
        said[deal] = {"Segment__c": segment, "LeadSource": source, "OwnerId": f"o{owner:02}"}
    return paths, said


def test_an_excess_is_the_slope_of_its_cell_in_a_plain_regression() -> None:
    random_ = np.random.default_rng(3)
    one, other, group = (random_.integers(0, many, 400) for many in (3, 4, 7))
    outcome = random_.normal(size=400) + one - 0.3 * other + 0.2 * group + 0.8 * ((one == 1) & (other == 2))
    told = excesses(outcome, one, other, group, 10)
    assert [(cell.one, cell.other) for cell in told] == [(a, b) for a in range(3) for b in range(4)]
    dummies = [column == level for column in (one, other, group) for level in range(column.max() + 1)]
    for cell in told:
        here = (one == cell.one) & (other == cell.other)
        slopes = np.linalg.lstsq(np.column_stack([here, *dummies]).astype(float), outcome, rcond=1e-10)[0]
        assert cell.beyond.value == pytest.approx(slopes[0], abs=1e-9)
        assert (cell.units, cell.mean) == (here.sum(), pytest.approx(outcome[here].mean()))


def test_a_combination_that_is_a_whole_level_has_nothing_of_its_own() -> None:
    random_ = np.random.default_rng(4)
    one = np.repeat([0, 0, 1, 2], 50)
    other = np.repeat([0, 1, 0, 2], 50)
    told = excesses(random_.normal(size=200), one, other, np.zeros(200, dtype=np.int64), 10)
    assert (2, 2) not in {(cell.one, cell.other) for cell in told}


def test_limits_of_an_excess_hold_it_and_small_cells_without_a_win_are_not_called() -> None:
    random_ = np.random.default_rng(5)
    called = 0
    for _ in range(300):
        one, other = random_.choice(3, 300, p=[0.6, 0.3, 0.1]), random_.choice(3, 300, p=[0.6, 0.3, 0.1])
        group = random_.integers(0, 12, 300)
        outcome = (random_.random(300) < 0.08 + 0.08 * one + 0.04 * other + 0.01 * group).astype(float)
        told = excesses(outcome, one, other, group, 10)
        called += min(cell.beyond.p_value for cell in told) * len(told) < 0.05
    assert called / 300 < 0.09


@pytest.mark.parametrize("seed", [1, 2])
def test_a_planted_combination_is_found_and_the_newest_deals_tell_how_much(seed: int) -> None:
    paths, said = world(seed, 0.35)
    told = audit(TEXT, paths, attributes=said, as_of_day=AS_OF)
    (found,) = [one for one in told.findings if one.rule == "triage-pays"]
    assert (found.subject, found.grade) == ("Segment__c SMB with LeadSource Partner", "C")
    numbers = found.evidence.numbers
    assert numbers["excess_low"] < 0.35 < numbers["excess_high"]
    (pair,) = told.estimates.triage
    first = pair.combinations[0]
    assert (first.value, first.other_value) == PLANTED
    here = [deal for deal, one in said.items() if (one["Segment__c"], one["LeadSource"]) == PLANTED]
    assert 0.85 * len(here) <= first.deals + first.newest_deals <= len(here)
    assert not {"split-by-segment"} & {one.kind for one in told.revisions}


def test_where_the_parts_add_up_no_combination_is_called() -> None:
    called = 0
    for seed in range(6):
        paths, said = world(100 + seed, 0.0, 500)
        log = log_of(paths, attributes=said, as_of_day=AS_OF, order=["Lead", "Proposal"])
        discover(log)
        (pair,) = triage(log)
        called += pair.p_value < 0.05
    assert called <= 1


def test_open_deals_count_and_one_attribute_alone_is_no_combination() -> None:
    paths, said = world(7, 0.0, 300)
    alone = {deal: {"Segment__c": one["Segment__c"]} for deal, one in said.items()}
    log = log_of(paths, attributes=alone, as_of_day=AS_OF, order=["Lead", "Proposal"])
    discover(log)
    assert triage(log) == ()
    never = {deal: [stop for stop in path if stop[0] != "Lost"] for deal, path in paths.items()}
    log = log_of(never, attributes=said, as_of_day=AS_OF, order=["Lead", "Proposal"])
    discover(log)
    (pair,) = triage(log)
    told = {(one.value, one.other_value): one.won for one in pair.combinations}
    assert max(told.values()) < 0.9
