"""The nodes and flows of a playbook's BPMN, and where they stand: skips above the line, losses and returns below."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Literal

from processminer.diagrams.lanes import pack_lanes
from processminer.diagrams.lettering import shorten, text_width
from processminer.diagrams.markup import named
from processminer.diagrams.reach import moves_in_reach
from processminer.diagrams.slugs import slugs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.playbook.model import Playbook
    from processminer.playbook.moves import Moves
    from processminer.playbook.parts.stages import Stage

Course = Literal["next", "skip", "return", "won", "lost"]
Kind = Literal["start", "task", "optional", "gateway", "parallel", "won", "lost", "end"]
Bounds = tuple[float, float, float, float]
Point = tuple[float, float]

SIZES: dict[Kind, tuple[int, int]] = {
    "start": (36, 36), "task": (100, 80), "optional": (100, 80), "gateway": (50, 50), "parallel": (50, 50),
    "won": (36, 36), "lost": (36, 36), "end": (36, 36),
}  # fmt: skip
_WIDER = (100, 140, 180, 240, 320)
"""Widths of a task; a long name gets the first in which it fits into four lines."""
_AIR, _CHOICE_AIR = 36, 130
"""Room behind a node; behind a choice its labels need more."""
_LANE = 30
_EDGE = 40
_DOCK = 12.5
"""Losses and returns leave the lower sides of a gateway half-way, not its tip, so that they run apart."""


def size_of(kind: Kind, name: str) -> tuple[float, float]:
    """Return width and height of a node: the usual ones of its kind, but for a task whose name needs more room."""
    width, height = SIZES[kind]
    if kind in {"task", "optional"}:
        width = next((one for one in _WIDER if _lines(name, one - 16) <= 4), _WIDER[-1])
    return width, height


def _lines(name: str, room: float) -> int:
    """Return into how many lines a name breaks; a word that is wider than the room breaks anywhere."""
    lines, left = 0, 0.0
    for word in name.split():
        width = text_width(f"{word} ", 12)
        if width > left:
            more = max(1, ceil(width / room))
            lines, left = lines + more, room * more
        left -= width
    return lines


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node; the name of a stage's task is the stage's name."""

    id: str
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow between two nodes, by their ids."""

    id: str
    kind: Course
    name: str
    source: str
    target: str


@dataclass(slots=True)
class Sketch:
    """Nodes in the order in which they stand on the line, each loss behind its gateway; and the flows."""

    nodes: list[Node] = field(default_factory=list[Node])
    flows: list[Flow] = field(default_factory=list[Flow])

    def flow(self, kind: Course, name: str, source: str, target: str) -> None:
        """Add a flow; its id tells its ends."""
        # No id of a node holds a hyphen: no two pairs of ends give one id.
        self.flows.append(Flow(f"flow_{source}-{target}", kind, name, source, target))


def sketch(playbook: Playbook) -> Sketch:
    """Return the nodes and flows that say what `allowed_moves` allows, and a loss from every stage.

    A gateway stands only where ways part or meet. Stages that no deal can come to are left out.
    """
    moves, names = moves_in_reach(playbook)
    ids = dict(zip(playbook.names, slugs(playbook.names), strict=True))
    drawn = [_Stop(stage, ids[stage.name]) for stage in playbook.stages if stage.name in names]
    plan = Sketch()
    entries = _add_nodes(plan, playbook, moves, drawn)
    _add_start(plan, moves, drawn, entries)
    for place in range(len(drawn)):
        _add_ways(plan, drawn, place, moves, entries)
    if entries[""] != "won":
        plan.flow("won", "", entries[""], "won")
    return plan


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stage that is drawn, and the id that its nodes share."""

    stage: Stage
    slug: str

    @property
    def name(self) -> str:
        return self.stage.name


def _add_nodes(plan: Sketch, playbook: Playbook, moves: Moves, drawn: Sequence[_Stop]) -> dict[str, str]:
    """Add all nodes, and return the id of the node by which each stage, and the win (""), is entered."""
    lost = named(next(iter(playbook.outcomes.lost), "Closed Lost"))
    entries: dict[str, str] = {}
    plan.nodes.append(Node("start", "start", "New deal"))
    if len(moves.starts) > 1:
        plan.nodes.append(Node("begin", "gateway", "Where does it begin?"))
    for stop in drawn:
        entries[stop.name] = f"stage_{stop.slug}"
        if (stop.name in moves.starts) + sum(target == stop.name for _, target in moves.between) > 1:
            entries[stop.name] = f"into_{stop.slug}"
            plan.nodes.append(Node(f"into_{stop.slug}", "gateway", ""))
        name = named(stop.name)
        plan.nodes.append(Node(f"stage_{stop.slug}", "optional" if stop.stage.optional else "task", name))
        if _parts(stop.name, moves):
            plan.nodes.append(Node(f"after_{stop.slug}", "gateway", f"After {shorten(name, 150, 11)}?"))
        plan.nodes.append(Node(f"lost_{stop.slug}", "lost", lost))
    entries[""] = "won"
    if len(moves.wins) > 1:
        entries[""] = "wins"
        plan.nodes.append(Node("wins", "gateway", ""))
    if moves.wins:
        plan.nodes.append(Node("won", "won", named(next(iter(playbook.outcomes.won), "Closed Won"))))
    return entries


def _parts(name: str, moves: Moves) -> bool:
    """Tell whether anything but a loss may come after a stage."""
    return name in moves.wins or any(source == name for source, _ in moves.between)


