"""Which arcs run how far from the line, so that nested ones never cross."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def pack_lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return a lane for each span of stages (left, right), 0 nearest the line.

    Spans that only touch may share a lane. Short ones come first: a span that holds another lies outside it, because
    whatever kept the inner one off a lane keeps the outer one off it too. Ties go from left to right.
    """
    lanes: list[list[tuple[int, int]]] = []
    given = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda i: (spans[i][1] - spans[i][0], spans[i], i)):
        left, right = spans[index]
        place = next(
            (k for k, lane in enumerate(lanes) if all(right <= other[0] or left >= other[1] for other in lane)),
            len(lanes),
        )
        if place == len(lanes):
            lanes.append([])
        lanes[place].append((left, right))
        given[index] = place
    return given
