"""How a text table is laid out: its delimiter, its quotation marks, and the row that names the columns."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO, TYPE_CHECKING

from processminer.engines.relations import BEYOND
from processminer.errors import LogError, Place
from processminer.log.tables.encoding import Letters, open_text
from processminer.log.tables.margins import LOOKED_AT, header_at
from processminer.log.tables.table import LINE, POSITION, TextLayout

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

HEAD = 1 << 18
MOST_OF_HEAD = 1 << 23
"""Letters looked at to tell the layout, and at most, where one line (the column names, say) fills half of them."""

LONGEST_CELL = 1 << 28

MOST_COLUMNS = 10_000

_MARKS = (",", ";", "\t", "|", "\x1f", "\x01")
_ESCAPED = re.compile(r'\\"(?=[^",;\t|\r\n\x1f\x01])')
"""A quotation mark with a backslash before it, inside a cell: at a cell's end the backslash is the cell's own."""

_SINGLE = re.compile(r"\ufeff?'[^'\r\n]*'([^'\w\s\"]|\t)'[^'\r\n]*'(\1'[^'\r\n]*')*\r?(\n|$)")
"""A first line whose cells all stand in single quotation marks."""

_SAID = re.compile(r"\ufeff?\"?sep=([,;|:^~\t\x01\x1f])\"?\r?\n", re.IGNORECASE)
"""What some programs write on the first line, so that a spreadsheet program splits the rest."""


@dataclass(frozen=True, slots=True)
class Laid:
    """How a text table is laid out, and what stands at its top."""

    layout: TextLayout
    headers: tuple[str, ...]
    titles: tuple[int, ...]
    """Lines above the column names that are not empty."""


def laid_out(path: Path, file: str, letters: Letters) -> Laid:
    """Return how a text file is laid out.

    Raises LogError for one that is empty, that has too many columns, or in which a quotation mark is never closed.
    """
    head, whole = _head(path, letters.encoding)
    if not head.strip("\ufeff\0 \t\r\n"):
        message = "is empty."
        raise LogError(message, Place(file), "Export the log again; the first line must name the columns.")
    laid = _best(head, letters.encoding, whole=whole)
    if len(laid.headers) > MOST_COLUMNS:
        message = f"has more than {MOST_COLUMNS:,} columns."
        raise LogError(message, Place(file, 1), "Export the columns that a deal log needs: deal, stage, times, owner.")
    if letters.quotes % 2 and laid.layout.quote == '"' and laid.layout.escape is None:
        if not _begins_cells(path, laid.layout):
            return replace(laid, layout=replace(laid.layout, quote=""))
        raise _open_quote(path, file, laid.layout)
    return laid


def _head(path: Path, encoding: str) -> tuple[str, bool]:
    """Return the first letters of a file, and whether they are all."""
    with open_text(path, encoding) as text:
        head = text.read(HEAD)
        while len(head) < MOST_OF_HEAD and len(head) - head.rfind("\n") > len(head) / 2:
            more = text.read(len(head))
            if not more:
                break
            head += more
        return head, not text.read(1)


def records(text: IO[str], layout: TextLayout) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record begins, and its cells: none for an empty line."""
    with _any_length():
        reader = csv.reader(
            text,
            delimiter=layout.delimiter,
            quotechar=layout.quote or None,
            quoting=csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
            escapechar=layout.escape,
            doublequote=layout.escape is None,
        )
        begins = 1
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1


@contextmanager
def _any_length() -> Generator[None]:
    """Lift the limit of the splitter, which is the process's own, for the time of one walk."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _best(head: str, encoding: str, *, whole: bool) -> Laid:
    """Return the layout that splits the column names and the rows below them alike, into the most columns."""
    said = _SAID.match(head)
    marks = (said[1],) if said else _MARKS
    quoting = TextLayout(encoding, ",", escape="\\" if _ESCAPED.search(head) else None)
    if _SINGLE.match(head):
        quoting = replace(quoting, quote="'", escape=None)
    layouts = [_laid(head, replace(quoting, delimiter=mark), passed=1 if said else 0, whole=whole) for mark in marks]
    return max(layouts, key=_fitness)[0]


def _fitness(found: tuple[Laid, int, int]) -> tuple[bool, bool, bool, int, int]:
    """Order layouts: those that nothing contradicts before those with titles above or rows of other widths below.

    Text in cells may hold any mark, and so split a row into more cells than it has; but hardly most of the rows.
    """
    laid, agreeing, others = found
    clean = agreeing >= 20 * others and not laid.titles
    width = len(laid.headers)
    return width > 1, agreeing >= others, clean, (agreeing + 1) * (width - 1), -len(laid.titles)


def _laid(head: str, layout: TextLayout, *, passed: int, whole: bool) -> tuple[Laid, int, int]:
    """Return the layout with its column names, and how many of the rows below agree with it or not."""
    found = list(islice(records(io.StringIO(head, newline=""), layout), LOOKED_AT))
    if not whole and 1 < len(found) < LOOKED_AT:
        found.pop()
    rows = [[] if at < passed else cells for at, (_, cells) in enumerate(found)]
    if rows and rows[0]:
        rows[0][0] = rows[0][0].lstrip("\ufeff")
    at = header_at(rows) or 0
    width = len(rows[at]) if rows else 0
    below = [len(row) for row in rows[at + 1 :] if sum(bool(cell.strip()) for cell in row) > 1]
    agreeing = sum(length == width for length in below)
    headers = rows[at] if rows else []
    titles = tuple(line for (line, _), row in zip(found[:at], rows, strict=False) if any(map(str.strip, row)))
    laid = Laid(replace(layout, skipped=at), tuple(unique(headers)), titles)
    return laid, agreeing, len(below) - agreeing


def unique(headers: Iterable[str]) -> list[str]:
    """Return the headers, trimmed, unnamed ones numbered and repeated ones told apart."""
    seen = {name.casefold() for name in (BEYOND, LINE, POSITION)}
    names: list[str] = []
    for place, header in enumerate(headers, 1):
        name = bare = " ".join(header.replace("\0", "").split()) or f"column {place}"
        times = 1
        while name.casefold() in seen:
            times += 1
            name = f"{bare} ({times})"
        seen.add(name.casefold())
        names.append(name)
    return names


def _begins_cells(path: Path, layout: TextLayout) -> bool:
    """Tell whether quotation marks enclose cells, rather than stand for inches."""
    opening = re.compile(rf'(?:^|[\r\n{re.escape(layout.delimiter)}])[ \t]*"')
    with open_text(path, layout.encoding) as text:
        return any(opening.search(block) for block in iter(lambda: text.read(HEAD), ""))


def _open_quote(path: Path, file: str, layout: TextLayout) -> LogError:
    """Refuse a file with an odd number of quotation marks: the last one would swallow every row after it."""
    with open_text(path, layout.encoding) as text:
        spans = ((sum(cell.count("\n") for cell in cells), -line) for line, cells in records(text, layout))
        _, line = max(spans)
    message = "has a quotation mark that is not closed; the rows after it cannot be told apart."
    return LogError(message, Place(file, -line), "Close it on that line, or export the file again.")
