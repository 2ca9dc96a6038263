"""The ways between stages that a BPMN process leaves when its gateways and events are passed through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from processminer.playbook.imports.bpmn.elements import Process


@dataclass(slots=True)
class Ways:
    """What may follow what, by the ids of nodes; only what a start leads to."""

    starts: list[str] = field(default_factory=list[str])
    after: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Stage to the stages that may follow."""
    ends: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Stage to the ends that may follow; an end without a node, behind a stage that nothing leaves, is ''."""
    unreached: list[str] = field(default_factory=list[str])
    """Stages that no start leads to."""
    repeated: list[str] = field(default_factory=list[str])
    """Stages that may follow themselves at once."""


def ways_of(process: Process) -> Ways:
    """Return the ways of a process. A stage is left by the events on its border as well as by its flows."""
    after = {key: list(targets) for key, targets in process.after.items()}
    for key, node in process.nodes.items():
        # A timer that nothing follows says how long the stage may take; it ends no deal.
        if node.attached_to in after and not node.beside and (process.after[key] or not node.timer):
            after[node.attached_to].append(key)
    entered = {target for targets in after.values() for target in targets}
    begin = [key for key, node in process.nodes.items() if node.kind == "start"]
    # BPMN lets a process begin at whatever nothing leads to, where it draws no start.
    begin = begin or [key for key, node in process.nodes.items() if key not in entered and not node.attached_to]
    ways = Ways()
    ways.starts, _ = _next(process, after, begin)
    ahead = list(ways.starts)
    while ahead:
        stage = ahead.pop(0)
        if stage in ways.after:
            continue
        following, ends = _next(process, after, after[stage])
        if not after[stage]:
            ends = [""]
        if stage in following:
            following.remove(stage)
            ways.repeated.append(stage)
        ways.after[stage], ways.ends[stage] = following, ends
        ahead += following
    ways.unreached = [key for key, node in process.nodes.items() if node.kind == "stage" and key not in ways.after]
    return ways


def _next(process: Process, after: dict[str, list[str]], begin: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the stages and the ends that come next, gateways and events passed through."""
    found: dict[str, None] = {}
    ends: dict[str, None] = {}
    seen: set[str] = set()
    ahead = list(begin)
    while ahead:
        key = ahead.pop(0)
        if key in seen:
            continue
        seen.add(key)
        match process.nodes[key].kind:
            case "stage":
                found[key] = None
            case "end":
                ends[key] = None
            case _:
                ahead += after[key]
                if not after[key]:
                    ends[key] = None
    return list(found), list(ends)
