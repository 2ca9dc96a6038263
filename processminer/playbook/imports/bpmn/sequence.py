"""In which order the stages of a BPMN process are told: as deals come to them; what closes a circle leads back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import networkx as nx

_BEFORE_ALL = -1


def in_sequence(stages: Sequence[str], starts: Sequence[str], after: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the stages in order; `stages` come in the order of the drawing, which settles what the ways leave open.

    Every stage can be come to from a start. A way leads back where every path to its source comes through its target
    (a natural loop: Aho, Sethi and Ullman 1986), and else, within a circle, where the drawing has its target first.
    The first stage is one of the starts.
    """
    order: list[str] = []
    for first in ("", *starts):
        drawn = [*(stage for stage in stages if stage == first), *(stage for stage in stages if stage != first)]
        order = _ordered(drawn, starts, after)
        # A circle that the drawing begins in its middle; some start lies in a circle that nothing leads to.
        if order[0] in starts:
            break
    return order


def _ordered(stages: Sequence[str], starts: Sequence[str], after: Mapping[str, Sequence[str]]) -> list[str]:
    import networkx as nx

    place = {stage: at for at, stage in enumerate(stages)}
    ways: nx.DiGraph[int] = nx.DiGraph()
    ways.add_edges_from((_BEFORE_ALL, place[stage]) for stage in starts)
    ways.add_edges_from((place[one], place[other]) for one in stages for other in after[one])
    above = nx.immediate_dominators(ways, _BEFORE_ALL)
    forward = ways.copy()
    forward.remove_edges_from([(one, other) for one, other in ways.edges if other in _dominators(above, one)])
    circle = {at: number for number, those in enumerate(nx.strongly_connected_components(forward)) for at in those}
    forward.remove_edges_from(
        [(one, other) for one, other in forward.edges if one > other and circle[one] == circle[other]]
    )
    return [stages[at] for at in _topological(ways, forward)]


def _dominators(above: Mapping[int, int | None], at: int) -> Iterator[int]:
    """Yield the places that every path to one comes through, itself included."""
    place: int | None = at
    while place is not None and place != _BEFORE_ALL:
        yield place
        place = above[place]


def _topological(ways: nx.DiGraph[int], forward: nx.DiGraph[int]) -> list[int]:
    """Return the places so that every way forward leads forward; of free ones, the earliest that can be come to."""
    left = sorted(set(ways) - {_BEFORE_ALL})
    order = [_BEFORE_ALL]
    while left:
        free = [at for at in left if not any(one in left for one in forward.predecessors(at))]
        met = [at for at in free if any(one in order for one in ways.predecessors(at))]
        order.append((met or free)[0])
        left.remove(order[-1])
    return order[1:]
