"""From where deals come into a stage that the playbook does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.findings.facts import Facts
    from processminer.playbook.model import Stage


def entered_from(name: str, facts: Facts) -> tuple[Stage | None, int]:
    """Return the declared stage after which deals mostly enter this one, and over how many undeclared ones.

    None where most begin at it. Of equally frequent ways in, the first in the order of moves decides.
    """
    seen = {name}
    current, hops = name, 0
    while True:
        ways = [move for move in facts.discovery.moves if move.target == current and move.source not in seen]
        main = max(ways, key=lambda move: move.deals, default=None)
        starts = sum(flow.starts for flow in facts.discovery.stages if flow.stage == current)
        if main is None or starts >= main.deals:
            return None, hops
        declared = facts.declared(main.source)
        if declared is not None:
            return declared, hops
        seen.add(main.source)
        current, hops = main.source, hops + 1
