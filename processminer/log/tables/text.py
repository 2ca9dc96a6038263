"""Text files become tables: decoded, split into columns, and loaded in their own order."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from processminer.engines.relations import BEYOND, literal, quoted
from processminer.log.eventlog import EXAMPLES, Problem
from processminer.log.tables.delimited import laid_out, records
from processminer.log.tables.encoding import PLAIN, Astray, letters_of, open_text, rewrite
from processminer.log.tables.margins import LONGEST_FOOT, foot_length
from processminer.log.tables.table import Piece, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.engines.relations import Refused, Relations
    from processminer.log.tables.delimited import Laid
    from processminer.log.tables.encoding import Letters
    from processminer.log.tables.gather import Given
    from processminer.log.tables.unpack import Workbench

OVERLONG = "Set aside: the row has more cells than the header, so its columns cannot be trusted."
REPEATED = "Set aside: the row is the column names once more, as where exports were joined end to end."


def load_text(relations: Relations, bench: Workbench, given: Given, name: str) -> Table:
    """Load one text file: the rows between its column names and what stands below the table.

    Raises LogError, with what to do next, for a file that is empty, binary, or not a table; EngineError where the
    database cannot split it.
    """
    letters = letters_of(given.path, given.file)
    laid = laid_out(given.path, given.file, letters)
    refused, astray = _load(relations, bench, given, name, letters, laid)
    layout = replace(laid.layout, refused=tuple(line.line for line in refused))
    alike = " AND ".join(f"{quoted(header)} = {literal(header)}" for header in laid.headers[:3])
    beyond = f"{quoted(BEYOND)} IS NOT NULL"
    span, overlong, repeated = relations.row(
        f"SELECT coalesce(max(rowid) + 1, 0), count_if({beyond}), count_if({alike}) FROM {quoted(name)}"
    )
    piece = Piece(given.file, given.path, 0, int(span), layout)
    problems = (
        *_titles(given.file, laid.titles),
        *_broken(given.file, refused),
        *_foot(relations, name, piece),
        *(_set_aside(relations, name, piece, beyond, "too-many-cells", OVERLONG) if overlong else ()),
        *(_set_aside(relations, name, piece, alike, "repeated-header", REPEATED) if repeated else ()),
        *(_swallowed(relations, name, piece, laid.headers) if letters.quotes else ()),
        *_astray(given.file, astray),
    )
    columns = relations.columns(name)
    columns.pop(BEYOND)
    (kept,) = relations.row(f"SELECT count(*) FROM {quoted(name)}")
    rows = int(kept) + sum(problem.rows for problem in problems if problem.set_aside)
    return Table(name, given.path, given.file, columns, rows, "rowid", problems, (piece,))


def _load(
    relations: Relations, bench: Workbench, given: Given, name: str, letters: Letters, laid: Laid
) -> tuple[tuple[Refused, ...], Astray]:
    """Load the file as it is where the database can read it, else a copy in UTF-8."""
    layout = laid.layout
    path, astray = given.path, Astray(0, (), lost=False)
    if letters.encoding != PLAIN or not letters.sound:
        path = bench.folder / "plain.csv"
        astray = rewrite(given.path, letters.encoding, path)
    refused = relations.load_csv(
        name,
        path,
        laid.headers,
        layout.delimiter,
        quote=layout.quote,
        escape=layout.escape or layout.quote,
        skip=layout.skipped,
    )
    return refused, astray


def _titles(file: str, lines: Sequence[int]) -> Iterator[Problem]:
    if lines:
        treatment = "Set aside: the line stands above the column names (a report's title or filters)."
        examples = tuple(f"{file}:{line}" for line in lines[:EXAMPLES])
        yield Problem("above-the-table", len(lines), treatment, examples, set_aside=True)


def _broken(file: str, refused: Sequence[Refused]) -> Iterator[Problem]:
    """Yield the lines that could not become rows."""
    if refused:
        examples = tuple(f"{file}:{line.line}" for line in refused[:EXAMPLES])
        treatment = f"Set aside: {refused[0].why.rstrip('.')}."
        yield Problem("broken-line", len(refused), treatment, examples, set_aside=True)


def _foot(relations: Relations, name: str, piece: Piece) -> Iterator[Problem]:
    """Yield the rows below the table, once they are taken out of it."""
    last = relations.rows(
        f"SELECT rowid, * FROM {quoted(name)} WHERE rowid >= $first ORDER BY rowid",
        {"first": piece.rows - LONGEST_FOOT - 1},
    )
    cells = [row[1:] for row in last]
    foot = foot_length(cells, len(cells[0]) - 1) if cells else 0
    if foot:
        treatment = "Set aside: the line stands below the table (a total, a notice, the mark of the program)."
        below = f"rowid >= {int(last[-foot][0])}"
        yield from _set_aside(relations, name, piece, below, "below-the-table", treatment)


def _swallowed(relations: Relations, name: str, piece: Piece, headers: Sequence[str]) -> Iterator[Problem]:
    """Yield the rows with a cell that holds what looks like whole rows: two quotation marks too many do that."""
    assert piece.layout is not None
    mark = re.escape(piece.layout.delimiter)
    line = f"[^\r\n{mark}]*"
    whole = literal(f"[\r\n]{line}({mark}{line}){{{len(headers) - 1}}}([\r\n]|$)")
    cells = " OR ".join(
        f"((contains({cell}, chr(10)) OR contains({cell}, chr(13))) AND regexp_matches({cell}, {whole}))"
        for cell in map(quoted, headers)
    )
    rows = relations.rows(f"SELECT rowid FROM {quoted(name)} WHERE {cells} ORDER BY rowid")
    if rows:
        lines = lines_of_text(piece, [int(row) for (row,) in rows[:EXAMPLES]])
        treatment = (
            "Used, and likely wrong: a cell of the row holds what looks like further rows. "
            "Is a quotation mark before it not closed?"
        )
        yield Problem("swallowed-rows", len(rows), treatment, tuple(f"{piece.file}:{line}" for line in lines))


def _set_aside(
    relations: Relations, name: str, piece: Piece, condition: str, kind: str, treatment: str
) -> Iterator[Problem]:
    (count,) = relations.row(f"SELECT count(*) FROM {quoted(name)} WHERE {condition}")
    if count:
        first = relations.rows(f"SELECT rowid FROM {quoted(name)} WHERE {condition} ORDER BY rowid LIMIT {EXAMPLES}")
        relations.run(f"DELETE FROM {quoted(name)} WHERE {condition}")
        examples = tuple(f"{piece.file}:{line}" for line in lines_of_text(piece, [int(row) for (row,) in first]))
        yield Problem(kind, int(count), treatment, examples, set_aside=True)


def _astray(file: str, astray: Astray) -> Iterator[Problem]:
    if astray.lines:
        treatment = (
            "Used, some of its letters marked \ufffd: the line holds bytes that are no letters; export it as UTF-8."
            if astray.lost
            else "Used: the line holds bytes that are not UTF-8 like the others; they are read as Windows-1252."
        )
        yield Problem("odd-letters", astray.lines, treatment, tuple(f"{file}:{line}" for line in astray.first))


def lines_of_text(piece: Piece, rows: Sequence[int]) -> list[int]:
    """Return the lines on which rows of a text file begin, in the order of the rows (counted from 0, ascending).

    Rows of quoted text may span lines; empty lines and those that became no row are passed over.
    """
    layout = piece.layout
    assert layout is not None
    found: dict[int, int] = {}
    with open_text(piece.path, layout.encoding) as text:
        below = islice(records(text, layout), layout.skipped + 1, None)
        lines = (line for line, cells in below if cells and line not in layout.refused)
        wanted = set(rows)
        for row, line in enumerate(lines):
            if row in wanted:
                found[row] = line
                if len(found) == len(wanted):
                    break
    return [found.get(row, layout.skipped + 1) for row in rows]
