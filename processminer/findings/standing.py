"""How the playbook stands to a step that it does not require."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Trial
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
