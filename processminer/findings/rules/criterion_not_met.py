"""The rule for entry and exit criteria that deals leave unmet, the number of contacts among them."""

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
    """Deals leave a stage although its exit criterion is not met, or enter one without what it asks for.

    **Symptom.** Deals went on to a later stage, or were won, and the fields that the criterion looks at are empty,
    nothing that shows it was done, or fewer people of the buyer take part than the stage asks for. Criteria of entry
    are held against every deal that came to the stage. Where the log has the history of a field, it counts as it was
    at that moment. Else the export shows fields as they are today: a field filled too late counts as filled, so that
    the share found here is the least it can be.

    **Remedy.** Let the CRM require the fields at this stage. If people cannot know the answer so early, move the
    criterion to the stage where they can. Whether meeting it helps to win cannot be read from fields that may have
    been filled in after the fact, so this rule never advises to drop it.
    """
    for kind in ("criterion-missing", "too-few-contacts"):
        for unmet in frequent(facts, kind, OFTEN):
            came = f"Deals that went on from {unmet.stage}, or were won, and of which the log can tell."
            yield pattern("criterion-not-met", unmet, came)
    for unmet in frequent(facts, "entry-criterion-missing", OFTEN):
        yield pattern("criterion-not-met", unmet, f"Deals that came to {unmet.stage}, and of which the log can tell.")
