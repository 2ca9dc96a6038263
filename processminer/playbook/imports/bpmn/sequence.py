"""In which order the stages of a BPMN process are told: as deals come to them; what closes a circle leads back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def in_sequence(stages: Sequence[str], starts: Sequence[str], after: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the stages in order; `stages` come in the order of the drawing, which settles what the ways leave open.

    A way leads back where every path to its source comes through its target (a natural loop: Aho, Sethi and Ullman
    1986), and else, within a circle, where the drawing has its target first. The first stage is one of the starts.
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
    place = {stage: at for at, stage in enumerate(stages)}
    edges = {(place[one], place[other]) for one in stages for other in after[one]}
    begin = {place[stage] for stage in starts}
    over = _dominators(len(stages), begin, edges)
    forward = {(one, other) for one, other in edges if not over[one] >> other & 1}
    reach = _reach(len(stages), forward)
    constraints = {(one, other) for one, other in forward if one < other or not reach[other] >> one & 1}
    return [stages[at] for at in _topological(len(stages), begin, edges, constraints)]


def _dominators(size: int, starts: set[int], edges: set[tuple[int, int]]) -> list[int]:
    """Return for each stage, as bits, the stages that every path to it comes through, itself included."""
    everything = (1 << size) - 1
    over = [everything] * size
    before = [[one for one, other in edges if other == at] for at in range(size)]
    changed = True
    while changed:
        changed = False
        for at in range(size):
            common = 0 if at in starts else everything
            for one in before[at]:
                common &= over[one]
            now = common | 1 << at
            changed, over[at] = changed or now != over[at], now
    return over


def _reach(size: int, edges: set[tuple[int, int]]) -> list[int]:
    """Return for each stage, as bits, the stages that can be come to from it."""
    reach = [0] * size
    for one, other in edges:
        reach[one] |= 1 << other
    for through in range(size):
        for one in range(size):
            if reach[one] >> through & 1:
                reach[one] |= reach[through]
    return reach


def _topological(
    size: int, starts: set[int], edges: set[tuple[int, int]], constraints: set[tuple[int, int]]
) -> list[int]:
    """Return the places so that every constraint leads forward; of free ones, the earliest that can be come to."""
    left = set(range(size))
    order: list[int] = []
    while left:
        free = [at for at in sorted(left) if not any(one in left and other == at for one, other in constraints)]
        met = [at for at in free if at in starts or any(one not in left and other == at for one, other in edges)]
        order.append((met or free)[0])
        left.remove(order[-1])
    return order
