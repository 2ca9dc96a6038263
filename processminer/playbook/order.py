"""The order of stages that explains most of the moves that deals make."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXACT = 12
"""Stages; up to here every order is weighed (2 to the power of n subsets), beyond it a local search finds one."""


def best_order(names: Sequence[str], moves: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    """Return the order in which most moves go forward; of equal ones, the one closest to the order given.

    This is the linear ordering problem (Grötschel, Jünger and Reinelt 1984), solved by dynamic programming over
    subsets (Held and Karp 1962) where there are few stages, else by moving single stages until none gains.
    """
    weights = [[moves.get((one, other), 0) for other in names] for one in names]
    places = _exact(weights) if len(names) <= EXACT else _by_insertion(weights)
    return tuple(names[place] for place in places)


def forward_moves(order: Sequence[str], moves: Mapping[tuple[str, str], int]) -> int:
    """Count the moves that go forward in an order."""
    place = {name: at for at, name in enumerate(order)}
    return sum(count for (one, other), count in moves.items() if place.get(one, 0) < place.get(other, -1))


def _exact(weights: list[list[int]]) -> list[int]:
    size = len(weights)
    best = [-1] * (1 << size)
    last = [0] * (1 << size)
    best[0] = 0
    for chosen in range(1, 1 << size):
        inside = [place for place in range(size) if chosen >> place & 1]
        for place in inside:
            # The stage comes last of those chosen: every move into it from the others goes forward.
            weight = best[chosen ^ (1 << place)] + sum(weights[other][place] for other in inside)
            if weight >= best[chosen]:
                best[chosen], last[chosen] = weight, place
    order: list[int] = []
    chosen = (1 << size) - 1
    while chosen:
        order.append(last[chosen])
        chosen ^= 1 << last[chosen]
    return order[::-1]


def _by_insertion(weights: list[list[int]]) -> list[int]:
    order = list(range(len(weights)))
    moved = True
    while moved:
        moved = False
        for stage in range(len(weights)):
            gain, target = _best_place(order, stage, weights)
            if gain > 0:
                order.remove(stage)
                order.insert(target, stage)
                moved = True
    return order


def _best_place(order: list[int], stage: int, weights: list[list[int]]) -> tuple[int, int]:
    """Return how many more moves go forward with the stage at its best place, and that place; the nearest of equals."""
    here = order.index(stage)
    best = (0, 0, here)
    for step in (-1, 1):
        gain, place = 0, here
        while 0 <= place + step < len(order):
            place += step
            passed = order[place]
            gain += step * (weights[passed][stage] - weights[stage][passed])
            best = max(best, (gain, -abs(place - here), place))
    return best[0], best[2]
