"""Every counted fact equals the dullest Python that says the same, over random logs."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.discovery.discovery import Discovery
from processminer.engines.relations import read_sql
from tests.worlds import FIRST_DAY, log_of

STAGES = ["Call", "Demo", "Offer", "Won", "Lost"]


@st.composite
def deals(draw: st.DrawFn) -> dict[str, list[tuple[str, float]]]:
    """Draw deals whose events lie at different hours, so that one order is right."""
    count = draw(st.integers(1, 8))
    drawn: dict[str, list[tuple[str, float]]] = {}
    for number in range(count):
        stages = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=8))
        gaps = draw(st.lists(st.integers(1, 900), min_size=len(stages), max_size=len(stages)))
        hours = 0
        path: list[tuple[str, float]] = []
        for stage, gap in zip(stages, gaps, strict=True):
            hours += gap
            path.append((stage, hours / 24))
        drawn[f"deal {number}"] = path
    drawn["anchor"] = [("Call", 0.0), ("Won", 1.0)]
    return drawn


def collapsed(path: list[tuple[str, float]]) -> list[tuple[str, float]]:
    return [stop for place, stop in enumerate(path) if place == 0 or path[place - 1][0] != stop[0]]


def facts(discovery: Discovery) -> tuple[object, ...]:
    return (
        replace(discovery.totals, since=None),
        discovery.stages,
        sorted((m.source, m.target, m.count, m.deals, round(m.median_days, 9)) for m in discovery.moves),
        sorted((v.path, v.deals, v.won, v.lost, v.open) for v in discovery.variants),
    )


@settings(max_examples=30, deadline=None)
@given(deals())
def test_moves_and_variants_equal_a_plain_count(world: dict[str, list[tuple[str, float]]]) -> None:
    found = discover(log_of(world))
    paths = {deal: collapsed(path) for deal, path in world.items()}
    gaps: dict[tuple[str, str], list[float]] = {}
    for path in paths.values():
        for (source, left), (target, entered) in itertools.pairwise(path):
            gaps.setdefault((source, target), []).append(entered - left)
    assert {(m.source, m.target): m.count for m in found.moves} == {move: len(days) for move, days in gaps.items()}
    for move in found.moves:
        assert move.median_days == pytest.approx(median(gaps[move.source, move.target]), abs=1e-6)
    assert {v.path: v.deals for v in found.variants} == Counter(
        tuple(stage for stage, _ in path) for path in paths.values()
    )


@settings(max_examples=30, deadline=None)
@given(deals())
def test_stage_counts_equal_a_plain_count(world: dict[str, list[tuple[str, float]]]) -> None:
    found = discover(log_of(world))
    paths = {deal: [stage for stage, _ in collapsed(path)] for deal, path in world.items()}
    for stage in found.stages:
        assert stage.visits == sum(path.count(stage.stage) for path in paths.values())
        assert stage.deals == sum(stage.stage in path for path in paths.values())
        assert stage.starts == sum(path[0] == stage.stage for path in paths.values())
        if stage.kind == "open":
            assert stage.open == sum(path[-1] == stage.stage for path in paths.values() if is_open(path, paths))
    totals = found.totals
    assert totals.won + totals.lost + totals.open == totals.deals == len(world)


def is_open(path: list[str], paths: dict[str, list[str]]) -> bool:
    """Tell whether a deal is open: no outcome yet, or back in a stage that usually comes before outcomes."""
    ends = [place for place, stage in enumerate(path) if stage in {"Won", "Lost"}]
    if not ends:
        return True
    after = Counter(
        stage
        for other in paths.values()
        for stage in other[max([-1, *(n for n, s in enumerate(other) if s in {"Won", "Lost"})]) + 1 :]
        if {"Won", "Lost"} & set(other)
    )
    total = Counter(stage for other in paths.values() for stage in other)
    return any(2 * after[stage] <= total[stage] for stage in path[ends[-1] + 1 :])


@settings(max_examples=20, deadline=None)
@given(deals())
def test_the_packed_plan_equals_the_plain_window_form(world: dict[str, list[tuple[str, float]]]) -> None:
    log = log_of(world)
    discover(log)
    log.relations.run(
        "CREATE TABLE changes AS SELECT deal_id, stage, occurred_at FROM (SELECT deal_id, read_codes.stage AS stage, "
        "occurred_at, lag(read_codes.stage) OVER (PARTITION BY deal_id ORDER BY occurred_at) AS before "
        "FROM stage_rows JOIN read_codes USING (code)) WHERE before IS DISTINCT FROM stage"
    )
    columns = "deal, position, stage, entered_at, left_at, next_stage"
    packed = log.relations.rows(f"SELECT {columns} FROM stays ORDER BY deal, position")
    plain = log.relations.rows(
        f"SELECT {columns} FROM ({read_sql('processminer.discovery', 'stays_window.sql')}) ORDER BY deal, position"
    )
    assert packed == plain


@settings(max_examples=12, deadline=None)
@given(deals(), st.randoms(use_true_random=False))
def test_shuffling_the_rows_changes_nothing(world: dict[str, list[tuple[str, float]]], random) -> None:
    shuffled = {deal: random.sample(path, len(path)) for deal, path in random.sample(list(world.items()), len(world))}
    assert facts(discover(log_of(world))) == facts(discover(log_of(shuffled)))


@settings(max_examples=12, deadline=None)
@given(deals())
def test_renaming_deals_changes_no_number(world: dict[str, list[tuple[str, float]]]) -> None:
    renamed = {f"{len(world) - place:03} renamed": path for place, path in enumerate(world.values())}
    assert facts(discover(log_of(world))) == facts(discover(log_of(renamed)))


@settings(max_examples=12, deadline=None)
@given(deals(), st.integers(1, 4000))
def test_shifting_all_times_changes_no_number(world: dict[str, list[tuple[str, float]]], days: int) -> None:
    later = {deal: [(stage, day + days) for stage, day in path] for deal, path in world.items()}
    one, other = discover(log_of(world)), discover(log_of(later))
    assert facts(one) == facts(other)
    assert other.log.as_of - one.log.as_of == timedelta(days=days)


def test_touch_points_are_counted_in_the_stage_they_fell_in() -> None:
    world = {"x": [("A", 0), ("B", 5), ("Won", 9)], "y": [("A", 0), ("B", 2), ("Lost", 3)]}
    found = discover(log_of(world, tasks={"x": [("Call", 1), ("Call", 6), ("Call", 7)], "y": [("Mail", 1)]}))
    told = {task.name: (task.events, task.deals, task.won, task.stage) for task in found.tasks}
    assert told == {"Call": (3, 1, 1, "B"), "Mail": (1, 1, 0, "A")}


def test_lead_times_leave_out_deals_first_seen_when_closed() -> None:
    found = discover(log_of({"x": [("A", 0), ("Won", 10)], "y": [("A", 0), ("Won", 20)], "z": [("Won", 3)]}))
    (won,) = found.lead_times
    assert (won.deals, won.median_days) == (2, 15)
    assert found.totals.excluded == {"first seen when closed": 1}


def test_nothing_asks_the_clock() -> None:
    found = discover(log_of({"x": [("A", 0), ("Won", 10)], "y": [("A", 4)]}))
    assert found.log.as_of == FIRST_DAY + timedelta(days=10)
