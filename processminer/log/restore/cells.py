"""SQL expressions that read the columns of a clean log, which are written in one way only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.columns import known_time, text_of

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part
    from processminer.log.tables.table import Table


def moment_in(part: Part, ours: str) -> str:
    """Return the expression of a column's moment in UTC, written as ISO 8601 with its zone, or typed."""
    header = part.columns.get(ours)
    if header is None:
        return "NULL::TIMESTAMP"
    kind = part.table.columns[header]
    if kind == "VARCHAR":
        moment = f"timezone('UTC', try_cast({text_of(header)} AS TIMESTAMPTZ))"
    elif kind.endswith("TIME ZONE"):
        moment = f"timezone('UTC', {quoted(header)})"
    else:
        moment = f"try_cast({quoted(header)} AS TIMESTAMP)"
    return known_time(moment)


def text_in(part: Part, ours: str) -> str:
    """Return the expression of a column's text, null where the log has no such column."""
    return text_of(part.columns.get(ours))


def number_in(part: Part, ours: str) -> str:
    """Return the expression of a column's number, null where it is none."""
    return f"try_cast({text_in(part, ours)} AS DOUBLE)"


def yes_in(part: Part, ours: str) -> str:
    """Return the expression that is true where a column says so."""
    return f"coalesce(lower({text_in(part, ours)}) = 'true', false)"


def unguard(relations: Relations, table: Table) -> None:
    """Take the apostrophe away that keeps a text cell of a CSV from being run as a formula."""
    if not any(piece.layout is not None for piece in table.pieces):
        return
    texts = [quoted(column) for column, kind in table.columns.items() if kind == "VARCHAR"]
    guarded = " OR ".join(f"{column} LIKE '''%'" for column in texts)
    bare = ", ".join(
        f"{column} = CASE WHEN {column} LIKE '''%' THEN {column}[2:] ELSE {column} END" for column in texts
    )
    relations.run(f"UPDATE {quoted(table.name)} SET {bare} WHERE {guarded}")
