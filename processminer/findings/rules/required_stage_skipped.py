"""The rule for required stages that deals pass by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import comparison_numbers, grade_beside, say_comparison
from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.05
"""One deal in twenty may have its reasons; above that, people do not follow the rule or the rule does not fit."""


def required_stage_skipped(facts: Facts) -> Iterator[Finding]:
    """A required stage is passed by.

    **Symptom.** Deals reach a later stage, or are won, without ever having been in this one. Deals that are still on
    their way to it, and deals lost before it, owe it nothing and are not counted. In an alignment these are moves on
    model.

    **Remedy.** Look first at the comparison of deals that took the stage with similar deals that did not, from the
    moment both had to decide. If taking it helps, enforce it: let the CRM refuse the next stage until its exit
    criteria are met. If leaving it out does no harm, make it optional. If the comparison cannot tell, wait for the
    number of deals it names, or let one team leave the stage out for a while.
    """
    for skipped in frequent(facts, "skipped", OFTEN):
        effect = facts.effect("stage", skipped.subject)
        yield pattern(
            "required-stage-skipped",
            skipped,
            f"Deals that came to {skipped.subject} or past it, or were won; those still before it are left out.",
            beside=say_comparison(effect),
            numbers=comparison_numbers(effect, facts.family),
            grade=grade_beside(effect, facts.family),
        )
