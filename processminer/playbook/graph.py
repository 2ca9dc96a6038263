"""The playbook as a graph: which stages deals can get to, what may lie before a stage, and what every win passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    import networkx as nx

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage

START = ("start", "")
"""Where deals come from; stages are `("stage", name)`, so that no name of a stage can be taken for it."""
WON = ("outcome", "won")

Node = tuple[str, str]


def required_between(playbook: Playbook, source: str, target: str) -> tuple[Stage, ...]:
    """Return the required stages between a stage and a later one, or won, in the playbook's order."""
    names = playbook.names
    until = names.index(target) if target in names else len(names)
    return tuple(stage for stage in playbook.stages[names.index(source) + 1 : until] if not stage.optional)


def playbook_graph(playbook: Playbook) -> nx.DiGraph[Node]:
    """Return the start, the stages in their order and won as nodes, and the allowed moves between them as edges.

    An edge says whether it leads `back`: to a stage that the list has earlier.
    """
    import networkx as nx

    moves = allowed_moves(playbook)
    place = {name: at for at, name in enumerate(playbook.names)}
    graph: nx.DiGraph[Node] = nx.DiGraph()
    graph.add_nodes_from((START, *(("stage", name) for name in playbook.names), WON))
    for name in playbook.names:
        if name in moves.starts:
            graph.add_edge(START, ("stage", name), back=False)
        if name in moves.wins:
            graph.add_edge(("stage", name), WON, back=False)
    for source, target in sorted(moves.between, key=lambda move: (place[move[0]], place[move[1]])):
        graph.add_edge(("stage", source), ("stage", target), back=place[target] < place[source])
    return graph


def unreachable(playbook: Playbook) -> tuple[str, ...]:
    """Return the stages that no allowed way leads to, in their order."""
    import networkx as nx

    found = {node for _, node in nx.bfs_edges(playbook_graph(playbook), START)}
    return tuple(name for name in playbook.names if ("stage", name) not in found)


def must_pass(playbook: Playbook) -> frozenset[str]:
    """Return the stages on every allowed way from the start to won.

    These are the dominators of won (Prosser, 1959).
    """
    import networkx as nx

    above = nx.immediate_dominators(playbook_graph(playbook), START)
    found: set[str] = set()
    node = above[WON]
    while node != START:
        found.add(node[1])
        node = above[node]
    return frozenset(found)


def stages_before(playbook: Playbook) -> dict[str, tuple[str, ...]]:
    """Return for each stage those that may lie on the way to it, returns left out, in the order of the list."""
    import networkx as nx

    graph = playbook_graph(playbook)
    graph.remove_edges_from([(one, other) for one, other, edge in graph.edges(data=True) if edge["back"]])
    above = {name: {node for _, node in nx.bfs_edges(graph, ("stage", name), reverse=True)} for name in playbook.names}
    return {name: tuple(one for one in playbook.names if ("stage", one) in above[name]) for name in playbook.names}
