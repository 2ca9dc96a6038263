"""Timers of a BPMN process: one on the border of a task is its time limit, the others are told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.imports.bpmn.durations import length_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.playbook.imports.bpmn.elements import Node, Process


def limit_of(process: Process, stage: str) -> str | None:
    """Return the time limit that the first readable timer on the border of a stage states."""
    event = _limiting(process, stage)
    return None if event is None else length_text(event.timer)


def other_timers(process: Process) -> Iterator[str]:
    """Yield the timers that are no time limit: dates, expressions, second ones, and waits between stages."""
    for node in process.nodes.values():
        if node.timer and node is not _limiting(process, node.attached_to):
            where = (
                f"on {process.nodes[node.attached_to].name}" if node.attached_to in process.nodes else "between stages"
            )
            yield f"{node.timer} {where}"


def _limiting(process: Process, stage: str) -> Node | None:
    on_it = (node for node in process.nodes.values() if stage and node.attached_to == stage and node.timer)
    return next((node for node in on_it if length_text(node.timer) is not None), None)
