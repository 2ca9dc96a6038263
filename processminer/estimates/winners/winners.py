"""What there is to learn from deals that were won: examples to follow, what comes before an advance, and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.discovery.exemplars import exemplars
from processminer.estimates.winners.before_advance import before_advance
from processminer.estimates.winners.rule_list import rule_list

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.discovery.exemplars import Exemplars
    from processminer.estimates.winners.before_advance import BeforeAdvance
    from processminer.estimates.winners.rule_list import RuleList


@dataclass(frozen=True, slots=True)
class Winners:
    """Descriptions, all of them: nothing here is a ground to change the playbook."""

    exemplars: Exemplars
    before_advance: tuple[BeforeAdvance, ...]
    """Stage by stage, the most telling first; empty where the log shows no activity."""
    rules: RuleList | None
    """None where too few deals came to one stage."""


def winners(discovery: Discovery) -> Winners:
    """Return what won deals, and deals that went on, have in common; needs `stays` and `deal_variants`."""
    return Winners(exemplars(discovery), before_advance(discovery), rule_list(discovery))
