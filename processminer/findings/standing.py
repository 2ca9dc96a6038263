"""How the playbook stands to a step that it does not require."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Trial
    from processminer.findings.facts import Facts
    from processminer.playbook.model import Playbook

Standing = Literal["optional", "not in the playbook"]


def standing_of(trial: Trial, playbook: Playbook) -> Standing | None:
    """Return how the playbook stands to a step that it does not require; None if it does, or knows no such step."""
    if trial.kind == "stage":
        stage = playbook.stage(trial.subject)
        return "optional" if stage is not None and stage.optional else None
    if trial.kind != "task":
        return None
    tasks = [task for stage in playbook.stages for task in stage.tasks if task.do == trial.subject]
    if not tasks:
        return "not in the playbook"
    return "optional" if all(task.optional for task in tasks) else None


SOON = 7.0
"""Days. What is done within the week before the signature is mostly part of winning, not a reason for it."""

SOON_SHARE = 0.1
"""Of the usual lead time to a win, where deals are so quick that a week is a long time."""


def days_of_signing(facts: Facts) -> float:
    """Return within how many days of a win what deals do is a sign of winning and no way to it."""
    usual = next((lead.median_days for lead in facts.discovery.lead_times if lead.outcome == "won"), SOON / SOON_SHARE)
    return min(SOON, SOON_SHARE * usual)
