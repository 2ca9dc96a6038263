"""One row a deal with two dates: a beginning and an end, and nothing of the way between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.shapes.source import Source, made_source
from processminer.log.shapes.standings import read_standings

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Recognition


def read_two_dates(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source made of the two dates; the stage begun in is the usual one of deals still under way.

    Where a status says won and lost, or the stage while the end is only expected, `read_standings` reads it.
    """
    part = found.parts["deals"]
    if "status" in part.columns or found.profile.ended_by_stage:
        return read_standings(relations, found, conventions)
    table, columns = part.table, part.columns
    started, closed = (time_of(relations, table, columns[role], conventions) for role in ("started", "closed"))
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
    return made_source(relations, part, sql, loses_returns=True)
