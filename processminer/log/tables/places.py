"""Where a row stands in what was given: the file, and the line in it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.errors import Place
from processminer.log.tables.text import lines_of_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.engines.relations import Relations
    from processminer.log.tables.table import Table


def places(relations: Relations, table: Table, rows: Sequence[int]) -> tuple[str, ...]:
    """Return where rows (by their position numbers) are found: `file:line`, or a database table and the row's key.

    Meant for a few examples: of every text file that holds one, the lines are counted up to it.
    """
    found: dict[int, Place] = {}
    firsts = [piece.first_row for piece in table.pieces]
    of_text: dict[int, list[int]] = {}
    for row in rows:
        at = max(0, bisect_right(firsts, row) - 1)
        if table.place is None and table.pieces[at].layout is not None:
            of_text.setdefault(at, []).append(row)
        else:
            found[row] = _place(relations, table, at, row)
    for at, wanted in of_text.items():
        piece = table.pieces[at]
        lines = lines_of_text(piece, [row - piece.first_row for row in wanted])
        found.update((row, Place(piece.file, line)) for row, line in zip(wanted, lines, strict=True))
    return tuple(str(found[row]) for row in rows)


def place_of(relations: Relations, table: Table, row: int) -> Place:
    """Return the file and the line on which a row begins; rows of quoted text may span lines."""
    at = max(0, bisect_right([piece.first_row for piece in table.pieces], row) - 1)
    piece = table.pieces[at] if table.pieces else None
    if table.place is None and piece is not None and piece.layout is not None:
        return Place(piece.file, lines_of_text(piece, [row - piece.first_row])[0])
    return _place(relations, table, at, row)


def _place(relations: Relations, table: Table, at: int, row: int) -> Place:
    """Return the place of a row that no line needs to be counted for."""
    if table.place is not None:
        return Place(f"{table.file}, {_told(relations, table, table.place, row)}")
    piece = table.pieces[at]
    if table.line_column is None:
        return Place(piece.file, row - piece.first_row + 1)
    line = int(_told(relations, table, quoted(table.line_column), row))
    return Place(piece.file, line) if piece.unit == "line" else Place(f"{piece.file}, record {line}")


def _told(relations: Relations, table: Table, expression: str, row: int) -> str:
    sql = f"SELECT {expression} FROM {quoted(table.name)} WHERE {table.row_number} = $row"
    return str(relations.row(sql, {"row": row})[0])
