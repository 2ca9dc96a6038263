"""The flow as a graph: what every won deal passes, where deals go round, and the usual way to a win."""

from __future__ import annotations

from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

    from processminer.discovery.discovery import Discovery

START = ("start", "")
"""Where deals come from; stages are `("stage", name)`, so that no name of a stage can be taken for it."""
WON = ("outcome", "won")
LOST = ("outcome", "lost")

Node = tuple[str, str]


def flow_graph(discovery: Discovery) -> nx.DiGraph[Node]:
    """Return stages, the start and the outcomes as nodes, and moves between them as edges.

    Stages carry `kind`, `deals` and `visits`; moves carry `count`, `deals` and `median_days`. Edges from the start and
    to the outcomes carry deals alone: where paths begin, and by which terminal stage deals were won or lost.
    """
    import networkx as nx

    graph: nx.DiGraph[Node] = nx.DiGraph()
    graph.add_nodes_from((START, WON, LOST))
    for flow in discovery.stages:
        graph.add_node(("stage", flow.stage), kind=flow.kind, deals=flow.deals, visits=flow.visits)
        if flow.starts:
            graph.add_edge(START, ("stage", flow.stage), deals=flow.starts)
    for move in discovery.moves:
        ends = ("stage", move.source), ("stage", move.target)
        graph.add_edge(*ends, count=move.count, deals=move.deals, median_days=move.median_days)
    for flow in discovery.stages:
        if flow.kind != "open" and flow.deals:
            ended = flow.won if flow.kind == "won" else flow.lost
            graph.add_edge(("stage", flow.stage), WON if flow.kind == "won" else LOST, deals=ended)
    return graph


def must_pass(discovery: Discovery) -> tuple[str, ...]:
    """Return the open stages on every way from the start to a win that the moves of won deals make, in their order.

    These are the dominators of the win (Prosser, 1959); nothing where no deal was won.
    """
    import networkx as nx

    graph = _won_graph(discovery)
    if WON not in graph:
        return ()
    above = nx.immediate_dominators(graph, START)
    found: list[str] = []
    node = above[WON]
    while node != START:
        found.append(node[1])
        node = above[node]
    return tuple(reversed(found))


def typical_path(discovery: Discovery) -> tuple[str, ...]:
    """Return the open stages of the likeliest way from the start to a win.

    Its moves have the greatest product of shares, each among the moves of won deals out of the same stage; the order of
    stages in the log decides which of equal ways is found first. Nothing where no deal was won.
    """
    import networkx as nx

    graph = _won_graph(discovery)
    if WON not in graph:
        return ()
    out = {node: sum(edge["deals"] for _, _, edge in graph.out_edges(node, data=True)) for node in graph}
    for source, _, edge in graph.edges(data=True):
        edge["cost"] = -log(edge["deals"] / out[source])
    path: list[Node] = nx.dijkstra_path(graph, START, WON, weight="cost")
    return tuple(name for _, name in path[1:-1])


def loops(discovery: Discovery) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Return each group of open stages between which deals can go round, with the deals that did, most deals first.

    A group is a strongly connected part of the moves (Tarjan, 1972), in the log's order; a deal went round that came
    back to a stage of the group without leaving it.
    """
    import networkx as nx

    place = {stage.name: at for at, stage in enumerate(discovery.log.stages) if stage.kind == "open"}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(
        (move.source, move.target) for move in discovery.moves if move.source in place and move.target in place
    )
    groups = [sorted(group, key=place.__getitem__) for group in nx.strongly_connected_components(graph)]
    found = [(tuple(group), _went_round(discovery, set(group))) for group in groups if len(group) > 1]
    return tuple(sorted(found, key=lambda one: (-one[1], [place[name] for name in one[0]])))


def _went_round(discovery: Discovery, group: set[str]) -> int:
    return sum(one.deals for one in discovery.variants if _turns(one.path, group))


def _turns(path: tuple[str, ...], group: set[str]) -> bool:
    seen: set[str] = set()
    for stage in path:
        if stage in seen:
            return True
        seen = seen | {stage} if stage in group else set()
    return False


def _won_graph(discovery: Discovery) -> nx.DiGraph[Node]:
    """Return the moves of won deals up to their win, with how many deals took each; empty where none was won."""
    import networkx as nx

    kinds = {stage.name: stage.kind for stage in discovery.log.stages}
    place = {name: at for at, name in enumerate(kinds)}
    counts: dict[tuple[Node, Node], int] = {}
    for variant in discovery.variants:
        last = max((at for at, stage in enumerate(variant.path) if kinds[stage] == "won"), default=0)
        stages = [stage for stage in variant.path[:last] if kinds[stage] == "open"]
        if variant.won and stages:
            way: list[Node] = [START, *(("stage", stage) for stage in stages), WON]
            for move in dict.fromkeys(pairwise(way)):
                counts[move] = counts.get(move, 0) + variant.won
    graph: nx.DiGraph[Node] = nx.DiGraph()
    # The order in which ways are tried decides between equal ones.
    for (source, target), deals in sorted(counts.items(), key=lambda one: [place.get(end[1], -1) for end in one[0]]):
        if source != target:
            graph.add_edge(source, target, deals=deals)
    return graph
