"""Activities that stand among the stages, as they do in event logs of one column: told by the playbook's tasks."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from processminer.log.names import fold
from processminer.log.words_known import outcome_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from processminer.engines.relations import Relations
    from processminer.log.names import Names
    from processminer.log.shapes.source import Source

ALIKE = 0.75
"""The likeness (Ratcliff and Obershelp, 1983) from which a label is taken for another name of a declared stage."""


def activities_among(labels: Collection[str], names: Names, stages: Collection[str]) -> frozenset[str]:
    """Return the labels that are activities, none where the playbook's tasks are not among them.

    Where they are, the column tells of more than stages: a label that the playbook does not know is an activity then,
    too, unless it means an outcome, is one of the `stages` (folded) that the export says deals stand in, or is much
    like the name of a declared stage.
    """
    declared = {fold(name) for name in (*names.order, *names.aliases, *names.won, *names.lost)}
    tasks = {fold(name) for name in names.tasks} - declared
    folded = {label: fold(label) for label in labels}
    if not names.order or not tasks.intersection(folded.values()):
        return frozenset()
    known = [*declared, *stages]
    return frozenset(
        label
        for label, one in folded.items()
        if one in tasks or (outcome_of(label) is None and not get_close_matches(one, known, 1, ALIKE))
    )


def put_inline_tasks(relations: Relations, activities: Mapping[str, str]) -> None:
    """Make `inline_tasks(raw, name)`: what is written where a stage should be, and the activity that it is."""
    columns = {"raw": list(activities), "name": list(activities.values())}
    relations.put("inline_tasks", columns, {"raw": "VARCHAR", "name": "VARCHAR"})


def write_inline_tasks(relations: Relations, source: Source) -> None:
    """Add to `task_rows` the rows of a source that are activities by `inline_tasks`."""
    relations.run(
        f"""INSERT INTO task_rows
        SELECT deal_id, occurred_at, true, name, name, actor, position,
               CASE WHEN deal_id IS NULL THEN 1 WHEN deleted THEN 3 WHEN occurred_at IS NULL THEN 2 ELSE 0 END,
               NULL::TIMESTAMP, NULL::TIMESTAMP
        FROM (SELECT {source.deal} AS deal_id, {source.entered} AS occurred_at, {source.stage} AS stage,
                     {source.position} AS position, {source.actor} AS actor, {source.deleted} AS deleted
              FROM {source.relation}) JOIN inline_tasks ON raw = stage"""
    )
