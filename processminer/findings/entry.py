"""From where deals come into a stage that the playbook does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.discovery.discovery import Move
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage


@dataclass(frozen=True, slots=True)
class Entry:
    """Where most deals come in."""

    before: Stage | None
    """The declared stage before it; None where most begin at it."""
    hops: int
    """Undeclared stages that they went through in between."""


def entry_of(name: str, facts: Facts) -> Entry | None:
    """Return where most deals come into an undeclared stage; None if they only come from closed deals or in circles.

    Of equally frequent ways in, the first in the order of moves decides.
    """
    seen = {flow.stage for flow in facts.discovery.stages if flow.kind != "open"}
    current, hops = name, 0
    while True:
        seen.add(current)
        main = _main_way(current, seen, facts)
        starts = sum(flow.starts for flow in facts.discovery.stages if flow.stage == current)
        if starts and (main is None or starts >= main.deals):
            return Entry(None, hops)
        if main is None:
            return None
        declared = facts.declared(main.source)
        if declared is not None:
            return Entry(declared, hops)
        current, hops = main.source, hops + 1


def _main_way(name: str, seen: set[str], facts: Facts) -> Move | None:
    ways = (move for move in facts.discovery.moves if move.target == name and move.source not in seen)
    return max(ways, key=lambda move: move.deals, default=None)
