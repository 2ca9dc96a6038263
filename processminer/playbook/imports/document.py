"""A file to import, opened as what it is: XML, JSON, or a table."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from processminer.playbook.imports.said import refuse
from processminer.playbook.imports.xml_tree import read_tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from processminer.engines.yaml_text import Plain
    from processminer.playbook.imports.xml_tree import Element

LARGEST = 5_000_000
"""Bytes; a model of a hundred tasks with its drawing has some hundred thousand. A larger file is something else."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record of JSON or a row of a table: its cells by the folded names of their columns."""

    cells: Mapping[str, Plain]
    place: str
    """Where it stands in JSON, as `data[3]`; nothing for a row of a table."""
    line: int | None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was opened: XML, or JSON, or else a table."""

    file: str
    xml: Element | None = None
    json: Plain = None
    rows: tuple[Row, ...] = ()
    """The records: of the table, or of the list that the JSON is or holds under one of the usual names."""

    @property
    def size(self) -> int:
        """How many records it holds, those inside of others included, or elements of a process."""
        if self.xml is not None:
            inner = [one for process in self.xml.named("process") for one in process.all()]
            return sum("id" in one.attributes for one in inner) or len(self.xml.children)
        nested = (listed(inner) for row in self.rows for inner in row.cells.values())
        return max((len(self.rows), *map(len, nested)))


def open_document(path: Path) -> Document:
    """Return what is in a file.

    Raises PlaybookError for one that is missing, unreadable, empty, too large, not UTF-8 or not well-formed.
    """
    file = str(path)
    content = _content(path, file)
    text = _text(content, file)
    begin = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] if text is not None else b"<"
    if begin == b"<":
        return Document(file, xml=read_tree(content, file))
    assert text is not None  # what is not UTF-8 is XML that says so, or was refused
    if begin in (b"{", b"["):
        said = _json(text, file)
        return Document(file, json=said, rows=_records(said))
    return Document(file, rows=_table(text, file))


def folded(name: str) -> str:
    """Return the name of a column without capitals and signs.

    >>> folded("Default_Probability"), folded("DefaultProbability")
    ('defaultprobability', 'defaultprobability')
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def keyed(value: Plain) -> dict[str, Plain]:
    """Return the values of a record by the folded names of their keys; nothing for what is no record."""
    return {folded(key): inner for key, inner in value.items()} if isinstance(value, dict) else {}


def listed(value: Plain) -> list[Plain]:
    """Return the values of a list; nothing for what is no list."""
    return value if isinstance(value, list) else []


def _content(path: Path, file: str) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise refuse(file, "there is no such file.", "Check the path.") from None
    except IsADirectoryError:
        raise refuse(file, "is a folder.", "Name the file in it.") from None
    except (OSError, ValueError) as error:
        raise refuse(file, f"cannot be opened: {getattr(error, 'strerror', None) or error}.") from None
    if len(content) > LARGEST:
        message = f"is larger than {LARGEST // 1_000_000} MB; a process is a few pages."
        raise refuse(file, message, "Is it the log? 'processminer playbook draft' reads that.")
    if not content.strip():
        raise refuse(file, "is empty.", "Export it again.", 1)
    return content


def _text(content: bytes, file: str) -> str | None:
    """Return the text of a file; None for XML that says it is in other letters than UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")) or re.match(rb"\s*<\?xml[^>]*\bencoding\s*=", content):
            return None
        line = content.count(b"\n", 0, error.start) + 1
        raise refuse(file, "is not UTF-8 text.", "Save it as UTF-8.", line) from None


def _json(text: str, file: str) -> Plain:
    try:
        return cast("Plain", json.loads(text))
    except json.JSONDecodeError as error:
        message = f"is no well-formed JSON ({error.msg}, column {error.colno})."
        raise refuse(file, message, "Export it again.", error.lineno) from None
    except RecursionError:
        raise refuse(file, "is nested deeper than any export.", "Export it again.") from None
    except ValueError as error:
        raise refuse(file, f"is JSON that cannot be read: {error}.", "Export it again.") from None


def _table(text: str, file: str) -> tuple[Row, ...]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    try:
        header = [folded(cell) for cell in next(reader, list[str]())]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                named = dict(zip(header, cells, strict=False))
                rows.append(Row(named, "", reader.line_num))
    except csv.Error as error:
        raise refuse(file, f"is no table that can be read ({error}).", "Export it again.", reader.line_num) from None
    return tuple(rows)


_HOLDERS = ("records", "results", "result", "data", "stages", "value")
"""Under which names the answers of CRMs hold their lists."""


def _records(data: Plain, place: str = "") -> tuple[Row, ...]:
    if isinstance(data, list):
        return tuple(Row(keyed(one), f"{place}[{at}]", None) for at, one in enumerate(data) if isinstance(one, dict))
    said = data if isinstance(data, dict) else {}
    holder = next((one for one in _HOLDERS if isinstance(said.get(one), (list, dict))), None)
    return () if holder is None else _records(said[holder], f"{place}.{holder}".removeprefix("."))
