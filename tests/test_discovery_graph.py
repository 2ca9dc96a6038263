"""The flow graph says what the dullest walk over every way says."""

from __future__ import annotations

from itertools import pairwise
from math import isclose, prod

from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.discovery.graph import LOST, START, WON, flow_graph, loops, must_pass, typical_path
from tests.worlds import log_of

ORDER = ("A", "B", "C", "D")

stops = st.lists(st.sampled_from(ORDER), min_size=1, max_size=6).map(
    lambda names: [name for at, name in enumerate(names) if not at or name != names[at - 1]]
)
ends = st.sampled_from([["Won"], ["Won"], ["Lost"], []])
worlds = st.lists(st.tuples(stops, ends), max_size=5).map(
    lambda deals: {"first": ["A", "Won"]} | {f"d{at}": path + end for at, (path, end) in enumerate(deals)}
)
winning = st.lists(stops, min_size=1, max_size=5).map(
    lambda paths: (
        {f"d{at}": ["A", *path[path[0] == "A" :], "Won"] for at, path in enumerate(paths)} | {"z": ["B", "Lost"]}
    )
)


def won_moves(deals: dict[str, list[str]]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for path in deals.values():
        if path[-1] == "Won":
            for move in set(pairwise(["", *path])):
                counts[move] = counts.get(move, 0) + 1
    return counts


def every_way(moves: dict[tuple[str, str], int], way: tuple[str, ...] = ("",)) -> list[tuple[str, ...]]:
    """Return all ways from the start to the win that visit no stage twice."""
    if way[-1] == "Won":
        return [way]
    onward = [target for source, target in moves if source == way[-1] and target not in way]
    return [found for target in onward for found in every_way(moves, (*way, target))]


def reached(moves: set[tuple[str, str]], source: str) -> set[str]:
    found: set[str] = set()
    while more := {target for start, target in moves if start in found | {source}} - found:
        found |= more
    return found


@settings(max_examples=20, deadline=None)
@given(deals=st.one_of(worlds, winning))
def test_must_pass_stages_are_on_every_way_of_won_deals(deals: dict[str, list[str]]) -> None:
    found = must_pass(discover(log_of(deals, order=ORDER)))
    ways = every_way(won_moves(deals))
    shared = set.intersection(*map(set, ways)) - {"", "Won"} if ways else set()
    assert set(found) == shared
    assert all([stage for stage in way if stage in shared] == list(found) for way in ways)


@settings(max_examples=20, deadline=None)
@given(deals=worlds)
def test_no_way_is_likelier_than_the_typical_one(deals: dict[str, list[str]]) -> None:
    moves = won_moves(deals)
    out = {source: sum(count for (one, _), count in moves.items() if one == source) for source, _ in moves}

    def likely(way: tuple[str, ...]) -> float:
        return prod(moves[move] / out[move[0]] for move in pairwise(way))

    found = typical_path(discover(log_of(deals, order=ORDER)))
    ways = every_way(moves)
    if not ways:
        assert found == ()
        return
    assert ("", *found, "Won") in ways
    assert isclose(likely(("", *found, "Won")), max(map(likely, ways)))


@settings(max_examples=20, deadline=None)
@given(deals=worlds)
def test_loops_are_stages_that_reach_each_other_with_the_deals_that_came_back(deals: dict[str, list[str]]) -> None:
    paths = [[stage for stage in path if stage in ORDER] for path in deals.values()]
    moves = {move for path in paths for move in pairwise(path)}
    groups = {
        tuple(other for other in ORDER if other in reached(moves, stage) and stage in reached(moves, other))
        for stage in ORDER
        if stage in reached(moves, stage)
    }
    # A deal that leaves a group cannot come back to it: it would be one group with what lies between.
    round_went = {group: sum(any(path.count(stage) > 1 for stage in group) for path in paths) for group in groups}
    assert dict(loops(discover(log_of(deals, order=ORDER)))) == round_went


@settings(max_examples=20, deadline=None)
@given(deals=worlds)
def test_the_graph_holds_every_stage_and_move_with_its_counts(deals: dict[str, list[str]]) -> None:
    discovery = discover(log_of(deals, order=ORDER))
    graph = flow_graph(discovery)
    moves = {move for path in deals.values() for move in pairwise(path)}
    for source, target in moves:
        edge = graph["stage", source]["stage", target]
        assert edge["deals"] == sum((source, target) in set(pairwise(path)) for path in deals.values())
        assert edge["count"] == sum(list(pairwise(path)).count((source, target)) for path in deals.values())
    assert sum(edge["deals"] for _, _, edge in graph.out_edges(START, data=True)) == len(deals)
    for outcome, last in ((WON, "Won"), (LOST, "Lost")):
        ended = sum(edge["deals"] for _, _, edge in graph.in_edges(outcome, data=True))
        assert ended == sum(path[-1] == last for path in deals.values())
    stages = {node[1]: seen["deals"] for node, seen in graph.nodes(data=True) if node[0] == "stage"}
    assert {name: count for name, count in stages.items() if count} == {
        name: sum(name in path for path in deals.values()) for path in deals.values() for name in path
    }


def test_stages_named_like_ends_stay_stages() -> None:
    discovery = discover(
        log_of({"x": ["start", "outcome", "Won"], "y": ["start", "outcome", "start", "outcome", "Lost"]})
    )
    assert must_pass(discovery) == ("start", "outcome") == typical_path(discovery)
    assert loops(discovery) == ((("start", "outcome"), 1),)


def test_a_win_without_any_stage_before_it_has_no_way() -> None:
    discovery = discover(log_of({"x": ["Won"], "y": ["A", "Lost"]}))
    assert must_pass(discovery) == () == typical_path(discovery) == loops(discovery)
