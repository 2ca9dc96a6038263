"""The order of stages that explains most of the moves that deals make."""

from __future__ import annotations

from itertools import accumulate, combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXACT = 12
"""Stages that go round in one circle; up to here every order is weighed (2 to the power of n subsets)."""

Net = list[list[int]]
"""How many more moves go from the stage of the row to the one of the column than come back."""


def best_order(names: Sequence[str], moves: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    """Return the order in which most moves go forward; what the moves leave open follows the order given.

    This is the linear ordering problem (Grötschel, Jünger and Reinelt 1984). Stages that no circle of net moves joins
    are put in order by themselves; within a circle dynamic programming over subsets (Held and Karp 1962) finds the
    best order. A circle of more than EXACT stages gets an order that no exchange of two neighbouring runs improves.
    """
    net = [[moves.get((one, other), 0) - moves.get((other, one), 0) for other in names] for one in names]
    order: list[int] = []
    for circle in _circles(net):
        inner = [[net[one][other] for other in circle] for one in circle]
        places = _exact(inner) if len(circle) <= EXACT else _by_exchange(inner)
        order += [circle[place] for place in places]
    return tuple(names[place] for place in order)


def _circles(net: Net) -> list[list[int]]:
    """Return the stages in groups that net moves join into circles, each group after all that lead to it."""
    size = len(net)
    reach = [sum(1 << other for other in range(size) if net[one][other] > 0) for one in range(size)]
    for through in range(size):
        for one in range(size):
            if reach[one] >> through & 1:
                reach[one] |= reach[through]
    left = set(range(size))
    groups: list[list[int]] = []
    while left:
        free = (one for one in sorted(left) if not any(_leads(reach, other, one) for other in left))
        first = next(free)
        group = [one for one in sorted(left) if one == first or (reach[one] >> first & reach[first] >> one & 1)]
        groups.append(group)
        left.difference_update(group)
    return groups


def _leads(reach: list[int], one: int, other: int) -> bool:
    """Tell whether net moves lead from one stage to the other and not back."""
    return bool(reach[one] >> other & 1) and not reach[other] >> one & 1


def _exact(net: Net) -> list[int]:
    size = len(net)
    best = [0] * (1 << size)
    last = [0] * (1 << size)
    for chosen in range(1, 1 << size):
        inside = [place for place in range(size) if chosen >> place & 1]
        # Whichever comes last, the net moves into it from the others go forward.
        best[chosen], last[chosen] = max(
            (best[chosen ^ (1 << place)] + sum(net[other][place] for other in inside), place) for place in inside
        )
    order: list[int] = []
    chosen = (1 << size) - 1
    while chosen:
        order.append(last[chosen])
        chosen ^= 1 << last[chosen]
    return order[::-1]


def _by_exchange(net: Net) -> list[int]:
    order = list(range(len(net)))
    while (found := _best_exchange(order, net))[0] > 0:
        _, begin, middle, end = found
        order[begin:end] = order[middle:end] + order[begin:middle]
    return order


def _best_exchange(order: list[int], net: Net) -> tuple[int, int, int, int]:
    """Return the most that exchanging two neighbouring runs of stages gains, and where they begin, meet and end."""
    size = len(order)
    # sums[a][b]: net moves from the first a stages of the order to the first b ones.
    rows = [list(accumulate((net[one][other] for other in order), initial=0)) for one in order]
    sums = [
        list(column)
        for column in zip(*(accumulate(column, initial=0) for column in zip(*rows, strict=True)), strict=True)
    ]
    best = (0, 0, 0, 0)
    for begin, middle, end in combinations(range(size + 1), 3):
        forward = sums[middle][end] - sums[begin][end] - sums[middle][middle] + sums[begin][middle]
        if -forward > best[0]:
            best = (-forward, begin, middle, end)
    return best
