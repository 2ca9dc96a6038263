"""A mined process as BPMN: its blocks nest, so that they can be laid out without a crossing.

A sequence runs along its line, the ways of a choice or a parallel lie below each other, and what leads back in a loop
runs below it from right to left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from processminer.diagrams.bpmn import write_bpmn
from processminer.diagrams.bpmn_layout import SIZES, Bounds, Flow, Kind, Node, Places, Point, Sketch, size_of
from processminer.diagrams.lettering import text_width
from processminer.diagrams.markup import named
from processminer.diagrams.slugs import slugs

if TYPE_CHECKING:
    from processminer.engines.petri import Block

_AIR = 40
"""Room between two nodes, and between two ways."""
_SHORT = 20
"""Height of a way on which nothing happens."""
_EDGE = 40

Direction = Literal[1, -1]


def draw_block(block: Block, name: str) -> str:
    """Return a process as BPMN XML: a user task per activity, a gateway where ways part or meet.

    Ids follow from the names of activities and the order of blocks. The process is not executable.
    """
    drawn = _Drawing(dict(_ids(block)))
    width, up, _ = _measure(block)
    line = _EDGE + max(up, SIZES["start"][1] / 2)
    begun = drawn.stand("start", "start", "Start", _EDGE, line)
    x = _EDGE + SIZES["start"][0] + _AIR
    way = drawn.place(block, _Way(begun, ((x - _AIR, line),)), (x, line), 1)
    drawn.stand("end", "end", "End", x + width + _AIR, line)
    drawn.join(way, "end", (x + width + _AIR, line))
    return write_bpmn(name, drawn.plan, drawn.places, {})


def _ids(block: Block) -> list[tuple[int, str]]:
    """Return an id for every block with an activity."""
    leaves = _leaves(block)
    return [
        (id(leaf), f"task_{slug}") for leaf, slug in zip(leaves, slugs([leaf.name for leaf in leaves]), strict=True)
    ]


def _leaves(block: Block) -> list[Block]:
    if block.kind == "activity":
        return [block]
    return [leaf for part in block.parts for leaf in _leaves(part)]


def _measure(block: Block) -> tuple[float, float, float]:
    """Return a block's width, and its height above and below the line by which it is entered and left."""
    if block.kind == "activity":
        breadth, height = size_of("task", named(block.name))
        return breadth, height / 2, height / 2
    if block.kind == "silent":
        return 0, _SHORT / 2, _SHORT / 2
    sizes = [_measure(part) for part in block.parts]
    if block.kind == "sequence":
        width = sum(size[0] for size in sizes) + _AIR * (len(sizes) - 1)
        return width, max(size[1] for size in sizes), max(size[2] for size in sizes)
    gateway: float = SIZES["gateway"][0]
    below = sizes[0][2] + sum(_AIR + up + down for _, up, down in sizes[1:])
    return (
        max(size[0] for size in sizes) + 2 * (gateway + _AIR),
        max(sizes[0][1], gateway / 2 + 20),  # the label of a gateway stands above it
        max(below, gateway / 2),
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """A flow that has left its source and not come to its target yet."""

    source: str
    corners: tuple[Point, ...]

    def by(self, *corners: Point) -> _Way:
        """Return the way led on."""
        return _Way(self.source, self.corners + corners)


@dataclass(slots=True)
class _Drawing:
    """A process and its places, grown from its start on."""

    ids: dict[int, str]
    plan: Sketch = field(default_factory=Sketch)
    places: Places = field(default_factory=lambda: Places({}, {}, {}))
    gateways: int = 0

    def stand(self, name: str, kind: Kind, label: str, left: float, line: float) -> str:
        """Put a node on a line, and return its id."""
        width, height = size_of(kind, label)
        self.plan.nodes.append(Node(name, kind, label))
        self.places.nodes[name] = (left, line - height / 2, width, height)
        if label and kind != "task":
            self.places.labels[name] = _label(kind, label, self.places.nodes[name])
        return name

    def join(self, way: _Way, target: str, *corners: Point) -> None:
        """End a way at a node."""
        flow = Flow(f"flow_{len(self.plan.flows) + 1}", "next", "", way.source, target)
        self.plan.flows.append(flow)
        self.places.ways[flow.id] = _straight((*way.corners, *corners))

    def place(self, block: Block, way: _Way, at: Point, to: Direction) -> _Way:
        """Draw a block from a point on, to the right (1) or to the left (-1), and return the way out of it."""
        x, line = at
        if block.kind == "silent":
            return way
        if block.kind == "activity":
            width = size_of("task", named(block.name))[0]
            name = self.stand(self.ids[id(block)], "task", named(block.name), x if to == 1 else x - width, line)
            self.join(way, name, at)
            return _Way(name, ((x + to * width, line),))
        if block.kind == "sequence":
            for part in block.parts:
                way = self.place(part, way, (x, line), to)
                x += to * (_measure(part)[0] + _AIR)
            return way
        return self._ways(block, way, at, to)

    def _ways(self, block: Block, way: _Way, at: Point, to: Direction) -> _Way:
        """Draw a choice, a parallel or a loop: two gateways, its first part between them, the others below."""
        (x, line), (width, *_) = at, _measure(block)
        size, half = SIZES["gateway"][0], SIZES["gateway"][0] / 2
        far = x + to * width
        kind: Kind = "parallel" if block.kind == "parallel" else "gateway"
        self.gateways += 1
        ask = {"choice": ("Which way?", ""), "loop": ("", "Again?")}.get(block.kind, ("", ""))
        near_id, far_id = f"{block.kind}_{self.gateways}_in", f"{block.kind}_{self.gateways}_out"
        self.stand(near_id, kind, ask[0], x if to == 1 else x - size, line)
        self.join(way, near_id, at)
        inner, outer = x + to * size, far - to * size
        first = self.place(block.parts[0], _Way(near_id, ((inner, line),)), (inner + to * _AIR, line), to)
        self.stand(far_id, kind, ask[1], outer if to == 1 else far, line)
        self.join(first, far_id, (outer, line))
        under, tip = line + _measure(block.parts[0])[2], line + half
        ends = (near_id, x + to * half, inner + to * _AIR), (far_id, far - to * half, outer - to * _AIR)
        towards: Direction = to
        if block.kind == "loop":
            ends, towards = (ends[1], ends[0]), 1 if to == -1 else -1
        (begin, from_x, start), (end, to_x, _) = ends
        for part in block.parts[1:]:
            _, up, down = _measure(part)
            level = under + _AIR + up
            under = level + down
            led = self.place(part, _Way(begin, ((from_x, tip), (from_x, level))), (start, level), towards)
            self.join(led, end, (to_x, level), (to_x, tip))
        return _Way(far_id, ((far, line),))


def _straight(corners: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return a way without the corners at which it does not turn."""
    kept: list[Point] = []
    for corner in corners:
        if kept and kept[-1] == corner:
            continue
        if len(kept) > 1 and any(kept[-2][axis] == kept[-1][axis] == corner[axis] for axis in (0, 1)):
            kept.pop()
        kept.append(corner)
    return tuple(kept)


def _label(kind: Kind, label: str, bounds: Bounds) -> Bounds:
    x, y, width, height = bounds
    room = min(110, text_width(label, 11) + 6)
    return (x + width / 2 - room / 2, y - 19 if kind == "gateway" else y + height + 5, room, 14)
