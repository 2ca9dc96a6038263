"""Where everything on the stage map stands: boxes, ports, arcs and the slots of their labels. Lengths in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.diagrams.cards import ROW, TITLE
from processminer.diagrams.lettering import text_width
from processminer.diagrams.ports import PORT, Ports
from processminer.diagrams.rows import Rows
from processminer.diagrams.strokes import head, thickness

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
TITLE_LINE, ROW_LINE, FOOTER = TITLE + 3.5, ROW + 4.5, 22


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


def lay_out(flow: Flow, cards: Sequence[Card], labels: Sequence[Sequence[str]], second: int | None = None) -> Layout:
    """Return the places of cards and lines, given all the texts that a line's label may show.

    From station `second` on they stand in a second row below the first. What leads from one row to the other leaves
    the lower edge of the upper row, or the upper edge of the lower one, and runs between the two.
    """
    most = max((line.count for line in flow.lines), default=0)
    widths = [thickness(line.count, most) for line in flow.lines]
    rooms = [max((text_width(text, LABEL) for text in texts), default=0) + 6 for texts in labels]
    rows = Rows.of(flow.lines, len(flow.stations), second)
    ports = Ports(rows, flow.lines, [max(PORT, 2 * head(width)[1] + 2) for width in widths])
    boxes = _boxes(flow, cards, rows, ports, max([NARROWEST_GAP, *(room + 12 for room in rooms)]))
    drawn = _Drawn(rows, ports, boxes)
    routes = [drawn.route(index, line, widths[index], rooms[index]) for index, line in enumerate(flow.lines)]
    floor = max(box.bottom for box in boxes) + _depth(rows.below[-1])
    return Layout(tuple(boxes), tuple(routes), max(box.right for box in boxes) + MARGIN, floor)


def _depth(lanes: int) -> float:
    """Return the room that so many lanes take beside a row of cards."""
    return FIRST_LANE + LANE * (lanes - 1) + LANE / 2 if lanes else LANE / 2


def _boxes(flow: Flow, cards: Sequence[Card], rows: Rows, ports: Ports, gap: float) -> list[Box]:
    """Return the boxes of all stations; those that stand below each other are equally wide, with the gaps in line."""
    columns = [0.0] * rows.columns
    for station, card in enumerate(cards):
        column = rows.column(station)
        columns[column] = max(columns[column], card.width, ports.room(station))
    boxes: list[Box] = []
    top: float = MARGIN + _depth(rows.above[0])
    for row, members in enumerate(rows.members):
        held = [cards[station] for station in members]
        footer = FOOTER if any(card.footer for card in held) else 0
        rest = max(len(card.rows) for card in held) + max(len(card.badges) for card in held)
        body = 14 + max(len(card.title) for card in held) * TITLE_LINE + rest * ROW_LINE
        for station in members:
            column = rows.column(station)
            card_like = flow.stations[station].is_card
            height = body + footer if card_like else min(body, end_height(cards[station]))
            left = MARGIN + sum(columns[:column]) + gap * column
            boxes.append(Box(left, top + (0 if card_like else (body - height) / 2), columns[column], height))
        if row + 1 < len(rows.members):
            between = rows.below[row] + rows.across + rows.above[row + 1]
            top = max(box.bottom for box in boxes) + FIRST_LANE + LANE * (between - 1) + FIRST_LANE
    return boxes


def end_height(card: Card) -> float:
    """Return the height of the start or of a won end."""
    return 22 + len(card.title) * TITLE_LINE + (len(card.rows) + len(card.badges)) * ROW_LINE


class _Drawn:
    """Routes of lines between boxes that have their places."""

    def __init__(self, rows: Rows, ports: Ports, boxes: Sequence[Box]) -> None:
        self._rows, self._ports, self._boxes = rows, ports, boxes
        held = [[boxes[station] for station in members] for members in rows.members]
        self._tops = [min(box.y for box in row) for row in held]
        self._feet = [max(box.bottom for box in row) for row in held]
        self._middles = [row[0].middle[1] for row in held]

    def route(self, index: int, line: Line, width: float, room: float) -> Route:
        """Return the corners of a line, and the slot of its label."""
        source, target = self._boxes[line.source], self._boxes[line.target]
        if self._rows.level(line) is None:
            y = self._middles[self._rows.row(line.source)]
            label = _slot((source.right + target.x) / 2, y - width / 2 - 3 - LABEL_HEIGHT / 2, room)
            return Route(((source.right, y), (target.x, y)), width, label)
        # Ports lie on cards, so that no vertical ever passes a gap: the gap in the middle is free in this lane.
        gap = self._rows.gap(line)
        y = self._lane(index, line)
        (x1, y1), (x2, y2) = (self._end(index, station, y) for station in (line.source, line.target))
        left = self._in_column(gap).right
        right = self._in_column(gap + 1).x if self._rows.columns > 1 else left
        return Route(((x1, y1), (x1, y), (x2, y), (x2, y2)), width, _slot((left + right) / 2, y, room))

    def _lane(self, index: int, line: Line) -> float:
        row, lane = self._rows.row(line.source), self._rows.lanes[index]
        if self._rows.crosses(line):
            return self._feet[0] + FIRST_LANE + LANE * (self._rows.below[0] + lane)
        away = FIRST_LANE + LANE * lane
        return self._tops[row] - away if line.course == "skip" else self._feet[row] + away

    def _end(self, index: int, station: int, lane: float) -> tuple[float, float]:
        """Return where a line meets a card, on the side of the card that its lane runs on."""
        box = self._boxes[station]
        return self._ports.x(index, station, box.x, box.width), box.y if lane < box.y else box.bottom

    def _in_column(self, column: int) -> Box:
        return next(box for station, box in enumerate(self._boxes) if self._rows.column(station) == column)


def _slot(x: float, y: float, room: float) -> Box:
    return Box(x - room / 2, y - LABEL_HEIGHT / 2, room, LABEL_HEIGHT)
