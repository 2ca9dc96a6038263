"""The rule for tasks that are done, or logged, when it is too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.10
"""One in ten is logged in the evening of the next day by somebody who was busy; more is a habit."""


def task_done_late(facts: Facts) -> Iterator[Finding]:
    """A required task is done too late, or logged afterwards.

    **Symptom.** The activities that show the task happened, but only after the deal had gone on from the stage, or
    later than the playbook says it has to be done. Where times have no hours the same day is in time. Deals without
    any such activity are told by `required-task-not-done`.

    **Remedy.** Ask which of the two it is. Work that is done in time and logged late makes the log useless for the
    people who need it next: let activities be logged from where they happen. Work that is done late means that the
    deal moved on a promise: make the task an exit criterion of the stage, or move it to the stage where it is done.
    """
    for late in frequent(facts, "task-late", OFTEN):
        yield pattern("task-done-late", late, f"Deals that owed the task of {late.stage}, done or not.")
