"""Whatever a person hands over becomes tables: a file, a folder, a pattern, an archive, or standard input."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.errors import EngineError, LogError, Place
from processminer.log.tables.gather import gather
from processminer.log.tables.nested import load_json
from processminer.log.tables.sheets import load_sheets
from processminer.log.tables.stack import stacked
from processminer.log.tables.table import EventFile, Gathered, LogKind, PassedOver, Piece, Table
from processminer.log.tables.text import load_text
from processminer.log.tables.unpack import workbench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from processminer.engines.relations import Relations
    from processminer.log.tables.gather import Given
    from processminer.log.tables.unpack import Workbench


def read_tables(relations: Relations, source: str | Path) -> Gathered:
    """Load all that was given: tables into the database, or an event log by name.

    A file that is no table is passed over where others are tables. Raises LogError where there is nothing to read, or
    where an event log lies among other files.
    """
    bench = workbench(relations)
    found = gather(bench, source)
    refused = list(found.passed_over)
    logs = [given for given in found.files if given.kind in {"xes", "ocel"}]
    if logs:
        if len(found.files) > 1:
            message = f"holds {len(found.files)} files, an event log among them; one event log is read at a time."
            raise LogError(message, Place(str(source)), "Name the file itself.")
        kind: LogKind = "ocel" if logs[0].kind == "ocel" else "xes"
        return Gathered(log=EventFile(kind, logs[0].path, logs[0].file), passed_over=_passed_over(refused))
    tables: list[tuple[str | None, Table]] = []
    for number, given in enumerate(found.files):
        try:
            tables += list(_loaded(relations, bench, given, f"file_{number}"))
        except LogError as error:
            refused.append((given.file, error))
    if not tables:
        raise refused[0][1]
    return Gathered(stacked(relations, tables), passed_over=_passed_over(refused))


def _passed_over(refused: list[tuple[str, LogError]]) -> tuple[PassedOver, ...]:
    return tuple(PassedOver(file, error.message) for file, error in refused)


def _loaded(relations: Relations, bench: Workbench, given: Given, name: str) -> Iterator[tuple[str | None, Table]]:
    """Yield the tables of a file that have two columns at least, with the path of their list where they are lists."""
    narrow: list[Table] = []
    wide = 0
    for path, table in _tables(relations, bench, given, name):
        if len(table.columns) < 2:
            narrow.append(table)
            continue
        wide += 1
        yield path, table
    if not wide and narrow:
        message = f"has only one column ({next(iter(narrow[0].columns), 'none')!r})."
        hint = "A deal log needs at least a deal, a stage and a time. Is the delimiter a comma, semicolon, tab or bar?"
        raise LogError(message, Place(given.file, 1), hint)


def _tables(relations: Relations, bench: Workbench, given: Given, name: str) -> Iterator[tuple[str | None, Table]]:
    try:
        match given.kind:
            case "json":
                yield from load_json(relations, given, name)
            case "spreadsheet":
                yield from ((None, table) for table in load_sheets(relations, given, name))
            case "parquet":
                yield None, _load_parquet(relations, given, name)
            case _:
                yield None, load_text(relations, bench, given, name)
    except EngineError as error:
        hint = "Open it in a spreadsheet and export it again."
        raise LogError(error.message, Place(given.file), error.hint or hint) from error
    except PermissionError as error:
        message = "may not be read by you."
        raise LogError(message, Place(given.file), "Change its permissions, or copy it.") from error
    except (OSError, UnicodeError, csv.Error) as error:
        message = f"cannot be read; it may be damaged or cut off ({error})."
        raise LogError(message, Place(given.file), "Copy or export it again.") from error


def _load_parquet(relations: Relations, given: Given, name: str) -> Table:
    relations.load_parquet(name, given.file, [given.path])
    columns = relations.columns(name)
    columns.pop("file_row_number")
    rows = int(relations.row(f"SELECT count(*) FROM {quoted(name)}")[0])
    piece = Piece(given.file, given.path, 0, rows)
    return Table(name, given.path, given.file, columns, rows, "file_row_number", (), (piece,))
