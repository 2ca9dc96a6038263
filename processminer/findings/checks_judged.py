"""How surely a task turns deals down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import TOLD
from processminer.findings.family import turns_down

if TYPE_CHECKING:
    from processminer.estimates.tasks_compared.tasks_compared import Check
    from processminer.findings.facts import Facts


def turns_deals_down(check: Check, facts: Facts, times: float = 1.0) -> bool:
    """Tell whether more deals, by more than `times`, are shown to be lost soon after a task than are lost otherwise."""
    rate = facts.family.rate(turns_down(check))
    return rate is not None and rate <= TOLD and check.lost_soon.low > times * check.lost_else.estimate
