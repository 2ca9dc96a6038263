"""What the maps show: stations on one line, and the lines between them, taken from counts that exist already."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from processminer.diagrams.declared import Declared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery, StageFlow, Variant
    from processminer.estimates.estimates import Estimates
    from processminer.estimates.figures import StageTime
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.roles import Handover
    from processminer.playbook.parts.stages import ServiceStage, Stage


@dataclass(frozen=True, slots=True)
class Station:
    """A stop on the line: the start, an open stage, a won end, or a stage of the service cycle after it."""

    name: str
    kind: Literal["start", "stage", "won", "service"]
    declared: bool | None
    """Whether the playbook knows it; None without a playbook."""
    deals: int
    lost: int = 0
    """Deals lost straight from here."""
    open: int = 0
    repeats: int = 0
    """Visits beyond the first one of each deal."""
    reopened: int = 0
    """Moves that came here out of a lost state."""
    time: StageTime | None = None
    stage: Stage | None = None
    """What the playbook says of it."""
    service: ServiceStage | None = None
    """What the playbook says of it as a stage after the win."""
    handovers: tuple[Handover, ...] = ()
    """What changes hands as deals come here; told on the drawing of a playbook alone."""
    may_repeat: bool = False
    """Whether the playbook lets a deal come here straight from here."""
    out_of_reach: bool = False
    """Whether no deal can come here by what the playbook allows."""

    @property
    def is_card(self) -> bool:
        """Whether it is drawn as a card rather than as an end of the line."""
        return self.kind in {"stage", "service"}


@dataclass(frozen=True, slots=True)
class Line:
    """Moves between two stations, known by their places on the line."""

    source: int
    target: int
    count: int
    """0 for a move that the playbook allows and nobody made."""
    deals: int
    median_days: float | None
    """None for a start, and for a move that nobody made."""
    declared: bool | None
    service: bool = False
    """Whether it is no move of a deal but what sets off a service stage, or the deal that such a stage opens."""

    @property
    def course(self) -> Literal["next", "skip", "return"]:
        """To the next station on the line, beyond it, or back."""
        if self.target < self.source:
            return "return"
        return "next" if self.target == self.source + 1 else "skip"


@dataclass(frozen=True, slots=True)
class Flow:
    """Stations in their order, and the lines by source and target."""

    stations: tuple[Station, ...]
    lines: tuple[Line, ...]
    measured: bool
    """Whether deals were counted; else it shows what a playbook allows."""
    deals: int
    """Deals with a path."""
    moves: int
    """Different moves of the log; each is a used line (a start is no move) or one of the next four."""
    losses: int
    """Moves into a lost state: said in the card they leave from."""
    repeats: int
    """Moves from a stage to itself: said in its badge."""
    reopenings: int
    """Moves out of a lost state into a stage of the map: said in the card they lead to."""
    afterwards: int
    """Moves from one end of a deal to a lost one: shown nowhere, but counted."""

    @property
    def with_playbook(self) -> bool:
        """Whether the lines know if the playbook allows them."""
        return any(station.declared is not None for station in self.stations)

    @property
    def allowed(self) -> int:
        """How many moves the playbook allows, starts and wins included, where nothing was counted."""
        repeats = sum(station.may_repeat for station in self.stations)
        return sum(not line.service for line in self.lines) + repeats

    @property
    def used(self) -> tuple[Line, ...]:
        """Lines that a deal took."""
        return tuple(line for line in self.lines if line.count)


def read_flow(
    discovery: Discovery,
    estimates: Estimates | None = None,
    *,
    conformance: Conformance | None = None,
    playbook: Playbook | None = None,
) -> Flow:
    """Return the flow of a log, in playbook order where there is a playbook, else in the log's order.

    An undeclared stage stands behind the declared one that deals mostly came from when they entered it (the median
    over deals); a declared stage that no deal visited stands in its place, empty.
    """
    declared = Declared(discovery, conformance, playbook)
    stations = _stations(discovery, estimates, declared)
    place = {station.name: index for index, station in enumerate(stations) if station.kind != "start"}
    kinds = {stage.stage: stage.kind for stage in discovery.stages}
    lines = [*_starts(discovery, place, declared)]
    elsewhere: Counter[str] = Counter()
    reopened: Counter[str] = Counter()
    for move in discovery.moves:
        kind = _kind_of(move.source, move.target, kinds)
        if kind == "line":
            source, target = place[move.source], place[move.target]
            allowed = declared.move(move.source, move.target)
            lines.append(Line(source, target, move.count, move.deals, move.median_days, allowed))
        else:
            elsewhere[kind] += 1
        if kind == "reopening":
            reopened[move.target] += move.count
    lines += _unused(stations, lines, declared)
    return Flow(
        stations=(stations[0], *(replace(station, reopened=reopened[station.name]) for station in stations[1:])),
        lines=tuple(sorted(lines, key=lambda line: (line.source, line.target))),
        measured=True,
        deals=stations[0].deals,
        moves=len(discovery.moves),
        losses=elsewhere["loss"],
        repeats=elsewhere["repeat"],
        reopenings=elsewhere["reopening"],
        afterwards=elsewhere["afterwards"],
    )


def _kind_of(source: str, target: str, kinds: Mapping[str, str]) -> str:
    """Tell whether a move is drawn as a line or said in a card."""
    if source == target:
        return "repeat"
    if kinds[target] == "lost":
        return "loss" if kinds[source] == "open" else "afterwards"
    return "reopening" if kinds[source] == "lost" else "line"


def _stations(discovery: Discovery, estimates: Estimates | None, declared: Declared) -> list[Station]:
    times = {} if estimates is None else {time.stage: time for time in estimates.stages}
    start = Station("Start", "start", declared=declared.known or None, deals=sum(f.starts for f in discovery.stages))
    found = [
        _station(flow, times.get(flow.stage), declared)
        for flow in discovery.stages
        if flow.kind == "open" and (flow.deals or declared.stage(flow.stage))
    ]
    seen = {station.stage.name for station in found if station.stage is not None}
    found += [
        Station(stage.name, "stage", declared=True, deals=0, stage=stage)
        for stage in declared.stages
        if stage.name not in seen
    ]
    won = [_station(flow, None, declared) for flow in discovery.stages if flow.kind == "won"]
    ends = won or [Station(next(iter(declared.won), "Won"), "won", declared=declared.known or None, deals=0)]
    ordered = _in_order(found, discovery.variants, declared)
    behind = _after_the_win(ordered, discovery.variants, {station.name for station in won})
    return [start, *(station for station in ordered if station not in behind), *ends, *behind]


def _after_the_win(stations: Sequence[Station], variants: Sequence[Variant], won: set[str]) -> list[Station]:
    """Return the stages that come after a win: those of the service cycle, in its order, then what is mostly so."""
    service = [station for station in stations if station.kind == "service"]
    others: list[Station] = []
    for station in stations:
        if station.kind == "service" or station.stage is not None:
            continue
        visits = [(one.path[: one.path.index(station.name)], one.deals) for one in variants if station.name in one.path]
        after = sum(deals for path, deals in visits if not won.isdisjoint(path))
        if 2 * after > sum(deals for _, deals in visits):
            others.append(station)
    return [*service, *others]


def _station(flow: StageFlow, time: StageTime | None, declared: Declared) -> Station:
    service = None if flow.kind == "won" else declared.service(flow.stage)
    return Station(
        name=flow.stage,
        kind="won" if flow.kind == "won" else "stage" if service is None else "service",
        declared=(declared.known or None) if flow.kind == "won" else declared.stage(flow.stage),
        deals=flow.deals,
        lost=flow.lost_here,
        open=flow.open,
        repeats=flow.visits - flow.deals,
        time=time,
        stage=declared.of(flow.stage),
        service=service,
    )


def _in_order(stations: Sequence[Station], variants: Sequence[Variant], declared: Declared) -> list[Station]:
    """Put declared stages into playbook order, and the others among them; all into the log's order without one."""
    if not declared.stages:
        return list(stations)
    place = {stage.name: index for index, stage in enumerate(declared.stages)}
    after = {service.name: index for index, service in enumerate(declared.cycle)}
    keys: dict[str, tuple[float, ...]] = {}
    for index, station in enumerate(stations):
        if station.stage is not None:
            keys[station.name] = (place[station.stage.name], 0, 0, index)
        elif station.service is not None:
            keys[station.name] = (len(place), 0, after[station.service.name], index)
        else:
            behind, depth = _where_it_sits(station.name, variants, declared, place)
            keys[station.name] = (behind, 1, depth, index)
    return sorted(stations, key=lambda station: keys[station.name])


