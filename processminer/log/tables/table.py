"""Files on disk become tables of text: found, decoded, split into columns, and loaded with their row numbers."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import shutil
import tempfile
import zlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from processminer.engines.relations import BEYOND, quoted
from processminer.errors import EngineError, LogError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.engines.relations import Refused, Relations

TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
PARQUET = (".parquet", ".pq")
XES = (".xes", ".xes.gz")
_HEAD = 65_536
"""Bytes looked at to tell the encoding and the delimiter."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file loaded into the database."""

    name: str
    """Of the table or view."""
    path: Path
    file: str
    """As the user would say it."""
    columns: Mapping[str, str]
    """Header to the engine's type, in order."""
    rows: int
    row_number: str
    """The expression that counts its rows from 0."""
    refused: tuple[Refused, ...]
    """Lines that could not become rows."""
    overlong: int = 0
    """Rows that hold more cells than the header, so that no cell of theirs is sure to stand in its column."""
    overlong_lines: tuple[int, ...] = ()
    """Of the first few of them."""
    line_column: str | None = None
    """The column that says on which line a row began, where the reader kept it."""
    place: str | None = None
    """The expression that names a row of a database table, which has no lines (`Id 0088d`)."""


def find_files(source: Path) -> tuple[Path, ...]:
    """Return the files to read: the one named, or every table in the folder named, by name.

    Raises LogError where there is nothing to read.
    """
    if source.is_dir():
        files = sorted(path for path in source.iterdir() if path.is_file() and kind_of(path) is not None)
        if not files:
            message = "holds no file that could be a deal log."
            raise LogError(message, Place(str(source)), "Put the export's CSV, Parquet or XES files into it.")
        return tuple(files)
    if not source.exists():
        message = "does not exist."
        raise LogError(message, Place(str(source)), "Check the path; a folder of export files works too.")
    if kind_of(source) is None:
        message = f"is of a kind that is not read ({source.suffix or 'no suffix'})."
        raise LogError(message, Place(str(source)), "Export it as CSV, Parquet or XES.")
    return (source,)


def kind_of(path: Path) -> str | None:
    """Return text, parquet or xes by the name's ending, None for anything else."""
    name = path.name.lower()
    for kind, endings in (("text", TEXT), ("parquet", PARQUET), ("xes", XES)):
        if name.endswith(endings):
            return kind
    return None


def load(relations: Relations, path: Path, name: str) -> Table:
    """Load one text or Parquet file.

    Raises LogError, with what to do next, for a file that is empty, binary, or not a table.
    """
    try:
        if kind_of(path) == "parquet":
            relations.load_parquet(name, path)
            row_number = "file_row_number"
            refused: tuple[Refused, ...] = ()
        else:
            refused = _load_text(relations, path, name)
            row_number = "rowid"
    except EngineError as error:
        raise LogError(error.message, Place(str(path)), "Open it in a spreadsheet and export it again.") from error
    except csv.Error as error:
        message = f"is no table that can be read: {error}."
        raise LogError(message, Place(str(path), 1), "Save it as CSV in UTF-8, with usual line ends.") from error
    except (OSError, EOFError, zlib.error) as error:
        message = f"cannot be read; it may be damaged or cut off ({error})."
        raise LogError(message, Place(str(path)), "Copy or export it again.") from error
    columns = relations.columns(name)
    columns.pop("file_row_number", None)
    text = columns.pop(BEYOND, None) is not None
    if len(columns) < 2:
        message = f"has only one column ({next(iter(columns), 'none')!r})."
        hint = "A deal log needs at least a deal, a stage and a time. Is the delimiter a comma, semicolon, tab or bar?"
        raise LogError(message, Place(str(path), 1), hint)
    (rows,) = relations.row(f"SELECT count(*) FROM {quoted(name)}")
    overlong, lines = _set_aside_overlong(relations, path, name) if text else (0, ())
    return Table(name, path, path.name, columns, rows + len(refused), row_number, refused, overlong, lines)


def _set_aside_overlong(relations: Relations, path: Path, name: str) -> tuple[int, tuple[int, ...]]:
    """Take rows with too many cells out of the table; return how many, and the lines of the first few."""
    beyond = f"{quoted(BEYOND)} IS NOT NULL"
    (count,) = relations.row(f"SELECT count(*) FROM {quoted(name)} WHERE {beyond}")
    first = relations.rows(f"SELECT rowid FROM {quoted(name)} WHERE {beyond} ORDER BY rowid LIMIT 5")
    relations.run(f"DELETE FROM {quoted(name)} WHERE {beyond}")
    return int(count), tuple(_line(path, int(row)) for (row,) in first)


def _load_text(relations: Relations, path: Path, name: str) -> tuple[Refused, ...]:
    encoding = _encoding(path)
    with _open_text(path, encoding) as text:
        head = text.read(_HEAD)
    if not head.strip():
        message = "is empty."
        raise LogError(message, Place(str(path)), "Export the log again; the first line must name the columns.")
    delimiter = _delimiter(head)
    headers = next(csv.reader(io.StringIO(head), delimiter=delimiter))
    _no_open_quote(path, encoding, delimiter)
    if encoding in {"utf-8", "utf-8-sig"}:
        return relations.load_csv(name, path, _unique(headers), delimiter)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.csv"
        with _open_text(path, encoding) as text, plain.open("w", encoding="utf-8", newline="") as out:
            shutil.copyfileobj(text, out)
        return relations.load_csv(name, plain, _unique(headers), delimiter)


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


def places_of(relations: Relations, table: Table, rows: Sequence[int]) -> tuple[str, ...]:
    """Return where rows (counted from 0) are found: `file:line`, or a database table and the row's key."""
    if table.place is None:
        return tuple(f"{table.file}:{line}" for line in lines_of(relations, table, rows))
    sql = f"SELECT {table.place} FROM {quoted(table.name)} WHERE {table.row_number} = $row"
    return tuple(f"{table.file}, {relations.row(sql, {'row': row})[0]}" for row in rows)


def lines_of(relations: Relations, table: Table, rows: Sequence[int]) -> list[int]:
    """Return the lines of the file on which rows (counted from 0) begin; rows of quoted text may span lines."""
    if table.line_column is not None:
        sql = f"SELECT {quoted(table.line_column)} FROM {quoted(table.name)} WHERE {table.row_number} = $row"
        return [int(relations.row(sql, {"row": row})[0]) for row in rows]
    return [_line(table.path, row) if kind_of(table.path) == "text" else row + 1 for row in rows]


def _line(path: Path, row: int) -> int:
    encoding = _encoding(path)
    with _open_text(path, encoding) as text:
        delimiter = _delimiter(text.read(_HEAD))
    with _open_text(path, encoding) as text:
        reader = csv.reader(text, delimiter=delimiter)
        next(reader)
        for _ in islice(reader, row):
            pass
        return reader.line_num + 1
