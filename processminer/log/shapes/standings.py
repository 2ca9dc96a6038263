"""One row a deal that says how it stands: when it began, since when it is in its stage, and when it was won or lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.shapes.source import Note, Source, made_source
from processminer.log.shapes.statuses import ENDED, name_statuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Recognition

TREATMENT = {
    "first-stage-unknown": "Made: the deal begins as 'Open', for the export does not say in which stage.",
    "end-undated": "Made: a won or lost deal of which no column says when ends at the last thing known of it.",
    "unknown-status": "Used as open: the status is no word that is known, and no date says won or lost.",
}
EXAMPLES = 5


def read_standings(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source made of each deal's beginning, its present stage, and its end; the stages between are unknown.

    Makes `standings` and `status_words`.
    """
    part = found.parts["deals"]
    table, columns = part.table, part.columns
    written = {role: text_of(columns.get(role)) for role in ("deal", "stage", "status", "started")}
    times = {
        role: time_of(relations, table, columns.get(role), conventions)
        for role in ("started", "entered", "won_at", "lost_at", "closed")
    }
    name_statuses(
        relations,
        [
            word
            for (word,) in relations.rows(
                f"SELECT DISTINCT {written['status']} AS s FROM {quoted(table.name)} ORDER BY s"
            )
        ],
        found.profile.statuses,
    )
    relations.run(
        f"CREATE OR REPLACE VIEW standings AS SELECT {written['deal']} AS deal, {written['stage']} AS stage, "
        f"{written['status']} AS status, {written['started']} AS started_text, "
        + ", ".join(f"{time} AS {role}" for role, time in times.items())
        + f", {'entered' in columns} AS tells_entry, {table.row_number} AS position FROM {quoted(table.name)}"
    )
    relations.run(read_sql("processminer.log.shapes", "standing_rows.sql"))
    sql = "SELECT deal, stage, entered_text, entered, position FROM standing_rows WHERE entered_text IS NOT NULL"
    relations.run(f"CREATE OR REPLACE VIEW ended_deals AS {ENDED.format('standing_rows')}")
    source = made_source(relations, part, sql, loses_returns=True)
    return replace(source, notes=tuple(_notes(relations)), ended="ended_deals")


def _notes(relations: Relations) -> Iterator[Note]:
    for kind, treatment in TREATMENT.items():
        rows, examples = relations.row(
            f"SELECT count(*), coalesce(min(deal, {EXAMPLES}), []) FROM standing_rows WHERE note = '{kind}'"
        )
        yield Note(kind, int(rows), treatment, tuple(examples))
