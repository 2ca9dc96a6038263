"""One row a deal with the seconds it spent in each stage: entries are worked out from them in the order of stages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.columns import Conventions, number_of, text_of, time_of
from processminer.log.shapes.notes import note_of
from processminer.log.shapes.source import Source, made_source
from processminer.log.shapes.statuses import ENDED, name_statuses

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part, Recognition

KINDS = ("times-reconstructed", "return-unseen", "end-undated", "unreadable-durations")
"""What `duration_rows` marks its rows with."""


def read_durations(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source made of the lengths of stays; a deal's present stage keeps the time that the export gives it.

    Returns cannot be seen, and all but the first and the present stage stand at reconstructed times. Makes
    `stays_told`, `stage_places`, `status_words` and `duration_rows`.
    """
    part = found.parts["deals"]
    columns, table = part.columns, part.table
    status = text_of(columns.get("status"))
    name_statuses(relations, f"SELECT {status} FROM {quoted(table.name)}", found.profile.statuses)
    _view_places(relations, found.parts.get("stages"))
    times = ", ".join(
        f"{time_of(relations, table, columns.get(role), conventions)} AS {role}"
        for role in ("created", "entered", "closed")
    )
    relations.run(
        f"CREATE OR REPLACE VIEW stays_told AS SELECT {text_of(columns['deal'])} AS deal, {text_of(columns['stage'])} "
        f"AS stage, {text_of(columns['created'])} AS created_text, {text_of(columns['durations'])} AS stays, "
        f"{status} AS status, {times}, {table.row_number} AS position FROM {quoted(table.name)}"
    )
    relations.run(read_sql("processminer.log.shapes", "duration_rows.sql"))
    sql = "SELECT deal, stage, entered_text, entered, position FROM duration_rows WHERE stage IS NOT NULL"
    source = made_source(relations, part, sql, loses_returns=True)
    relations.run(f"CREATE OR REPLACE VIEW ended_deals AS {ENDED.format('duration_rows')}")
    (seen_until,) = relations.row("SELECT max(seen_until) FROM duration_rows")
    notes = tuple(note_of(relations, kind, "duration_rows", f"note = '{kind}'", deal="deal") for kind in KINDS)
    return replace(source, notes=notes, seen_until=seen_until, times_made=True, ended="ended_deals")


def _view_places(relations: Relations, part: Part | None) -> None:
    """Make the view of where each stage stands in the pipeline, by its id and by its label."""
    if part is None:
        relations.run(
            "CREATE OR REPLACE VIEW stage_places AS SELECT NULL::VARCHAR AS stage, NULL::VARCHAR AS label, "
            "NULL::DOUBLE AS place WHERE false"
        )
        return
    columns = part.columns
    relations.run(
        f"CREATE OR REPLACE VIEW stage_places AS SELECT {text_of(columns['stage'])} AS stage, "
        f"{text_of(columns.get('label'))} AS label, {number_of(columns.get('position'))} AS place "
        f"FROM {quoted(part.table.name)}"
    )
