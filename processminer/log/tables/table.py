"""Tables: what every file that is given becomes, whatever it was on disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from processminer.log.eventlog import Problem

LogKind = Literal["xes", "ocel"]
Unit = Literal["line", "record"]
"""What the rows of a file are found by: its lines, or the number of the record where it has no line breaks."""

LINE = "line in the file"
"""A column beside those of the export: the line (or record) on which a row began, where the reader keeps it."""

POSITION = "position in the table"
"""A column beside those of the export: the position of a row of several files through all of them."""


@dataclass(frozen=True, slots=True)
class TextLayout:
    """How a text file is written: enough to find the line on which a row of it begins."""

    encoding: str
    delimiter: str
    quote: str = '"'
    escape: str | None = None
    """What stands before a quotation mark within a cell; None where it is doubled."""
    skipped: int = 0
    """Records above the header."""
    refused: tuple[int, ...] = ()
    """Lines that became no row, in order."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the files that a table was stacked from, and the positions that its rows have in the table."""

    file: str
    """As the user would say it."""
    path: Path
    """Where its bytes lie, unpacked."""
    first_row: int
    rows: int
    """Positions from `first_row` on; rows that were set aside may leave holes."""
    layout: TextLayout | None = None
    """For text files."""
    unit: Unit = "line"


@dataclass(frozen=True, slots=True)
class Table:
    """What was loaded into the database from one file, one sheet, one list, or several files of the same columns."""

    name: str
    """Of the table or view."""
    path: Path
    """Of the first file."""
    file: str
    """As the user would say it."""
    columns: Mapping[str, str]
    """Header to the engine's type, in order."""
    rows: int
    """Rows read, with those that are set aside."""
    row_number: str
    """The expression that counts its rows from 0, through all pieces."""
    problems: tuple[Problem, ...] = ()
    """What was set aside or repaired before the rows became a table."""
    pieces: tuple[Piece, ...] = ()
    """The files that it was stacked from, in order: usually one."""
    line_column: str | None = None
    """The column that says on which line a row began, where the reader kept it."""
    place: str | None = None
    """The expression that names a row of a database table, which has no lines (`Id 0088d`)."""

    @property
    def kept(self) -> int:
        """The rows that lie in the database."""
        return self.rows - sum(problem.rows for problem in self.problems if problem.set_aside)


@dataclass(frozen=True, slots=True)
class EventFile:
    """A file that is an event log by its own format."""

    kind: LogKind
    path: Path
    """Where its bytes lie, unpacked."""
    file: str
    """As the user would say it."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file that holds no table, found beside files that do."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was given: tables, or else an event log; and what was passed over."""

    tables: tuple[Table, ...] = ()
    log: EventFile | None = None
    passed_over: tuple[PassedOver, ...] = ()
