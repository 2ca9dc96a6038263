"""The rows that say which stage a deal entered and when, whatever the shape of the export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.columns import DateOrder, text_of, time_of, untimed_of, yes_of

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.recognise import Part, Recognition
    from processminer.log.tables import Table

FAULTS = {
    1: "no-deal",
    2: "no-time",
    3: "unreadable-time",
    4: "no-stage",
    5: "deleted",
    6: "after-as-of",
}
"""Why a row is set aside, by the number it is marked with."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the stage rows lie in the database, and the expressions that read them."""

    relation: str
    deal: str
    stage: str
    entered: str
    untimed: str
    """True where the row says no time at all, readable or not."""
    deleted: str
    position: str
    actor: str
    table: Table
    rows: int
    collapses: bool
    """Whether a row that repeats the stage before it is no event (a CRM's history) or a repeat (an event log)."""
    made: bool
    """Whether the rows were made of dated cells of wider ones."""
    file_order: bool
    """Whether the file's own order decides between equal times; else the stage order does."""


def stage_source(relations: Relations, found: Recognition, order: DateOrder | None) -> Source:
    """Return the source of stage rows of a recognised export."""
    if found.profile.shape == "wide":
        return _wide(relations, found, order)
    if found.profile.shape == "two-dates":
        return _two_dates(relations, found.parts["deals"], order)
    part = found.parts["history"]
    columns = part.columns
    return Source(
        relation=quoted(part.table.name),
        deal=text_of(columns["deal"]),
        stage=text_of(columns["stage"]),
        entered=time_of(relations, part.table, columns["entered"], order),
        untimed=untimed_of(part.table, columns["entered"]),
        deleted=yes_of(columns.get("deleted")),
        position=part.table.row_number,
        actor=text_of(columns.get("actor")),
        table=part.table,
        rows=part.table.rows,
        collapses=True,
        made=False,
        file_order=False,
    )


def _wide(relations: Relations, found: Recognition, order: DateOrder | None) -> Source:
    """Turn one column per stage into one row per stage that has a date."""
    part = found.parts["deals"]
    pattern = found.profile.stage_column
    assert pattern is not None
    matches = [(header, pattern.match(header)) for header in found.stage_columns]
    named = [(header, match["stage"], match["pipeline"]) for header, match in matches if match is not None]
    pipelines = {pipeline for _, _, pipeline in named}
    pieces: list[str] = []
    for header, stage, pipeline in named:
        label = stage if len(pipelines) == 1 else f"{stage} ({pipeline})"
        pieces.append(
            f"SELECT {text_of(part.columns['deal'])} AS deal, {literal(label)} AS stage, "
            f"{text_of(header)} AS entered_text, "
            f"{time_of(relations, part.table, header, order)} AS entered, {part.table.row_number} AS position "
            f"FROM {quoted(part.table.name)} WHERE {text_of(header)} IS NOT NULL"
        )
    return _made(relations, part, " UNION ALL ".join(pieces))


def _two_dates(relations: Relations, part: Part, order: DateOrder | None) -> Source:
    """Turn a beginning and an end into two rows; the stage begun in is the usual one of deals still under way."""
    table, columns = part.table, part.columns
    started, closed = (time_of(relations, table, columns[role], order) for role in ("started", "closed"))
    started_text, closed_text = text_of(columns["started"]), text_of(columns["closed"])
    stage, deal = text_of(columns["stage"]), text_of(columns["deal"])
    under_way = relations.rows(
        f"SELECT {stage} AS stage FROM {quoted(table.name)} "
        f"WHERE {started_text} IS NOT NULL AND {closed_text} IS NULL AND {stage} IS NOT NULL "
        "GROUP BY ALL ORDER BY count(*) DESC, stage LIMIT 1"
    )
    begun = str(under_way[0][0]) if under_way else "Open"
    sql = (
        f"SELECT {deal} AS deal, {literal(begun)} AS stage, {started_text} AS entered_text, {started} AS entered, "
        f"{table.row_number} AS position FROM {quoted(table.name)} WHERE {started_text} IS NOT NULL UNION ALL "
        f"SELECT {deal}, {stage}, {closed_text}, {closed}, {table.row_number} FROM {quoted(table.name)} "
        f"WHERE {closed_text} IS NOT NULL"
    )
    return _made(relations, part, sql)


def _made(relations: Relations, part: Part, sql: str) -> Source:
    """Keep rows that were made from wide ones as a table of their own."""
    relations.run(f"CREATE OR REPLACE TABLE made_rows AS {sql}")
    (rows,) = relations.row("SELECT count(*) FROM made_rows")
    return Source(
        relation="made_rows",
        deal="deal",
        stage="stage",
        entered="entered",
        untimed="entered_text IS NULL",
        deleted="false",
        position="position",
        actor="NULL::VARCHAR",
        table=part.table,
        rows=rows,
        collapses=True,
        made=True,
        file_order=False,
    )


def write_stage_rows(relations: Relations, source: Source) -> None:
    """Make `stage_rows(deal_id, occurred_at, code, position, actor, fault)`; fault 0 marks the rows that can be used.

    Needs the relation `labels(raw, code)`.
    """
    relations.run(
        f"""CREATE OR REPLACE TABLE stage_rows AS
        SELECT deal_id, occurred_at, code, position, actor,
               CASE WHEN deal_id IS NULL THEN 1 WHEN untimed THEN 2 WHEN occurred_at IS NULL THEN 3
                    WHEN code IS NULL THEN 4 WHEN deleted THEN 5 ELSE 0 END::UTINYINT AS fault
        FROM (SELECT {source.deal} AS deal_id, {source.entered} AS occurred_at, {source.untimed} AS untimed,
                     {source.stage} AS stage, {source.position} AS position, {source.actor} AS actor,
                     {source.deleted} AS deleted
              FROM {source.relation}) LEFT JOIN labels ON labels.raw = stage"""
    )
