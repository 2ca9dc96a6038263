# pyright: basic
"""The door to spreadsheets (XLSX, XLS, ODS): python-calamine reads the cells, once the file is known to be bounded.

Measured against openpyxl, which reads XLSX alone and takes about ten times as long.
"""

from __future__ import annotations

import lzma
import re
import subprocess
import sys
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from processminer.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

MOST_CELLS = 30_000_000
"""Cells between the first and the last one of a sheet, all of which the library holds at once."""

MOST_BYTES = 2 << 30
MOST_RATIO = 400
UNSUSPICIOUS = 64 << 20

MOST_MEMORY = 2 << 30
"""Bytes that a workbook may take which cannot be measured before it is opened."""

_TRIAL = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
except ImportError:
    pass
import python_calamine
try:
    book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).iter_rows():
            pass
except python_calamine.PasswordError:
    pass
"""

TOO_MUCH = "Save the sheet as CSV, and give that."

_CELL = re.compile(rb'\br="([A-Z]{1,4})([0-9]{1,9})"')
_ERROR = re.compile(rb'<(?:\w+:)?c\b[^>]*\bt="e"[^>]*>')
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(expat.ExpatError, KeyError, ValueError, NotImplementedError, RuntimeError),
)
_BLOCK = 1 << 20
_OVERLAP = 512


Area = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows from the top, empty cells as empty texts, dates and times as such."""

    name: str
    rows: Iterator[list[Any]]
    merged: tuple[Area, ...]
    """First and last cell (row, column, from 0) of the areas that are shown as one cell."""
    errors: tuple[int, ...] = ()
    """The rows (from 1) of cells that hold an error such as #N/A, which is read as empty."""


@dataclass(slots=True)
class _Extent:
    """How far the cells of a sheet reach."""

    rows: int = 0
    columns: int = 0
    errors: set[int] = field(default_factory=set)


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of a workbook that hold cells, in its order.

    Raises EngineError for a file that is no spreadsheet, is protected, damaged, or larger than it is safe to open.
    """
    extents = _extents(path)
    import python_calamine as calamine

    with _plain_words():
        book = calamine.CalamineWorkbook.from_path(str(path))
        for told in book.sheets_metadata:
            if told.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(told.name)
            if sheet.height:
                errors = extents[told.name].errors if told.name in extents else ()
                yield Sheet(told.name, _rows(sheet), _merged(sheet), tuple(sorted(errors)))


def _merged(sheet: Any) -> tuple[Area, ...]:
    # The library gives rows from the top of the sheet, but columns from the first that is not empty.
    _, left = sheet.start
    areas = sheet.merged_cell_ranges or ()
    return tuple(((top, first - left), (bottom, last - left)) for (top, first), (bottom, last) in areas)


def _rows(sheet: Any) -> Iterator[list[Any]]:
    # Rows are made of the library's cells one by one, outside of the walk over the sheets.
    with _plain_words():
        yield from sheet.iter_rows()


@contextmanager
def _plain_words() -> Generator[None]:
    """Say what is wrong with the file instead of what was wrong in the library, whose panics are no Exception."""
    import python_calamine as calamine

    try:
        yield
    except calamine.PasswordError as error:
        message = "is protected by a password."
        raise EngineError(message, hint="Save it without one, or as CSV.") from error
    except calamine.CalamineError as error:
        raise _unreadable(error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(error) from error


def _unreadable(error: BaseException) -> EngineError:
    message = f"cannot be read as a spreadsheet ({_first_line(error)})."
    return EngineError(message, hint="Open it in a spreadsheet program and save it as XLSX or CSV.")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _extents(path: Path) -> dict[str, _Extent]:
    """Return how far each sheet reaches, for the kinds of workbook that may claim any extent."""
    if not zipfile.is_zipfile(path):
        _proved(path)
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            _bounded(archive)
            names = set(archive.namelist())
            if "xl/workbook.bin" in names:
                message = "is a binary workbook (XLSB)."
                raise EngineError(message, hint="Save it as XLSX or CSV.")
            if "content.xml" in names:
                _proved(path)
                return {}
            return {name: _extent(archive, part) for name, part in _parts(archive).items() if part in names}
    except _DAMAGED as error:
        message = f"is a workbook that is damaged or cut off ({_first_line(error)})."
        raise EngineError(message, hint="Copy or export it again.") from error


def _proved(path: Path) -> None:
    """Open a workbook in a process of its own first, where how far its cells reach cannot be told from outside.

    A few damaged bytes make the library ask for more memory than there is, which would end this process and not
    raise an error.
    """
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _TRIAL, str(path), str(MOST_MEMORY)], capture_output=True, timeout=300, check=False
        )
    except subprocess.TimeoutExpired as error:
        message = "takes more than five minutes to open."
        raise EngineError(message, hint=TOO_MUCH) from error
    if tried.returncode:
        message = "cannot be opened as a spreadsheet, or asks for more memory than it should."
        raise EngineError(message, hint="Open it in a spreadsheet program and save it as XLSX or CSV.")


def _bounded(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook that unpacks to more than memory may hold. What its parts claim is what they may unpack to."""
    packed = sum(entry.compress_size for entry in archive.infolist())
    whole = sum(entry.file_size for entry in archive.infolist())
    if whole > MOST_BYTES or whole > max(UNSUSPICIOUS, packed * MOST_RATIO):
        message = f"unpacks to {whole >> 20:,} MiB, {whole // max(1, packed):,} times its size."
        raise EngineError(message, hint=TOO_MUCH)


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return which file in the workbook holds each sheet."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(tag: str, said: dict[str, str]) -> None:
        if tag.endswith("Relationship") and "Id" in said:
            target = said.get("Target", "")
            targets[said["Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def sheet(tag: str, said: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            reference = next((value for key, value in said.items() if key.endswith(":id")), "")
            names[said.get("name", "")] = reference

    _walk(archive, "xl/_rels/workbook.xml.rels", relation)
    _walk(archive, "xl/workbook.xml", sheet)
    return {name: targets.get(reference, "") for name, reference in names.items()}


def _walk(archive: zipfile.ZipFile, part: str, start: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(part) as stream:
        parser.ParseFile(stream)


def _extent(archive: zipfile.ZipFile, part: str) -> _Extent:
    """Return how far a sheet's cells reach, and where errors stand; refuses more cells than may be held."""
    extent = _Extent()
    columns: set[bytes] = set()
    before = b""
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            text = before + block
            cells = _CELL.findall(text)
            if cells:
                columns.update(column for column, _ in cells)
                extent.rows = max(extent.rows, *(int(row) for _, row in cells))
            for found in _ERROR.findall(text):
                extent.errors.update(int(row) for _, row in _CELL.findall(found))
            before = text[-_OVERLAP:]
    extent.columns = max(map(_place, columns), default=0)
    if extent.rows * extent.columns > MOST_CELLS:
        message = f"has a sheet whose cells reach to row {extent.rows:,} and column {extent.columns:,}."
        raise EngineError(message, hint=f"At most {MOST_CELLS:,} cells are read. {TOO_MUCH}")
    return extent


def _place(column: bytes) -> int:
    place = 0
    for letter in column:
        place = place * 26 + letter - 64
    return place
