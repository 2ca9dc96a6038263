"""Sheets of a workbook become tables: the column names found, dates kept as dates, whole numbers as whole numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING

from processminer.engines.arrow import typed
from processminer.errors import EngineError, LogError, Place
from processminer.log.eventlog import EXAMPLES, Problem
from processminer.log.tables.delimited import MOST_COLUMNS, unique
from processminer.log.tables.margins import LONGEST_FOOT, LOOKED_AT, foot_length, header_at
from processminer.log.tables.table import LINE, Piece, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.engines.relations import Relations
    from processminer.engines.spreadsheet import Sheet
    from processminer.log.tables.gather import Given

WHOLE = 10**15
"""A spreadsheet's numbers are exact up to about here; beyond, the digits are its own invention."""


def load_sheets(relations: Relations, given: Given, name: str) -> Iterator[Table]:
    """Yield a table for every sheet of a workbook that holds one.

    Raises LogError for a workbook that cannot be opened, or in which no sheet holds a table.
    """
    from processminer.engines.spreadsheet import read_sheets

    found = 0
    try:
        for number, sheet in enumerate(read_sheets(given.path)):
            table = _table(relations, given, sheet, f"{name}_{number}")
            if table is not None:
                found += 1
                yield table
    except EngineError as error:
        raise LogError(error.message, Place(given.file), error.hint) from error
    if not found:
        message = "holds no sheet with a table."
        raise LogError(message, Place(given.file), "Export the log again; a row must name the columns.")


def _table(relations: Relations, given: Given, sheet: Sheet, name: str) -> Table | None:
    rows = sheet.rows
    head = list(islice(rows, LOOKED_AT))
    at = header_at([[text_of(cell) or "" for cell in row] for row in head])
    if at is None:
        return None
    file = f"{given.file}, sheet {sheet.name}"
    filled = _filled(chain(head[at + 1 :], rows), sheet, at + 1)
    lines, cells = _body(filled, at + 2)
    titles = [line for line, row in enumerate(head[:at], 1) if any(text_of(cell) for cell in row)]
    foot = _foot(cells, len(lines))
    below = lines[len(lines) - foot :]
    kept = len(lines) - foot
    headers = [text_of(cell) or "" for cell in head[at]]
    used = [place for place, column in enumerate(cells) if headers[place].strip() or any(c is not None for c in column)]
    if len(used) > MOST_COLUMNS:
        message = f"has {len(used):,} columns; at most {MOST_COLUMNS:,} are read."
        raise LogError(message, Place(file, at + 1), "Export the columns that a deal log needs.")
    names = unique(headers[place] for place in used)
    body = dict(zip(names, (cells[place][:kept] for place in used), strict=True))
    relations.adopt(name, typed({**body, LINE: lines[:kept]}, text_of))
    columns = relations.columns(name)
    columns.pop(LINE)
    errors = [line for line in lines[:kept] if line in set(sheet.errors)] if sheet.errors else []
    problems = (
        *_set_aside(file, "above-the-table", titles, "above the column names (a report's title or filters)"),
        *_set_aside(file, "below-the-table", below, "below the table (a total, a notice, the mark of the program)"),
        *_errors(file, errors),
    )
    piece = Piece(file, given.path, 0, kept)
    whole = kept + len(titles) + len(below)
    return Table(name, given.path, file, columns, whole, "rowid", problems, (piece,), line_column=LINE)


def _filled(rows: Iterator[list[object]], sheet: Sheet, first: int) -> Iterator[list[object]]:
    """Yield the rows, the cells of areas merged downwards filled with what is shown in them."""
    below: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in sheet.merged:
        if top >= first and bottom > top:
            below.setdefault(top, []).append((bottom, left))
    shown: dict[int, tuple[int, object]] = {}
    for at, row in enumerate(rows, first):
        for column, (bottom, cell) in shown.items():
            if at <= bottom and column < len(row) and text_of(row[column]) is None:
                row[column] = cell
        for bottom, column in below.get(at, ()):
            if 0 <= column < len(row):
                shown[column] = (bottom, row[column])
        yield row


def _body(rows: Iterator[list[object]], first_line: int) -> tuple[list[int], list[list[object]]]:
    """Return the lines of the rows that are not empty, and their cells by column."""
    lines: list[int] = []
    cells: list[list[object]] = []
    for line, row in enumerate(rows, first_line):
        if not cells:
            cells = [[] for _ in row]
        said = [None if cell == "" else cell for cell in row]
        if any(cell is not None for cell in said):
            lines.append(line)
            for column, cell in zip(cells, said, strict=False):
                column.append(cell)
    return lines, cells


def _foot(cells: Sequence[Sequence[object]], rows: int) -> int:
    last = range(max(0, rows - LONGEST_FOOT - 1), rows)
    width = sum(any(cell is not None for cell in column) for column in cells)
    return foot_length([[text_of(column[row]) for column in cells] for row in last], width)


def _set_aside(file: str, kind: str, lines: Sequence[int], where: str) -> Iterator[Problem]:
    if lines:
        examples = tuple(f"{file}:{line}" for line in lines[:EXAMPLES])
        yield Problem(kind, len(lines), f"Set aside: the line stands {where}.", examples, set_aside=True)


def _errors(file: str, lines: Sequence[int]) -> Iterator[Problem]:
    if lines:
        treatment = "Used, the cell as empty: it holds an error of the spreadsheet, such as #N/A."
        yield Problem("error-cell", len(lines), treatment, tuple(f"{file}:{line}" for line in lines[:EXAMPLES]))


def text_of(cell: object) -> str | None:
    """Return what a person would read in a cell, None where it is empty.

    >>> text_of(12.0), text_of(0.25), text_of(True), text_of(""), text_of(timedelta(hours=27, minutes=30))
    ('12', '0.25', 'true', None, '27:30:00')
    """
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < WHOLE:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)