def _add_start(plan: Sketch, moves: Moves, drawn: Sequence[_Stop], entries: dict[str, str]) -> None:
    begin = "begin" if len(moves.starts) > 1 else "start"
    if begin != "start":
        plan.flow("next", "", "start", begin)
    for place, stop in enumerate(drawn):
        if stop.name in moves.starts:
            label = _short(stop.name) if begin != "start" else ""
            plan.flow("skip" if place else "next", label, begin, entries[stop.name])


def _add_ways(plan: Sketch, drawn: Sequence[_Stop], place: int, moves: Moves, entries: dict[str, str]) -> None:
    """Add the flows into a stage's task and everything that may come after it."""
    name, slug = drawn[place].name, drawn[place].slug
    stage, after = f"stage_{slug}", f"after_{slug}"
    if entries[name] != stage:
        plan.flow("next", "", entries[name], stage)
    if not _parts(name, moves):
        plan.flow("lost", "", stage, f"lost_{slug}")
        return
    plan.flow("next", "", stage, after)
    for other, target in enumerate(stop.name for stop in drawn):
        if (name, target) in moves.between:
            back = other <= place
            course: Course = "return" if back else "next" if other == place + 1 else "skip"
            plan.flow(
                course, _short(f"back to {named(target)}", 125) if back else _short(target), after, entries[target]
            )
    if name in moves.wins:
        plan.flow("won" if place == len(drawn) - 1 else "skip", "won", after, entries[""])
    plan.flow("lost", "lost", after, f"lost_{slug}")


def _short(label: str, room: float = 112) -> str:
    """Return a label of a flow short enough for one line; the task bears the name of its stage whole."""
    return shorten(named(label), room, 11)


@dataclass(frozen=True, slots=True)
class Places:
    """Bounds of nodes and labels, and the corners of flows, by id."""

    nodes: dict[str, Bounds]
    labels: dict[str, Bounds]
    ways: dict[str, tuple[Point, ...]]


def lay_out_process(plan: Sketch) -> Places:
    """Return where everything stands, in pixels from the upper left."""
    order = {node.id: place for place, node in enumerate(plan.nodes)}
    lanes = _lanes(plan, order)
    above = max((lanes[flow.id] for flow in plan.flows if flow.kind == "skip"), default=-1) + 1
    line = _EDGE + _LANE * above + 90
    nodes = _nodes(plan, line)
    ways = {flow.id: _way(flow, nodes, line, lanes.get(flow.id, 0)) for flow in plan.flows}
    labels = {
        node.id: _node_label(node, nodes[node.id])
        for node in plan.nodes
        if node.name and node.kind not in {"task", "optional"}
    }
    labels |= {flow.id: _flow_label(flow, ways[flow.id]) for flow in plan.flows if flow.name}
    return Places(nodes, labels, ways)


def _lanes(plan: Sketch, order: dict[str, int]) -> dict[str, int]:
    lanes: dict[str, int] = {}
    for kind in ("skip", "return"):
        flows = [flow for flow in plan.flows if flow.kind == kind]
        ends = [sorted((order[flow.source], order[flow.target])) for flow in flows]
        lanes |= dict(zip((flow.id for flow in flows), pack_lanes([(a, b) for a, b in ends]), strict=True))
    return lanes


def _nodes(plan: Sketch, line: float) -> dict[str, Bounds]:
    bounds: dict[str, Bounds] = {}
    x: float = _EDGE
    choice: Bounds = (0, 0, 0, 0)
    chooses = {flow.source for flow in plan.flows if flow.name or flow.kind == "lost"}
    for node in plan.nodes:
        width, height = size_of(node.kind, node.name)
        if node.kind == "lost":
            bounds[node.id] = (choice[0] + choice[2] / 2 + _DOCK - width / 2, line + 80, width, height)
            continue
        bounds[node.id] = (x, line - height / 2, width, height)
        choice = bounds[node.id]
        x += width + (_CHOICE_AIR if node.id in chooses else _AIR)
    return bounds


def _way(flow: Flow, nodes: dict[str, Bounds], line: float, lane: int) -> tuple[Point, ...]:
    left, top, width, height = nodes[flow.source]
    x, y, breadth, depth = nodes[flow.target]
    if flow.kind == "lost":
        dock = left + width / 2 + _DOCK
        # A gateway is left at its lower right side; a task, which has no other way out, straight below.
        return ((dock, line + (_DOCK if height == SIZES["gateway"][1] else height / 2)), (dock, y))
    if flow.kind == "skip":
        level = line - 80 - _LANE * lane
        start, end = left + width / 2, x + breadth / 2
        return ((start, top), (start, level), (end, level), (end, y))
    if flow.kind == "return":
        level = line + 150 + _LANE * lane
        start, end = left + width / 2 - _DOCK, x + breadth / 2
        return ((start, line + height / 2 - _DOCK), (start, level), (end, level), (end, y + depth))
    return ((left + width, line), (x, line))


def _node_label(node: Node, bounds: Bounds) -> Bounds:
    x, y, width, height = bounds
    if node.kind == "gateway":
        return (x + width / 2 + 8, y - 20, 116, 28)
    if node.kind == "lost":
        return (x + width + 4, y + height / 2 - 7, min(110, text_width(node.name, 11) + 6), 14)
    room = min(110, text_width(node.name, 11) + 6)
    return (x + width / 2 - room / 2, y + height + 5, room, 14)


def _flow_label(flow: Flow, way: tuple[Point, ...]) -> Bounds:
    (x, y), (_, level) = way[0], way[1]
    room = min(_CHOICE_AIR, text_width(flow.name, 11) + 6)
    if flow.kind == "lost":
        return (x + 6, y + 22, room, 14)
    if flow.kind == "skip":
        return (x + 10, level - 17, room, 14)
    if flow.kind == "return":
        return (x - 10 - room, level + 4, room, 14)
    return (x + 6, y + 5, room, 14)
