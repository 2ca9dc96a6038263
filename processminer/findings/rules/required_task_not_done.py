"""The rule for required tasks that leave no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import comparison_numbers, grade_beside, say_comparison
from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.05
"""One missing task in twenty may just not have been logged."""


def required_task_not_done(facts: Facts) -> Iterator[Finding]:
    """A required task is not done, or not logged.

    **Symptom.** Deals left the stage forward, and there is no activity that shows the task to this day. Only tasks
    that say in `seen_as` which activity shows them can be judged; a deal that is still in the stage may yet do it.
    What was done afterwards is told by `task-done-late`.

    **Remedy.** Find out first whether it is undone or unlogged: ask about a few of the examples. If the comparison
    of similar deals says that doing it helps, make it an exit criterion. If it says that leaving it out does no
    harm, make it optional or drop it. "No significant difference" is not that proof.
    """
    for missing in frequent(facts, "task-missing", OFTEN):
        effect = facts.effect("task", missing.subject, missing.stage)
        yield pattern(
            "required-task-not-done",
            missing,
            f"Deals that went on from {missing.stage}, or were won.",
            beside=say_comparison(effect),
            numbers=comparison_numbers(effect, facts.family),
            grade=grade_beside(effect, facts.family),
        )
