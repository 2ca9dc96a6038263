"""Where lines meet the cards, so that no two of them meet one at the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.diagrams.flow import Line
    from processminer.diagrams.rows import Rows

PORT = 11
"""Distance of two ports of thin lines."""

_Port = tuple[int, int]
"""A line and the station at which it ends."""


class Ports:
    """Where lines leave and reach a station: arcs to the right in the right half of an edge, to the left in the left.

    Within a half, the farther the lane the nearer the port to the middle; so the arcs of a station never cross. Two
    stations that stand below each other share the ports between them, so that no line hides behind another.
    """

    def __init__(self, rows: Rows, lines: Sequence[Line], breadths: Sequence[float]) -> None:
        self._rows, self._lines, self._breadths = rows, lines, breadths
        halves: dict[tuple[int, str, str], list[_Port]] = {}
        for index, line in enumerate(lines):
            level = rows.level(line)
            if level is not None:
                for station in (line.source, line.target):
                    side = self._side(line, station)
                    halves.setdefault((rows.column(station), level, side), []).append((index, station))
        self._halves = {
            key: sorted(
                held,
                key=lambda port: (rows.distance(port[0], lines[port[0]], port[1]), -rows.row(port[1])),
                reverse=key[2] == "right",
            )
            for key, held in halves.items()
        }

    def _side(self, line: Line, station: int) -> str:
        """Return the half of the edge in which a line ends; of two ends in one column the source's is the right one."""
        here = self._rows.column(station)
        other = self._rows.column(line.target if station == line.source else line.source)
        return "right" if other > here or (other == here and station == line.source) else "left"

    def _whole(self, column: int, level: str, side: str) -> float:
        return sum(self._breadths[index] for index, _ in self._halves.get((column, level, side), ()))

    def room(self, station: int) -> float:
        """Return the width that the station's card needs for its ports."""
        column = self._rows.column(station)
        sides = [[self._whole(column, level, side) for side in ("left", "right")] for level in _LEVELS]
        return max(2 * max(pair) if all(pair) else sum(pair) for pair in sides) + 16

    def x(self, index: int, station: int, left: float, width: float) -> float:
        """Return where a line meets a card of this width; a half that stands empty is used by the other one."""
        line = self._lines[index]
        column, side = self._rows.column(station), self._side(line, station)
        level = self._rows.level(line) or "top"
        held = self._halves[column, level, side]
        ahead = held[: held.index((index, station))]
        before = sum(self._breadths[other] for other, _ in ahead) + self._breadths[index] / 2
        shared = self._whole(column, level, "left" if side == "right" else "right") > 0
        zone = width / 2 if shared else width
        start = left + (zone if shared and side == "right" else 0)
        return start + (zone - self._whole(column, level, side)) / 2 + before


_LEVELS = ("top", "between", "bottom")
