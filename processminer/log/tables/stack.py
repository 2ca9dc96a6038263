"""Tables of the same columns become one: the years of an export, its pages, its parts, its sheets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.tables.table import LINE, POSITION, Piece, Table
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.engines.relations import Relations

FEWEST = 3
"""Columns. Two tables of an id and a name have the same columns by chance: owners and pipelines, say."""

NAMED = 2
"""Files of a stack that are named; the others are counted."""


def stacked(relations: Relations, tables: Sequence[tuple[str | None, Table]]) -> tuple[Table, ...]:
    """Return the tables, those of the same columns stacked in the order in which they come.

    Pages of JSON (tables with the path of their list) are stacked where they share most columns: a field that no record
    of a page fills is not in it. So are files whose names differ in figures alone: somebody added a column one week.
    """
    groups: list[tuple[str | None, list[Table]]] = []
    for path, table in tables:
        for other, group in groups:
            if _belong_together(group[0], table, loosely=path is not None and path == other):
                group.append(table)
                break
        else:
            groups.append((path, [table]))
    return tuple(group[0] if len(group) == 1 else _stack(relations, group) for _, group in groups)


def _belong_together(one: Table, other: Table, *, loosely: bool) -> bool:
    ours, theirs = ({column.casefold() for column in table.columns} for table in (one, other))
    numbered = _same_but_numbers(one.file, other.file)
    if ours == theirs:
        return len(ours) >= FEWEST or numbered
    return (loosely or (numbered and one.file != other.file)) and len(ours & theirs) * 2 > len(ours | theirs)


def _same_but_numbers(one: str, other: str) -> bool:
    """Tell whether two names differ in figures alone, as part-0 and part-1 do."""
    bare = [name.translate(str.maketrans("", "", "0123456789")) for name in (one, other)]
    return bare[0] == bare[1]


def _stack(relations: Relations, tables: Sequence[Table]) -> Table:
    """Make one table of several, by the names of their columns; positions run through all of them."""
    first = tables[0]
    if all(table.row_number == "file_row_number" and table.columns == first.columns for table in tables):
        return _stack_parquet(relations, tables)
    types = _types(tables)
    keeps_lines = any(table.line_column is not None for table in tables)
    name = f"{first.name}_stacked"
    made = ", ".join(f"{quoted(column)} {kind}" for column, kind in types.items())
    lines = f", {quoted(LINE)} BIGINT" if keeps_lines else ""
    relations.run(f"CREATE OR REPLACE TABLE {quoted(name)} ({made}{lines}, {quoted(POSITION)} BIGINT)")
    pieces = _pieces(tables)
    for table, piece in zip(tables, pieces, strict=True):
        own = {column.casefold(): column for column in table.columns}
        cells = [_cell(own.get(column.casefold()), kind, table) for column, kind in types.items()]
        if keeps_lines:
            cells.append(quoted(LINE) if table.line_column is not None else "NULL")
        cells.append(f"{table.row_number} + {piece.first_row}")
        rows = f"SELECT {', '.join(cells)} FROM {quoted(table.name)} ORDER BY {table.row_number}"
        relations.run(f"INSERT INTO {quoted(name)} {rows}")
        kind = "VIEW" if table.row_number == "file_row_number" else "TABLE"
        relations.run(f"DROP {kind} {quoted(table.name)}")
    return _joined(tables, pieces, name, types, quoted(POSITION), LINE if keeps_lines else None)


def _stack_parquet(relations: Relations, tables: Sequence[Table]) -> Table:
    """Look at Parquet files of the same columns as one, without loading them."""
    name = f"{tables[0].name}_stacked"
    pieces = _pieces(tables)
    files = say_list([piece.file for piece in pieces], NAMED)
    relations.load_parquet(name, files, [piece.path for piece in pieces], [piece.first_row for piece in pieces])
    return _joined(tables, pieces, name, tables[0].columns, "file_row_number", None)


def _joined(
    tables: Sequence[Table],
    pieces: tuple[Piece, ...],
    name: str,
    types: Mapping[str, str],
    row_number: str,
    line_column: str | None,
) -> Table:
    return Table(
        name=name,
        path=tables[0].path,
        file=say_list([table.file for table in tables], NAMED),
        columns=types,
        rows=sum(table.rows for table in tables),
        row_number=row_number,
        problems=tuple(problem for table in tables for problem in table.problems),
        pieces=pieces,
        line_column=line_column,
    )


def _types(tables: Sequence[Table]) -> dict[str, str]:
    """Return the columns of all tables, in order of first sight; text where they disagree on the type."""
    names: dict[str, str] = {}
    kinds: dict[str, set[str]] = {}
    for table in tables:
        for column, kind in table.columns.items():
            kinds.setdefault(names.setdefault(column.casefold(), column), set()).add(kind)
    return {name: _common_type(found) for name, found in kinds.items()}


def _common_type(kinds: set[str]) -> str:
    if len(kinds) == 1:
        return next(iter(kinds))
    return "TIMESTAMP" if kinds == {"DATE", "TIMESTAMP"} else "VARCHAR"


def _cell(column: str | None, kind: str, table: Table) -> str:
    if column is None:
        return "NULL"
    return quoted(column) if table.columns[column] == kind else f"{quoted(column)}::{kind}"


def _pieces(tables: Sequence[Table]) -> tuple[Piece, ...]:
    """Return the pieces of all tables, their first rows counted through."""
    pieces: list[Piece] = []
    for table in tables:
        (piece,) = table.pieces
        pieces.append(replace(piece, first_row=pieces[-1].first_row + pieces[-1].rows if pieces else 0))
    return tuple(pieces)
