"""Changes of any field in CRMs where a win is a status and no stage: the status gives each path its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.shapes.changes import read_changes
from processminer.log.shapes.flows import with_flows
from processminer.log.shapes.notes import note_of
from processminer.log.shapes.statuses import name_statuses

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.shapes.source import Source
    from processminer.log.sources.recognise import Part, Recognition

STATUSES = "SELECT status FROM standing UNION SELECT unnest([old, new]) FROM all_changes WHERE field = 'status'"
"""The query of every status that a record or a change names."""


def read_status_changes(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source of the changes of stage, with an end where the status, changed or recorded, says won or lost.

    Makes what `read_changes` makes, and the tables `status_words`, `status_moves`, `ended_deals` and `status_ends`.
    """
    table = found.parts["history"].table
    found = with_flows(relations, found)
    source = replace(read_changes(relations, found, conventions), table=table)
    _view_standing(relations, found.parts.get("deals"), conventions)
    name_statuses(relations, STATUSES, found.profile.statuses)
    for made in ("status_moves", "ended_deals", "status_ends"):
        relations.run(read_sql("processminer.log.shapes", f"{made}.sql"))
    relations.run(
        "INSERT INTO change_rows BY NAME SELECT deal_id, stage, occurred_at, false AS untimed, false AS deleted, "
        "actor, writer, position FROM status_moves WHERE NOT repeated UNION ALL BY NAME "
        "SELECT deal_id, label AS stage, ended AS occurred_at, false AS untimed, false AS deleted FROM status_ends"
    )
    (moves,) = relations.row("SELECT count(*) FROM status_moves")
    notes = (
        note_of(relations, "end-from-status", "status_ends", "dated"),
        note_of(relations, "end-undated", "status_ends", "NOT dated"),
        note_of(relations, "reopened-status", "status_moves", "reopens"),
        note_of(relations, "status-repeated", "status_moves", "repeated"),
    )
    return replace(source, rows=source.rows + int(moves), notes=(*source.notes, *notes), ended="ended_deals")


def _view_standing(relations: Relations, part: Part | None, conventions: Conventions) -> None:
    """Make the view of how each deal's own record says that it stands, and when it came to stand so."""
    if part is None or not {"status", "won_at", "lost_at"} & set(part.columns):
        relations.run(
            "CREATE OR REPLACE VIEW standing AS SELECT NULL::VARCHAR AS deal_id, NULL::VARCHAR AS same_id, "
            "NULL::VARCHAR AS status, NULL::TIMESTAMP AS won_at, NULL::TIMESTAMP AS lost_at, "
            "NULL::TIMESTAMP AS closed_at WHERE false"
        )
        return
    columns = part.columns
    times = ", ".join(
        f"{time_of(relations, part.table, columns.get(role), conventions)} AS {name}"
        for role, name in (("won_at", "won_at"), ("lost_at", "lost_at"), ("closed", "closed_at"))
    )
    relations.run(
        f"CREATE OR REPLACE VIEW standing AS SELECT known.deal_id, known.same_id, told.* EXCLUDE (deal_id) "
        f"FROM (SELECT {text_of(columns['deal'])} AS deal_id, {text_of(columns.get('status'))} AS status, {times}, "
        f"{part.table.row_number} AS place FROM {quoted(part.table.name)}) told "
        "JOIN known_deal_stages AS known USING (deal_id) "
        "QUALIFY row_number() OVER (PARTITION BY deal_id ORDER BY place DESC) = 1"
    )
