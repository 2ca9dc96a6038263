"""The flow that a playbook allows, drawn without any deal: stages, the won end, and the service cycle behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.flow import Flow, Line, Station
from processminer.diagrams.reach import moves_in_reach
from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.playbook.model import Playbook


def declared_flow(playbook: Playbook) -> Flow:
    """Return the flow that a playbook allows, without any deal.

    Its lines are the starts, moves and wins of `allowed_moves`; a move from a stage to itself is told by the station.
    Lines of the service cycle lead from what sets a stage off, and to the stage where it opens a new deal; what a
    loss sets off has no line, for a loss is none either.
    """
    stations = tuple(_stations(playbook))
    place = {station.name: index for index, station in enumerate(stations) if station.kind == "stage"}
    sold = len(playbook.stages) + 1
    moves = allowed_moves(playbook)
    pairs = {(0, place[name]) for name in moves.starts} | {(place[name], sold) for name in moves.wins}
    pairs |= {(place[source], place[target]) for source, target in moves.between if source != target}
    lines = [Line(source, target, 0, 0, None, declared=True) for source, target in pairs]
    place |= dict.fromkeys(playbook.outcomes.won, sold)
    lines += [Line(*ends, 0, 0, None, declared=True, service=True) for ends in sorted(_cycle(playbook, place) - pairs)]
    ordered = tuple(sorted(lines, key=lambda line: (line.source, line.target)))
    return Flow(stations, ordered, False, 0, 0, 0, 0, 0, 0)  # noqa: FBT003 - nothing was counted


def _stations(playbook: Playbook) -> Iterator[Station]:
    moves = allowed_moves(playbook)
    _, reached = moves_in_reach(playbook)
    yield Station("Start", "start", declared=True, deals=0)
    for stage in playbook.stages:
        yield Station(
            stage.name,
            "stage",
            declared=True,
            deals=0,
            stage=stage,
            handovers=tuple(one for one in playbook.handovers if one.entering == stage.name),
            may_repeat=(stage.name, stage.name) in moves.between,
            out_of_reach=stage.name not in reached,
        )
    given = tuple(one for one in playbook.handovers if one.entering in playbook.outcomes.won)
    yield Station(next(iter(playbook.outcomes.won), "Won"), "won", declared=True, deals=0, handovers=given)
    for service in playbook.service:
        yield Station(service.name, "service", declared=True, deals=0, service=service)


def _cycle(playbook: Playbook, place: Mapping[str, int]) -> set[tuple[int, int]]:
    """Return the lines of the service cycle, by the places of their ends."""
    known = dict(place)
    pairs: set[tuple[int, int]] = set()
    for index, service in enumerate(playbook.service, start=len(playbook.stages) + 2):
        if service.begins_at in known:
            pairs.add((known[service.begins_at], index))
        if service.opens in known:
            pairs.add((index, known[service.opens]))
        known.setdefault(service.name, index)
    return {(source, target) for source, target in pairs if source != target}
