"""One row of stations or two, and the lanes in which lines run above, below and between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal

from processminer.diagrams.lanes import pack_lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.diagrams.flow import Line

Level = Literal["top", "between", "bottom"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Which station stands where, and the lane of each line, counted from the line of its row outwards.

    Lanes of lines from one row to the other are counted downwards, from the last lane of the upper row on.
    """

    members: tuple[range, ...]
    lanes: tuple[int, ...]
    above: tuple[int, ...]
    """Lanes above each row."""
    below: tuple[int, ...]
    """Lanes below each row."""
    across: int
    """Lanes between the rows, for lines from one to the other."""

    @classmethod
    def of(cls, lines: Sequence[Line], stations: int, second: int | None) -> Rows:
        """Return the rows of so many stations, the second one beginning at `second`."""
        members = (range(stations),) if second is None else (range(second), range(second, stations))
        bare = cls(members, (), (), (), 0)
        lanes = [0] * len(lines)
        counts: dict[tuple[int, str], int] = dict.fromkeys(
            product(range(len(members)), ("skip", "return", "across")), 0
        )
        sharing: dict[tuple[int, str], list[int]] = {}
        for index, line in enumerate(lines):
            place = (0, "across") if bare.crosses(line) else (bare.row(line.source), line.course)
            if place in counts:
                sharing.setdefault(place, []).append(index)
        for place, indexes in sharing.items():
            packed = pack_lanes([bare.span(lines[index]) for index in indexes])
            counts[place] = max(packed) + 1
            for index, lane in zip(indexes, packed, strict=True):
                lanes[index] = lane
        above, below = ([counts[row, course] for row in range(len(members))] for course in ("skip", "return"))
        return cls(members, tuple(lanes), tuple(above), tuple(below), counts[0, "across"])

    @property
    def columns(self) -> int:
        """How many stations the longer row has."""
        return max(len(members) for members in self.members)

    def row(self, station: int) -> int:
        """Return the row of a station, 0 for the upper one."""
        return next(row for row, members in enumerate(self.members) if station in members)

    def column(self, station: int) -> int:
        """Return the place of a station within its row."""
        return station - self.members[self.row(station)].start

    def crosses(self, line: Line) -> bool:
        """Tell whether a line leads from one row to the other."""
        return self.row(line.source) != self.row(line.target)

    def level(self, line: Line) -> Level | None:
        """Return where a line runs: above all rows, between two, below all; None for one straight to its neighbour."""
        if self.crosses(line):
            return "between"
        if line.course == "next":
            return None
        last = self.row(line.source) == len(self.members) - 1
        if line.course == "skip":
            return "between" if self.row(line.source) else "top"
        return "bottom" if last else "between"

    def gap(self, line: Line) -> int:
        """Return the column behind which the label of a line stands: half-way, or beside the card it runs below."""
        first, last = sorted(self.column(station) for station in (line.source, line.target))
        return (first + last - 1) // 2 if first < last else min(first, max(0, self.columns - 2))

    def span(self, line: Line) -> tuple[int, int]:
        """Return the columns from end to end, with the gap of the label.

        Lines between rows that only touch must not share a lane: their ends may lie before or behind each other.
        """
        first, last = sorted(self.column(station) for station in (line.source, line.target))
        if not self.crosses(line):
            return first, last
        gap = self.gap(line)
        return 2 * min(first, gap), 2 * max(last, gap + 1) + 1

    def distance(self, index: int, line: Line, station: int) -> int:
        """Return how many lanes lie between a station's row and the lane of a line that meets it."""
        if not self.crosses(line):
            return self.lanes[index]
        if self.row(station) == 0:
            return self.below[0] + self.lanes[index]
        return self.above[1] + self.across - 1 - self.lanes[index]
