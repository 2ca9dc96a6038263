"""The rule for required tasks that leave no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import comparison_numbers, grade_of, say_comparison
from processminer.findings.pattern import frequent, pattern
from processminer.words import say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.05
"""One missing task in twenty may just not have been logged."""


def required_task_not_done(facts: Facts) -> Iterator[Finding]:
    """A required task is not done, or not logged.

    **Symptom.** Deals left the stage forward with no activity that shows the task. Only tasks that say in `seen_as`
    which activity shows them can be judged; a deal that is still in the stage may yet do it.

    **Remedy.** Find out first whether it is undone or unlogged: ask about a few of the examples. If the comparison
    of similar deals says that doing it helps, make it an exit criterion. If it says that leaving it out does no
    harm, make it optional or drop it. "No significant difference" is not that proof.
    """
    for missing in frequent(facts, "task-missing", OFTEN):
        practice = facts.practice("task", missing.subject)
        where = f" {missing.stage}" if missing.stage else " its stage"
        yield pattern(
            "required-task-not-done",
            missing,
            f"{say_share(missing.deals, missing.reached)} deals left{where} without '{missing.subject}', a required"
            f" task.{say_comparison(practice)}",
            f"Deals that left{where} for a later stage or a win.",
            numbers=comparison_numbers(practice),
            grade=grade_of(practice),
        )
