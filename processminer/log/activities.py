"""Calls, mails and meetings: the touch points, each a task event of a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.columns import Conventions, text_of, time_of, yes_of

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part

TASK_FAULTS = {
    1: "task-without-deal",
    2: "task-without-time",
    3: "task-deleted",
    4: "task-not-done",
    5: "task-of-unknown-deal",
    6: "task-after-as-of",
}
"""Why an activity is set aside, by the number it is marked with (5 and 6 are found once the deals are known)."""


def write_task_rows(relations: Relations, part: Part | None, conventions: Conventions) -> None:
    """Make `task_rows(deal_id, occurred_at, stamped, name, subject, actor, position, fault)`.

    An activity counts as done if its status or flag says so, or if it bears a completion time. Its time is that of
    completion (`stamped`), else the day it was due; an activity that is planned but not done is no event.
    """
    relations.run(
        "CREATE OR REPLACE TABLE task_rows (deal_id VARCHAR, occurred_at TIMESTAMP, stamped BOOLEAN, name VARCHAR, "
        "subject VARCHAR, actor VARCHAR, position BIGINT, fault UTINYINT)"
    )
    if part is None:
        return
    columns, table = part.columns, part.table
    done_at = time_of(relations, table, columns.get("done_at"), conventions)
    due_at = time_of(relations, table, columns.get("due_at"), conventions)
    status = f"coalesce(lower({text_of(columns.get('status'))}) IN ('completed', 'done', 'closed'), false)"
    tells = "status" in columns or "is_done" in columns
    done = f"({status} OR {yes_of(columns.get('is_done'))} OR {done_at} IS NOT NULL)" if tells else "true"
    relations.run(
        f"""INSERT INTO task_rows
        SELECT deal_id, coalesce(done_at, due_at), done_at IS NOT NULL, coalesce(name, subject), subject, actor,
               position,
               CASE WHEN deal_id IS NULL THEN 1 WHEN deleted THEN 3 WHEN NOT done THEN 4
                    WHEN coalesce(done_at, due_at) IS NULL THEN 2 ELSE 0 END
        FROM (SELECT {text_of(columns["deal"])} AS deal_id, {done_at} AS done_at, {due_at} AS due_at, {done} AS done,
                     {text_of(columns.get("name"))} AS name, {text_of(columns.get("subject"))} AS subject,
                     {text_of(columns.get("actor"))} AS actor, {table.row_number} AS position,
                     {yes_of(columns.get("deleted"))} AS deleted
              FROM {quoted(table.name)})"""
    )
