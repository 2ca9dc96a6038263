"""Which jumps and returns of a log are worth a comparison: those that the playbook allows, or many deals take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.estimates.ways.ways import Asked
from processminer.log.names import fold
from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.discovery.discovery import Discovery
    from processminer.playbook.model import Playbook

FEWEST = 30
"""With fewer deals that took it, nothing could be told."""

MOST_FROM_IT = 0.9
"""Of the deals that pass a stage by, so many must do it by one jump: then the jump is the matter, not the stage."""

ELSEWHERE = 0.1
"""Of the deals that come to a stage or past it, so many must come from elsewhere and keep to it, likewise."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A move over required stages that the playbook does not allow; all by their declared names."""

    source: str
    target: str
    over: tuple[str, ...]
    """The required stages between, in order."""
    deals: int
    concerns: tuple[str, ...]
    """Those of them that hardly any deal passes by in another way."""


def asked_ways(discovery: Discovery, playbook: Playbook) -> tuple[Asked, ...]:
    """Return the ways to compare, in the order of the playbook: what it permits, then what many deals take anyway."""
    log_name = log_names(discovery, playbook)
    taken = moved(discovery, playbook)
    permitted = [
        *((one.name, other, "skip") for one in playbook.stages for other in one.may_skip_to),
        *((one.name, other, "return") for one in playbook.stages for other in one.may_return_to),
    ]
    jumped = [(jump.source, jump.target, "skip") for jump in jumps(discovery, playbook)]
    place = {name: index for index, name in enumerate(playbook.names)}
    returned = [(source, target, "return") for source, target in taken if place[target] < place[source]]
    found = dict.fromkeys((*permitted, *jumped, *returned))
    return tuple(
        Asked("skip" if kind == "skip" else "return", log_name[source], log_name[target])
        for source, target, kind in found
        if taken.get((source, target), 0) >= FEWEST
    )


def jumps(discovery: Discovery, playbook: Playbook) -> tuple[Jump, ...]:
    """Return the jumps that the playbook forbids and that no single stage explains, in the order of the playbook.

    Either several required stages lie between, or one that deals from elsewhere keep to.
    """
    taken = moved(discovery, playbook)
    place = {name: index for index, name in enumerate(playbook.names)}
    allowed = allowed_moves(playbook).between
    required = [stage.name for stage in playbook.stages if not stage.optional]
    told: list[Jump] = []
    for source, target in sorted(taken, key=lambda move: (place[move[0]], place[move[1]])):
        over = tuple(name for name in required if place[source] < place[name] < place[target])
        if not over or (source, target) in allowed or taken[source, target] < FEWEST:
            continue
        concerns = tuple(name for name in over if _mostly_by(source, target, place[name], taken, place))
        if concerns and (len(over) > 1 or _kept_elsewhere(source, place[concerns[0]], taken, place)):
            told.append(Jump(source, target, over, taken[source, target], concerns))
    return tuple(told)


def _mostly_by(source: str, target: str, here: int, taken: dict[tuple[str, str], int], place: dict[str, int]) -> bool:
    """Tell whether nearly all deals that pass a stage by do it by one jump."""
    passing = sum(deals for (one, other), deals in taken.items() if place[one] < here < place[other])
    return taken[source, target] >= MOST_FROM_IT * passing


def _kept_elsewhere(source: str, here: int, taken: dict[tuple[str, str], int], place: dict[str, int]) -> bool:
    """Tell whether enough deals come to a stage from other ones than the source of a jump, so that they keep to it."""
    coming = {move: deals for move, deals in taken.items() if place[move[0]] < here <= place[move[1]]}
    others = sum(deals for (one, other), deals in coming.items() if one != source and place[other] == here)
    return others >= ELSEWHERE * sum(coming.values())


def moved(discovery: Discovery, playbook: Playbook) -> dict[tuple[str, str], int]:
    """Return how many deals took each move between declared stages, by declared names."""
    declared = dict(_declared_names(playbook))
    counted: dict[tuple[str, str], int] = {}
    for move in discovery.moves:
        source, target = declared.get(fold(move.source)), declared.get(fold(move.target))
        if source is not None and target is not None and source != target:
            counted[source, target] = counted.get((source, target), 0) + move.deals
    return counted


def _declared_names(playbook: Playbook) -> Iterator[tuple[str, str]]:
    for stage in playbook.stages:
        for name in (stage.name, *stage.aliases):
            yield fold(name), stage.name


def log_names(discovery: Discovery, playbook: Playbook) -> dict[str, str]:
    """Return what the log calls each declared stage: of several names, the one that most deals bear."""
    declared = dict(_declared_names(playbook))
    told: dict[str, str] = {}
    for flow in sorted(discovery.stages, key=lambda flow: flow.deals):
        name = declared.get(fold(flow.stage))
        if name is not None and flow.kind == "open":
            told[name] = flow.stage
    return told
