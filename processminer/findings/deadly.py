"""Whether more deals die in a stage than elsewhere, or a longer way only gives them one more place to."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage
    from processminer.statistics.estimated import Estimated


MUCH = 0.10
"""Ten points fewer won deals: one more stage in which deals are lost as in most others costs up to that."""


def only_longer(stage: Stage, difference: Estimated, facts: Facts) -> bool:
    """Tell whether what a stage costs may be what one more stage costs anywhere.

    `difference` is the change of the share won by going through it. Deals that are lost in a stage as in any other may
    have been lost elsewhere without it; where more are lost in it than in most stages, or it costs more than `MUCH` by
    its upper limit, that is its own doing.
    """
    lost = _lost(stage, facts)
    others = [share for one in facts.playbook.stages if one is not stage and (share := _lost(one, facts)) is not None]
    if lost is None or not others or lost > median(others):
        return False
    return difference.interval().high > -MUCH


def _lost(stage: Stage, facts: Facts) -> float | None:
    """Return the share lost straight from a stage, of the deals that have left it; None where none has."""
    flow = facts.flow(stage)
    return None if flow is None or flow.deals == flow.open else flow.lost_here / (flow.deals - flow.open)