def _where_it_sits(
    name: str, variants: Sequence[Variant], declared: Declared, place: dict[str, int]
) -> tuple[float, float]:
    """Return the place of the declared stage visited last before the first visit of `name`, and how deep in the path.

    Both are medians over deals; -1 stands for the front of the line.
    """
    behind: list[tuple[float, int]] = []
    depth: list[tuple[float, int]] = []
    for variant in variants:
        if name in variant.path:
            first = variant.path.index(name)
            stages = (declared.of(step) for step in reversed(variant.path[:first]))
            behind.append((next((place[stage.name] for stage in stages if stage is not None), -1), variant.deals))
            depth.append((first, variant.deals))
    return _median(behind), _median(depth)


def _median(weighted: Iterable[tuple[float, int]]) -> float:
    ranked = sorted(weighted)
    half = sum(weight for _, weight in ranked) / 2
    reached = 0
    for value, weight in ranked:
        reached += weight
        if reached >= half:
            return value
    return -1


def _starts(discovery: Discovery, place: dict[str, int], declared: Declared) -> list[Line]:
    return [
        Line(0, place[flow.stage], flow.starts, flow.starts, None, declared.start(flow.stage))
        for flow in discovery.stages
        if flow.starts and flow.stage in place
    ]


def _unused(stations: Sequence[Station], lines: Sequence[Line], declared: Declared) -> list[Line]:
    """Return the moves that the playbook allows and nobody made, each once, whatever aliases its stages have."""
    moved = [line for line in lines if stations[line.source].kind != "start"]
    used = {(declared.name(stations[line.source].name), declared.name(stations[line.target].name)) for line in moved}
    place: dict[str, int] = {}
    for index, station in enumerate(stations):
        if station.kind != "start":
            place.setdefault(declared.name(station.name), index)
    allowed = {(declared.name(source), declared.name(target)) for source, target in declared.pairs}
    idle = {(place[a], place[b]) for a, b in allowed - used if a in place and b in place and a != b}
    begun = {declared.name(stations[line.target].name) for line in lines if line.source == 0}
    idle |= {(0, place[name]) for name in (declared.starts or frozenset()) - begun}
    return [Line(source, target, 0, 0, None, declared=True) for source, target in idle]
