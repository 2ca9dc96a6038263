"""Calls, mails and meetings: the touch points, each a task event of a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.columns import Conventions, ids_of, text_of, time_of, yes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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


DONE = ("completed", "done", "closed")

PLANNED = (
    "not_started",
    "in_progress",
    "waiting",
    "deferred",
    "scheduled",
    "rescheduled",
    "canceled",
    "no_show",
    "failed",
)
"""What HubSpot says of a call, mail, meeting or task that did not take place, or not yet."""


def write_task_rows(
    relations: Relations, part: Part | None, conventions: Conventions, links: Part | None = None
) -> None:
    """Make `task_rows(deal_id, occurred_at, stamped, name, subject, actor, position, fault, started_at, ended_at)`.

    An activity counts as done if its status or flag says so, or if it bears a completion time, or if there is nothing
    that could say so. Its time is that of completion (`stamped`), else the one it was set for, else the day it was due;
    an activity that is planned but not done is no event. Where a column lists its deals, or a table, `links`, joins it
    to them, it is an event of each. Where both its beginning and its end are known, they are kept as `started_at` and
    `ended_at`. Needs `stage_rows` and `records`.
    """
    relations.run(
        "CREATE OR REPLACE TABLE task_rows (deal_id VARCHAR, occurred_at TIMESTAMP, stamped BOOLEAN, name VARCHAR, "
        "subject VARCHAR, actor VARCHAR, position BIGINT, fault UTINYINT, started_at TIMESTAMP, ended_at TIMESTAMP)"
    )
    if part is None:
        return
    columns, table = part.columns, part.table
    done_at, set_for, due_at, started, ended = (
        time_of(relations, table, columns.get(role), conventions)
        for role in ("done_at", "set_for", "due_at", "started_at", "ended_at")
    )
    key, pairs = _linked(part, links)
    _write_task_deals(relations, pairs)
    relations.run(
        f"""INSERT INTO task_rows
        SELECT coalesce(linked, own) AS deal_id, coalesce(done_at, set_for, due_at) AS occurred_at, done_at IS NOT NULL,
               coalesce(name, subject), subject, actor, position,
               CASE WHEN deal_id IS NULL THEN 1 WHEN deleted THEN 3 WHEN done_at IS NULL AND NOT done THEN 4
                    WHEN occurred_at IS NULL THEN 2 ELSE 0 END,
               CASE WHEN began <= ended THEN began END, CASE WHEN began <= ended THEN ended END
        FROM (SELECT {key} AS task, {text_of(columns.get("deal"))} AS own,
                     {done_at} AS done_at, {set_for} AS set_for, {due_at} AS due_at, {_done(columns)} AS done,
                     {text_of(columns.get("name"))} AS name, {text_of(columns.get("subject"))} AS subject,
                     {text_of(columns.get("actor"))} AS actor, {table.row_number} AS position,
                     {yes_of(columns.get("deleted"))} AS deleted,
                     -- What has an end of its own began when it was set for, if nothing else says when.
                     coalesce({started}, CASE WHEN {ended} IS NOT NULL THEN coalesce({set_for}, {due_at}) END) AS began,
                     coalesce({ended}, {done_at}) AS ended
              FROM {quoted(table.name)})
        LEFT JOIN task_deals USING (task)"""
    )


def _done(columns: Mapping[str, str]) -> str:
    """Return the expression that is true where status or flag say that an activity was done, or nothing says so."""
    status, flag = (text_of(columns.get(role)) for role in ("status", "is_done"))
    words, among = (PLANNED, "NOT IN") if "set_for" in columns else (DONE, "IN")
    said = f"lower({status}) {among} ({', '.join(map(literal, words))})"
    return (
        f"CASE WHEN {status} IS NULL AND {flag} IS NULL THEN true "
        f"ELSE coalesce({said}, false) OR {yes_of(columns.get('is_done'))} END"
    )


def _linked(part: Part, links: Part | None) -> tuple[str, str | None]:
    """Return the expression of what an activity is known by, and the query of its deals, if any are told apart."""
    table, columns = part.table, part.columns
    if "deals" in columns:
        key = f"{table.row_number}::VARCHAR"
        return key, f"SELECT {key} AS task, {ids_of(columns['deals'])} AS deal_id FROM {quoted(table.name)}"
    if links is None or "task" not in columns:
        return text_of(None), None
    told = f"{text_of(links.columns['task'])} AS task, {text_of(links.columns['deal'])} AS deal_id"
    return text_of(columns["task"]), f"SELECT {told} FROM {quoted(links.table.name)}"


def _write_task_deals(relations: Relations, pairs: str | None) -> None:
    """Make `task_deals(task, linked)`: the deals of each activity, of those known the known ones.

    The others would set the activity aside as well.
    """
    relations.run("CREATE OR REPLACE TABLE task_deals (task VARCHAR, linked VARCHAR)")
    if pairs is None:
        return
    relations.run(
        f"""INSERT INTO task_deals
        SELECT task, unnest(coalesce(list(deal_id ORDER BY deal_id) FILTER (WHERE known), [min(deal_id)]))
        FROM (SELECT DISTINCT task, deal_id FROM ({pairs}))
        LEFT JOIN (SELECT deal_id, true AS known FROM records
                   UNION SELECT deal_id, true FROM stage_rows WHERE fault = 0) USING (deal_id)
        WHERE task IS NOT NULL AND deal_id IS NOT NULL
        GROUP BY task"""
    )
