# pyright: basic
"""Segments that go different ways, and segments that only mix or pace deals differently."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from processminer.discovery.discover import discover
from processminer.estimates.by_segment.ways_apart import ways_apart
from processminer.statistics.homogeneity import homogeneity
from tests.audits import audit
from tests.worlds import log_of

if TYPE_CHECKING:
    from processminer.estimates.by_segment.ways_apart import WaysApart
    from tests.worlds import Stop

TEXT = """\
name: Two kinds
stages: [{name: Lead}, {name: Workshop}, {name: Proposal}]
outcomes: {won: [Won], lost: [Lost]}
"""


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(20, 200), st.integers(20, 200)), min_size=2, max_size=4))
def test_a_full_table_is_tested_as_the_library_does(rows: list[tuple[int, int]]) -> None:
    table = np.array(rows, dtype=np.float64)
    found = homogeneity([table])
    told = chi2_contingency(table, lambda_="log-likelihood", correction=False)
    assert found is not None
    assert found.statistic == pytest.approx(told.statistic, abs=1e-9)
    assert (found.freedom, found.p) == (told.dof, pytest.approx(told.pvalue, abs=1e-12))
    twice = homogeneity([table, table])
    assert twice is not None
    assert (twice.statistic, twice.freedom) == (pytest.approx(2 * found.statistic), 2 * found.freedom)


def test_rare_choices_are_counted_together_and_tiny_groups_left_out() -> None:
    table = np.array([[50.0, 50, 1, 2], [60.0, 40, 1, 0], [1.0, 1, 0, 0]])
    found, plain = homogeneity([table]), homogeneity([np.array([[53.0, 50], [61.0, 40]])])
    assert found == plain
    assert homogeneity([np.array([[30.0, 1], [4.0, 0]])]) is None


@pytest.mark.parametrize("seed", [1])
def test_groups_that_choose_alike_are_told_apart_as_often_as_chance_allows(seed: int) -> None:
    random_ = np.random.default_rng(seed)
    called = 0
    for _ in range(400):
        tables = [random_.multinomial(80, [0.6, 0.3, 0.1], size=3).astype(float) for _ in range(4)]
        found = homogeneity(tables)
        called += found is not None and found.p < 0.05
    assert 0.02 < called / 400 < 0.085


Kind = tuple[float, float, float]
"""How often a segment leaves the workshop out, how often it wins, and how long its stays are."""


def world(
    seed: int, kinds: dict[str, Kind], deals: int = 700
) -> tuple[dict[str, list[Stop]], dict[str, dict[str, str]]]:
    chance = random.Random(seed)
    paths: dict[str, list[Stop]] = {}
    said: dict[str, dict[str, str]] = {}
    for number in range(deals):
        deal, segment = f"d{number:04}", chance.choice(sorted(kinds))
        skips, wins, slow = kinds[segment]
        day = chance.uniform(0, 400)
        path: list[tuple[str, float]] = [("Lead", day)]
        day += chance.expovariate(1 / (5 * slow))
        if chance.random() < 0.2:
            path.append(("Lost", day))
        else:
            if chance.random() >= skips:
                path.append(("Workshop", day))
                day += chance.expovariate(1 / (8 * slow))
            path.append(("Proposal", day))
            day += chance.expovariate(1 / (10 * slow))
            path.append(("Won" if chance.random() < wins else "Lost", day))
        paths[deal] = [stop for stop in path if stop[1] < 450]
        said[deal] = {"Segment": segment}
    return paths, said


def ways(kinds: dict[str, Kind], seed: int) -> tuple[WaysApart, ...]:
    paths, said = world(seed, kinds)
    log = log_of(paths, attributes=said, as_of_day=450, order=["Lead", "Workshop", "Proposal"])
    discover(log)
    return ways_apart(log)


def test_segments_that_leave_a_stage_out_go_different_ways_and_slow_ones_do_not() -> None:
    (apart,) = ways({"large": (0.1, 0.4, 1), "small": (0.9, 0.4, 1)}, 1)
    assert (apart.attribute, apart.segments) == ("Segment", 2)
    assert apart.test.p < 1e-12
    (slow,) = ways({"large": (0.1, 0.4, 4), "small": (0.1, 0.4, 1)}, 2)
    assert slow.test.p > 0.01


@pytest.mark.parametrize("seed", [0])
def test_what_a_segment_never_does_is_accepted_of_it_and_then_nothing_is_left_to_split(seed: int) -> None:
    paths, said = world(seed, {"large": (0.06, 0.4, 2), "small": (0.93, 0.4, 1), "tiny": (0.92, 0.3, 1)})
    told = audit(TEXT, paths, attributes=said, as_of_day=450)
    (split,) = [one for one in told.revisions if one.kind == "split-by-segment"]
    assert (split.subject, split.grade, split.effect) == ("Workshop", "C", {})
    assert "Segment: [small, tiny]" in split.diff
    assert not {"make-stage-optional", "remove-stage"} & {one.kind for one in told.revisions}
    assert "Workshop" not in {one.subject for one in told.undecided}
    after = audit(told.revised, paths, attributes=said, as_of_day=450)
    assert "segment-goes-its-own-way" not in {one.rule for one in after.findings}
    assert after.conformance.deals_accepted > 200


@pytest.mark.parametrize(
    "kinds",
    [
        {"large": (0.0, 0.2, 4.0), "small": (0.0, 0.5, 1.0)},
        {"large": (0.3, 0.2, 4.0), "small": (0.6, 0.5, 1.0)},
        {"large": (0.9, 0.2, 4.0), "small": (0.9, 0.5, 1.0)},
    ],
    ids=["slower and won more rarely", "leaves it out more often", "both leave it out"],
)
def test_segments_that_one_playbook_fits_are_not_split(kinds: dict[str, Kind]) -> None:
    paths, said = world(7, kinds, 600)
    told = audit(TEXT, paths, attributes=said, as_of_day=450)
    assert "split-by-segment" not in {one.kind for one in (*told.revisions, *told.undecided)}
