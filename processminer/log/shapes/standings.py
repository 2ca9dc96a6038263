"""One row a deal that says how it stands: when it began, since when it is in its stage, and when it was won or lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.shapes.notes import note_of
from processminer.log.shapes.source import Source, made_source
from processminer.log.shapes.statuses import ENDED, name_statuses

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Recognition

KINDS = ("first-stage-unknown", "end-undated", "unknown-status")
"""What `standing_rows` marks its rows with."""


def read_standings(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source made of each deal's beginning, its present stage, and its end; the stages between are unknown.

    Makes `standings` and `status_words`.
    """
    part = found.parts["deals"]
    table, columns = part.table, dict(part.columns)
    if "created" in columns:
        columns.setdefault("started", columns["created"])
    by_stage = found.profile.ended_by_stage
    written = {role: text_of(columns.get(role)) for role in ("deal", "stage", "status", "started")}
    written["status"] = written["stage"] if by_stage else written["status"]
    times = {
        role: time_of(relations, table, columns.get(role), conventions)
        for role in ("started", "entered", "won_at", "lost_at", "closed")
    }
    name_statuses(relations, f"SELECT {written['status']} FROM {quoted(table.name)}", found.profile.statuses)
    relations.run(
        f"CREATE OR REPLACE VIEW standings AS SELECT {written['deal']} AS deal, {written['stage']} AS stage, "
        f"{written['status']} AS status, {written['started']} AS started_text, {by_stage} AS by_stage, "
        + ", ".join(f"{time} AS {role}" for role, time in times.items())
        + f", {'entered' in columns} AS tells_entry, {table.row_number} AS position FROM {quoted(table.name)}"
    )
    relations.run(read_sql("processminer.log.shapes", "standing_rows.sql"))
    sql = "SELECT deal, stage, entered_text, entered, position FROM standing_rows WHERE entered_text IS NOT NULL"
    relations.run(f"CREATE OR REPLACE VIEW ended_deals AS {ENDED.format('standing_rows')}")
    notes = tuple(note_of(relations, kind, "standing_rows", f"note = '{kind}'", deal="deal") for kind in KINDS)
    source = made_source(relations, part, sql, loses_returns=True)
    return replace(source, notes=notes, ended="ended_deals", whole_paths=False)
