"""Where everything on the stage map stands: boxes, ports, arcs and the slots of their labels. Lengths in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from processminer.diagrams.cards import ROW, TITLE
from processminer.diagrams.lanes import pack_lanes
from processminer.diagrams.lettering import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.diagrams.cards import Card
    from processminer.diagrams.flow import Flow, Line

MARGIN = 16
LANE = 20
"""Distance of two lanes: a label and some air."""
FIRST_LANE = 30
"""Distance of the first lane from the cards: an arrowhead and a bend."""
LABEL = 11
LABEL_HEIGHT = 14
NARROWEST_GAP = 46
BEND = 7
THINNEST, THICKEST = 1.2, 6.0
TITLE_LINE, ROW_LINE, FOOTER = TITLE + 3.5, ROW + 4.5, 22
PORT = 11
"""Distance of two ports of thin lines."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.x + self.width / 2, self.y + self.height / 2)


@dataclass(frozen=True, slots=True)
class Route:
    """How a line is drawn: the corners it goes through, its arrowhead, and where its label may stand."""

    corners: tuple[tuple[float, float], ...]
    width: float
    label: Box

    @property
    def tip(self) -> tuple[float, float]:
        """Where its arrow points to."""
        return self.corners[-1]


@dataclass(frozen=True, slots=True)
class Layout:
    """All places; the drawing reaches from (0, 0) to (width, height), lanes without any shown line included."""

    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def thickness(count: int, most: int) -> float:
    """Return the width of a line from its count alone: its square root, so that rare moves stay visible."""
    return THINNEST + (THICKEST - THINNEST) * sqrt(count / most) if most else THINNEST


def head(width: float) -> tuple[float, float]:
    """Return length and half breadth of the arrowhead of a line of this width."""
    return (6.5 + width * 0.7, 3.4 + width * 0.6)


def lay_out(flow: Flow, cards: Sequence[Card], labels: Sequence[Sequence[str]]) -> Layout:
    """Return the places of cards and lines, given all the texts that a line's label may show."""
    most = max((line.count for line in flow.lines), default=0)
    widths = [thickness(line.count, most) for line in flow.lines]
    rooms = [max((text_width(text, LABEL) for text in texts), default=0) + 6 for texts in labels]
    lanes = _lanes(flow.lines)
    above = max((lanes[i] for i, line in enumerate(flow.lines) if line.course == "skip"), default=-1)
    below = max((lanes[i] for i, line in enumerate(flow.lines) if line.course == "return"), default=-1)
    top = MARGIN + (FIRST_LANE + LANE * above + LANE / 2 if above >= 0 else LANE / 2)
    ports = _Ports(flow.lines, lanes, widths)
    boxes = _boxes(flow, cards, ports, max([NARROWEST_GAP, *(room + 12 for room in rooms)]), top)
    routes = [_route(index, flow.lines, boxes, ports, lanes, widths, rooms[index]) for index in range(len(widths))]
    floor = max(box.bottom for box in boxes) + (FIRST_LANE + LANE * below + LANE / 2 if below >= 0 else LANE / 2)
    return Layout(tuple(boxes), tuple(routes), max(box.right for box in boxes) + MARGIN, floor)


def _lanes(lines: Sequence[Line]) -> list[int]:
    lanes = [0] * len(lines)
    for course in ("skip", "return"):
        chosen = [i for i, line in enumerate(lines) if line.course == course]
        spans = [(min(lines[i].source, lines[i].target), max(lines[i].source, lines[i].target)) for i in chosen]
        for index, lane in zip(chosen, pack_lanes(spans), strict=True):
            lanes[index] = lane
    return lanes


