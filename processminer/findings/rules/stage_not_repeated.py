"""The rule for rounds that leave out a required stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.05
"""One such shortcut in twenty may be common sense: what was done once need not always be done again."""


def stage_not_repeated(facts: Facts) -> Iterator[Finding]:
    """Deals that went back do not go through a required stage again.

    **Symptom.** A deal had been in the stage, went back to an earlier one as the playbook allows, and then went past
    the stage without entering it a second time. The playbook asks for each required stage on every round.

    **Remedy.** Decide what a return means. If everything behind it has to be done anew, enforce it. If not, say so:
    `may_skip_to` on the stage to which deals go back lets them return to where they came from.
    """
    for repeated in frequent(facts, "not-repeated", OFTEN):
        yield pattern("stage-not-repeated", repeated, f"Deals that had been in {repeated.subject}.")
