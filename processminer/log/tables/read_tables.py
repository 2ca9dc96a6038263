"""Whatever a person hands over becomes tables: a file, a folder of files that belong together."""

from __future__ import annotations

import csv
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from processminer.errors import EngineError, LogError, Place
from processminer.log.tables.table import EventFile, Gathered, PassedOver, Piece, Table
from processminer.log.tables.text import load_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.engines.relations import Relations

TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
PARQUET = (".parquet", ".pq")
XES = (".xes", ".xes.gz")


def read_tables(relations: Relations, source: str | Path) -> Gathered:
    """Load all that was given: tables into the database, or the event logs by name.

    A file that is no table is passed over where others are tables. Raises LogError where there is nothing to read, or
    where an event log lies among other files.
    """
    paths = _find_files(Path(source))
    if any(_kind_of(path) == "xes" for path in paths):
        if len(paths) > 1:
            message = f"holds {len(paths)} files, an XES log among them; one XES log is read at a time."
            raise LogError(message, Place(str(paths[0].parent)), "Name the file itself.")
        return Gathered(logs=(EventFile("xes", paths[0], paths[0].name),))
    return _loaded(relations, paths)


def _loaded(relations: Relations, paths: Sequence[Path]) -> Gathered:
    tables: list[Table] = []
    refusals: list[tuple[Path, LogError]] = []
    for number, path in enumerate(paths):
        try:
            tables.append(_load(relations, path, f"file_{number}"))
        except LogError as error:
            refusals.append((path, error))
    if not tables:
        raise refusals[0][1]
    return Gathered(tuple(tables), passed_over=tuple(PassedOver(path.name, error.message) for path, error in refusals))


def _find_files(source: Path) -> tuple[Path, ...]:
    """Return the files to read: the one named, or every table in the folder named, by name."""
    if source.is_dir():
        files = sorted(path for path in source.iterdir() if path.is_file() and _kind_of(path) is not None)
        if not files:
            message = "holds no file that could be a deal log."
            raise LogError(message, Place(str(source)), "Put the export's CSV, Parquet or XES files into it.")
        return tuple(files)
    if not source.exists():
        message = "does not exist."
        raise LogError(message, Place(str(source)), "Check the path; a folder of export files works too.")
    if _kind_of(source) is None:
        message = f"is of a kind that is not read ({source.suffix or 'no suffix'})."
        raise LogError(message, Place(str(source)), "Export it as CSV, Parquet or XES.")
    return (source,)


def _kind_of(path: Path) -> str | None:
    """Return text, parquet or xes by the name's ending, None for anything else."""
    name = path.name.lower()
    for kind, endings in (("text", TEXT), ("parquet", PARQUET), ("xes", XES)):
        if name.endswith(endings):
            return kind
    return None


def _load(relations: Relations, path: Path, name: str) -> Table:
    try:
        table = (
            _load_parquet(relations, path, name) if _kind_of(path) == "parquet" else load_text(relations, path, name)
        )
    except EngineError as error:
        raise LogError(error.message, Place(str(path)), "Open it in a spreadsheet and export it again.") from error
    except csv.Error as error:
        message = f"is no table that can be read: {error}."
        raise LogError(message, Place(str(path), 1), "Save it as CSV in UTF-8, with usual line ends.") from error
    except (OSError, EOFError, zlib.error) as error:
        message = f"cannot be read; it may be damaged or cut off ({error})."
        raise LogError(message, Place(str(path)), "Copy or export it again.") from error
    if len(table.columns) < 2:
        message = f"has only one column ({next(iter(table.columns), 'none')!r})."
        hint = "A deal log needs at least a deal, a stage and a time. Is the delimiter a comma, semicolon, tab or bar?"
        raise LogError(message, Place(str(path), 1), hint)
    return table


def _load_parquet(relations: Relations, path: Path, name: str) -> Table:
    relations.load_parquet(name, path)
    columns = relations.columns(name)
    columns.pop("file_row_number")
    rows = int(relations.row(f'SELECT count(*) FROM "{name}"')[0])
    return Table(name, path, path.name, columns, rows, "file_row_number", (), (Piece(path.name, path, 0, rows),))
