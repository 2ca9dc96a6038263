"""Changes of any field in CRMs where a win is a status and no stage: the status gives each path its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.shapes.changes import EXAMPLES, read_changes
from processminer.log.shapes.flows import with_flows
from processminer.log.shapes.source import Note, Source
from processminer.log.shapes.statuses import name_statuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part, Recognition

TREATMENT = {
    "end-from-status": "Made: a won or lost deal ends when its own record says; no change of status does.",
    "end-undated": "Made: a won or lost deal whose record says no time of it ends at the last thing known of it.",
    "reopened-status": "Used: a status set back to open brings the deal back to the stage it stood in.",
    "status-repeated": "Used once: the status said again how the deal already stood.",
}


def read_status_changes(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source of the changes of stage, with an end where the status, changed or recorded, says won or lost.

    Makes what `read_changes` makes, and the tables `status_words`, `status_moves`, `ended_deals` and `status_ends`.
    """
    table = found.parts["history"].table
    found = with_flows(relations, found)
    source = replace(read_changes(relations, found, conventions), table=table)
    _view_standing(relations, found.parts.get("deals"), conventions)
    name_statuses(relations, _statuses_told(relations), found.profile.statuses)
    for made in ("status_moves", "ended_deals", "status_ends"):
        relations.run(read_sql("processminer.log.shapes", f"{made}.sql"))
    relations.run(
        "INSERT INTO change_rows BY NAME SELECT deal_id, stage, occurred_at, false AS untimed, false AS deleted, "
        "actor, writer, position FROM status_moves WHERE NOT repeated UNION ALL BY NAME "
        "SELECT deal_id, label AS stage, ended AS occurred_at, false AS untimed, false AS deleted FROM status_ends"
    )
    (moves,) = relations.row("SELECT count(*) FROM status_moves")
    notes = (*source.notes, *_notes(relations))
    return replace(source, rows=source.rows + int(moves), notes=notes, ended="ended_deals")


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


def _statuses_told(relations: Relations) -> list[str | None]:
    """Return every status that a record or a change names."""
    rows = relations.rows(
        "SELECT status FROM standing UNION SELECT unnest([old, new]) FROM all_changes WHERE field = 'status' ORDER BY 1"
    )
    return [word for (word,) in rows]


def _notes(relations: Relations) -> Iterator[Note]:
    for kind, relation, which in (
        ("end-from-status", "status_ends", "dated"),
        ("end-undated", "status_ends", "NOT dated"),
        ("reopened-status", "status_moves", "reopens"),
        ("status-repeated", "status_moves", "repeated"),
    ):
        rows, examples = relations.row(
            f"SELECT count(*), coalesce(min(DISTINCT deal_id, {EXAMPLES}), []) FROM {relation} WHERE {which}"
        )
        yield Note(kind, int(rows), TREATMENT[kind], tuple(examples))