class _Ports:
    """Where lines leave and reach a station: arcs to the right in the right half of an edge, to the left in the left.

    Within a half, the farther the lane the nearer the port to the middle; so the arcs of a station never cross.
    """

    def __init__(self, lines: Sequence[Line], lanes: Sequence[int], widths: Sequence[float]) -> None:
        self._breadth = [max(PORT, 2 * head(width)[1] + 2) for width in widths]
        halves: dict[tuple[int, str, str], list[int]] = {}
        for index, line in enumerate(lines):
            if line.course != "next":
                for station, other in ((line.source, line.target), (line.target, line.source)):
                    side = "right" if other > station else "left"
                    halves.setdefault((station, line.course, side), []).append(index)
        self._halves = {
            key: sorted(held, key=lambda i: lanes[i], reverse=key[2] == "right") for key, held in halves.items()
        }

    def _whole(self, station: int, course: str, side: str) -> float:
        return sum(self._breadth[i] for i in self._halves.get((station, course, side), ()))

    def room(self, station: int) -> float:
        """Return the width that the station's card needs for its ports."""
        sides = [[self._whole(station, course, side) for side in ("left", "right")] for course in ("skip", "return")]
        return max(2 * max(pair) if all(pair) else sum(pair) for pair in sides) + 16

    def x(self, index: int, station: int, course: str, side: str, box: Box) -> float:
        """Return where line `index` meets the card; a half that stands empty is used by the other one."""
        held = self._halves[station, course, side]
        before = sum(self._breadth[i] for i in held[: held.index(index)]) + self._breadth[index] / 2
        shared = self._whole(station, course, "left" if side == "right" else "right") > 0
        zone = box.width / 2 if shared else box.width
        start = box.x + (zone if shared and side == "right" else 0)
        return start + (zone - self._whole(station, course, side)) / 2 + before


def _boxes(flow: Flow, cards: Sequence[Card], ports: _Ports, gap: float, top: float) -> list[Box]:
    titles = max(len(card.title) for card in cards)
    rows = max(len(card.rows) for card in cards)
    badges = max(len(card.badges) for card in cards)
    footer = FOOTER if any(card.footer for card in cards) else 0
    body = 14 + titles * TITLE_LINE + (rows + badges) * ROW_LINE
    boxes: list[Box] = []
    left: float = MARGIN
    for index, (station, card) in enumerate(zip(flow.stations, cards, strict=True)):
        width = max(card.width, ports.room(index))
        height = body + footer if station.is_card else min(body, end_height(card))
        boxes.append(Box(left, top + (0 if station.is_card else (body - height) / 2), width, height))
        left += width + gap
    return boxes


def end_height(card: Card) -> float:
    """Return the height of the start or of a won end."""
    return 22 + len(card.title) * TITLE_LINE + (len(card.rows) + len(card.badges)) * ROW_LINE


def _route(
    index: int,
    lines: Sequence[Line],
    boxes: Sequence[Box],
    ports: _Ports,
    lanes: Sequence[int],
    widths: Sequence[float],
    room: float,
) -> Route:
    line, width = lines[index], widths[index]
    source, target = boxes[line.source], boxes[line.target]
    if line.course == "next":
        y = boxes[0].middle[1]
        label = _slot((source.right + target.x) / 2, y - width / 2 - 3 - LABEL_HEIGHT / 2, room)
        return Route(((source.right, y), (target.x, y)), width, label)
    first, last = sorted((line.source, line.target))
    # Ports lie on cards, so that no vertical ever passes a gap: the gap in the middle is free in this lane.
    gap = (first + last - 1) // 2
    away = FIRST_LANE + LANE * lanes[index]
    if line.course == "skip":
        y, y1, y2, sides = min(box.y for box in boxes) - away, source.y, target.y, ("right", "left")
    else:
        y, y1, y2, sides = max(box.bottom for box in boxes) + away, source.bottom, target.bottom, ("left", "right")
    x1 = ports.x(index, line.source, line.course, sides[0], source)
    x2 = ports.x(index, line.target, line.course, sides[1], target)
    label = _slot((boxes[gap].right + boxes[gap + 1].x) / 2, y, room)
    return Route(((x1, y1), (x1, y), (x2, y), (x2, y2)), width, label)


def _slot(x: float, y: float, room: float) -> Box:
    return Box(x - room / 2, y - LABEL_HEIGHT / 2, room, LABEL_HEIGHT)
