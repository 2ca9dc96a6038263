"""The rule for losses that nobody explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.10
"""One loss in ten without a reason still leaves nine to learn from."""


def unexplained_loss(facts: Facts) -> Iterator[Finding]:
    """Lost deals do not say why they were lost.

    **Symptom.** The column that the playbook names in `outcomes.loss_reason` is empty in the record of lost deals.

    **Remedy.** Let the CRM ask for the reason when a deal is closed as lost, from a short list with one choice for
    "nobody decided". Reasons that are asked for weeks later are guesses. Without them nobody can tell a lost
    competition from a buyer who should not have been in the pipeline.
    """
    for unsaid in frequent(facts, "no-loss-reason", OFTEN):
        yield pattern("unexplained-loss", unsaid, "Lost deals that have a path.")
