"""The rule for exit criteria that deals leave unmet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.05
"""One unmet criterion in twenty may be an exception that somebody granted."""


def criterion_not_met(facts: Facts) -> Iterator[Finding]:
    """Deals leave a stage although its exit criterion is not met.

    **Symptom.** Deals went on to a later stage, or were won, and the fields that the criterion looks at are empty. An
    export shows fields as they are today: a field filled too late counts as filled, so that the share found here is
    the least it can be.

    **Remedy.** Let the CRM require the fields at this stage. If people cannot know the answer so early, move the
    criterion to the stage where they can. Whether meeting it helps to win cannot be read from fields that may have
    been filled in after the fact, so this rule never advises to drop it.
    """
    for unmet in frequent(facts, "criterion-missing", OFTEN):
        yield pattern(
            "criterion-not-met",
            unmet,
            f"Deals that went on from {unmet.stage}, or were won, and whose fields the log has.",
        )
