"""Text files become tables: decoded, split into columns, and loaded in their own order."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from processminer.engines.relations import BEYOND, quoted
from processminer.errors import LogError, Place
from processminer.log.eventlog import Problem
from processminer.log.tables.table import Piece, Table, TextLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.engines.relations import Refused, Relations

EXAMPLES = 5
_HEAD = 65_536
"""Bytes looked at to tell the encoding and the delimiter."""


def load_text(relations: Relations, path: Path, name: str) -> Table:
    """Load one text file.

    Raises LogError, with what to do next, for a file that is empty, binary, or not a table.
    """
    layout = _layout(path)
    refused = _load(relations, path, name, layout)
    columns = relations.columns(name)
    columns.pop(BEYOND)
    (rows,) = relations.row(f"SELECT count(*) FROM {quoted(name)}")
    layout = replace(layout, refused=tuple(line.line for line in refused))
    piece = Piece(path.name, path, 0, int(rows), layout)
    problems = tuple(filter(None, (_broken(path, refused), _overlong(relations, name, piece))))
    return Table(name, path, path.name, columns, rows + len(refused), "rowid", problems, (piece,))


def _broken(path: Path, refused: Sequence[Refused]) -> Problem | None:
    """Say which lines could not become rows."""
    if not refused:
        return None
    examples = tuple(f"{path.name}:{line.line}" for line in refused[:EXAMPLES])
    return Problem("broken-line", len(refused), f"Set aside: {refused[0].why.rstrip('.')}.", examples, set_aside=True)


def _overlong(relations: Relations, name: str, piece: Piece) -> Problem | None:
    """Take rows with too many cells out of the table, and say which."""
    beyond = f"{quoted(BEYOND)} IS NOT NULL"
    (count,) = relations.row(f"SELECT count(*) FROM {quoted(name)} WHERE {beyond}")
    if not count:
        return None
    first = relations.rows(f"SELECT rowid FROM {quoted(name)} WHERE {beyond} ORDER BY rowid LIMIT {EXAMPLES}")
    relations.run(f"DELETE FROM {quoted(name)} WHERE {beyond}")
    examples = tuple(f"{piece.file}:{line}" for line in lines_of_text(piece, [int(row) for (row,) in first]))
    treatment = "Set aside: the row has more cells than the header, so its columns cannot be trusted."
    return Problem("too-many-cells", int(count), treatment, examples, set_aside=True)


def _layout(path: Path) -> TextLayout:
    encoding = _encoding(path)
    with _open_text(path, encoding) as text:
        head = text.read(_HEAD)
    if not head.strip():
        message = "is empty."
        raise LogError(message, Place(str(path)), "Export the log again; the first line must name the columns.")
    delimiter = _delimiter(head)
    _no_open_quote(path, encoding, delimiter)
    return TextLayout(encoding, delimiter)


def _load(relations: Relations, path: Path, name: str, layout: TextLayout) -> tuple[Refused, ...]:
    with _open_text(path, layout.encoding) as text:
        headers = next(csv.reader(text, delimiter=layout.delimiter))
    if layout.encoding in {"utf-8", "utf-8-sig"}:
        return relations.load_csv(name, path, _unique(headers), layout.delimiter)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.csv"
        with _open_text(path, layout.encoding) as text, plain.open("w", encoding="utf-8", newline="") as out:
            shutil.copyfileobj(text, out)
        return relations.load_csv(name, plain, _unique(headers), layout.delimiter)


def _no_open_quote(path: Path, encoding: str, delimiter: str) -> None:
    """Refuse a file with an odd number of quotation marks: the last one would swallow every row after it."""
    with _open_text(path, encoding) as text:
        marks = sum(block.count('"') for block in iter(lambda: text.read(1 << 20), ""))
    if marks % 2 == 0:
        return
    begins, longest, line = 1, 0, None
    with _open_text(path, encoding) as text:
        reader = csv.reader(text, delimiter=delimiter)
        for _ in reader:
            if reader.line_num - begins > longest:
                longest, line = reader.line_num - begins, begins
            begins = reader.line_num + 1
    message = "has a quotation mark that is not closed; the rows after it cannot be told apart."
    raise LogError(message, Place(str(path), line), "Close it on that line, or export the file again.")


def _encoding(path: Path) -> str:
    """Return the encoding that the first bytes tell: a byte order mark, else UTF-8, else Windows-1252."""
    with _open_bytes(path) as raw:
        head = raw.read(_HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        message = "is not a text table: it holds binary bytes."
        raise LogError(message, Place(str(path)), "Export the log as CSV (or give the Parquet file its own ending).")
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with _open_bytes(path) as raw:
            for block in iter(lambda: raw.read(1 << 20), b""):
                decoder.decode(block)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _open_bytes(path: Path) -> IO[bytes]:
    """Open a file, unpacked if it is gzipped."""
    if path.name.lower().endswith(".gz"):
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


def _open_text(path: Path, encoding: str) -> IO[str]:
    return io.TextIOWrapper(_open_bytes(path), encoding=encoding, errors="replace", newline="")


def _delimiter(head: str) -> str:
    """Return the mark that splits the header and the first lines into the same number of columns, the most."""
    lines = head.splitlines()[:20]
    best, width = ",", 1
    for mark in (",", ";", "\t", "|"):
        rows = list(csv.reader(lines, delimiter=mark))
        columns = len(rows[0])
        agreeing = sum(len(row) == columns for row in rows)
        if columns > width and agreeing >= len(rows) / 2:
            best, width = mark, columns
    return best


def _unique(headers: list[str]) -> list[str]:
    """Return the headers, trimmed, unnamed ones numbered and repeated ones told apart."""
    seen: dict[str, int] = {}
    unique: list[str] = []
    for place, header in enumerate(headers, 1):
        name = header.strip().lstrip("\ufeff") or f"column {place}"
        seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        unique.append(name if seen[name.casefold()] == 1 else f"{name} ({seen[name.casefold()]})")
    return unique


def lines_of_text(piece: Piece, rows: Sequence[int]) -> list[int]:
    """Return the lines on which rows of a text file (counted from 0) begin; rows of quoted text may span lines."""
    assert piece.layout is not None
    return [_line(piece.path, piece.layout, row) for row in rows]


def _line(path: Path, layout: TextLayout, row: int) -> int:
    """Walk through the file to the row, past empty lines and those that became no row."""
    passed = -1 - layout.skipped
    begins = 1
    with _open_text(path, layout.encoding) as text:
        reader = csv.reader(text, delimiter=layout.delimiter)
        for cells in reader:
            if cells and begins not in layout.refused:
                if passed == row:
                    return begins
                passed += 1
            begins = reader.line_num + 1
    return begins
