"""Whether tasks can be taught and criteria can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.lint.page import Found, Page, Rule, criteria_of, is_blank, tasks_of
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.playbook.parts.stages import Criterion, Task

PARTS = ("by", "how", "material", "output")
"""The four parts of a good manual: who does it, how, with what, and what comes out."""


def absent_parts(task: Task) -> tuple[str, ...]:
    """Return the parts of a good manual that a task does not say, or leaves blank."""
    return tuple(part for part in PARTS if is_blank(getattr(task, part)))


def can_be_shown(criterion: Criterion) -> bool:
    """Tell whether a log with every column and activity that it names could show that a criterion is met."""
    return bool(criterion.seen_as) or 0 < criterion.needed <= len(criterion.fields)


def _incomplete_task(page: Page) -> Iterator[Found]:
    """Find tasks that lack one of the four parts of a good manual."""
    for path, task in tasks_of(page.playbook):
        if absent := absent_parts(task):
            message = f"the task {task.do!r} does not say {say_list([repr(part) for part in absent])}."
            mend = f"Write {say_list([f'`{part}: ...`' for part in absent])} under {task.do!r}."
            yield Found(path, message, mend)


def _unseen_task(page: Page) -> Iterator[Found]:
    """Find tasks of stages that no activity of the log shows."""
    for path, task in tasks_of(page.playbook):
        if path[0] == "stages" and not task.seen_as:
            mend = f"Write the log's name of it, such as `seen_as: [Call]`, or log {task.do!r} from now on."
            yield Found(path, f"the task {task.do!r} has no 'seen_as'.", mend)


def _criterion_without_field(page: Page) -> Iterator[Found]:
    """Find criteria that no column and no activity of the log shows."""
    for path, _, criterion in criteria_of(page.playbook):
        if not criterion.fields and not criterion.seen_as:
            if criterion.uses is None and criterion.of is None:
                mend = "Write the column that is filled when it is met, `field: ...`, or the activity, `seen_as: ...`."
            else:
                elements = ", ".join(f"{element}: ..." for element in criterion.elements)
                mend = f"Write the column behind each element: `of: {{{elements}}}`."
            yield Found(path, f"the criterion {criterion.name!r} names no field and no activity.", mend)


def _element_without_column(page: Page) -> Iterator[Found]:
    """Find elements of a block of qualification that no column shows, where others have one."""
    for path, _, criterion in criteria_of(page.playbook):
        bare = [element for element, column in criterion.elements.items() if column is None]
        if not bare or not criterion.fields:
            continue
        message = f"of {criterion.name!r}, {say_list(bare)} {'names' if len(bare) == 1 else 'name'} no column."
        if not can_be_shown(criterion):
            have = len(criterion.fields)
            message += f" {criterion.needed} are needed and {have} can be seen: no deal can be shown to meet it."
        mend = f"Write the column behind {say_list(bare)}, as in `of: {{{bare[0]}: Name_of_the_column}}`."
        yield Found((*path, "of") if criterion.of is not None else path, message, mend)


RULES = (
    Rule(
        "incomplete-task",
        _incomplete_task,
        "A task can be taught and handed over when it says who does it, how, with what material, and what comes out.",
    ),
    Rule(
        "unseen-task",
        _unseen_task,
        "Without an activity of the log that shows it, nobody can check whether the task was done.",
    ),
    Rule(
        "criterion-without-field",
        _criterion_without_field,
        "Without a column of the log that shows it, nobody can check whether the criterion was met.",
    ),
    Rule(
        "element-without-column",
        _element_without_column,
        "What nobody writes down is not known to be established, and the audit cannot count it.",
    ),
)
"""Rules on tasks and criteria."""
