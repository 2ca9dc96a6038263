# pyright: basic
"""The door to XES files: a streaming read with the standard library's XML parser.

pm4py's importers were measured against it. `iterparse`, the only one of them that reads XML as XML, gives the same
events in four times the time, after a slow import; it drops times that it cannot read. `chunk_regex` and
`line_by_line` keep `&amp;` as it stands, stumble over quotes and take a file that is cut off for whole.
"""

from __future__ import annotations

import gzip
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from processminer.errors import EngineError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    import pyarrow as pa

Attributes = dict[str, str]

NAME = "concept:name"
TIME = "time:timestamp"
RESOURCE = "org:resource"
LIFECYCLE = "lifecycle:transition"
LIST, KEY, VALUE = "list", "key", "value"
FIXED = ("trace", "line", "case_id", "activity", "timestamp", "timestamp_text", "resource", "lifecycle")
FIXED_OF_ENTRIES = ("trace", "line", "case_id", "list", "key", "value")

BATCH = 50_000
"""Events held as Python objects at a time: enough for Arrow to be quick, few enough to stay within some 50 MB."""

GZIP_MAGIC = b"\x1f\x8b"

NOT_XES = "An XES file is XML with <log>, <trace> and <event> in it; export the log again, or give it as CSV."


@dataclass(frozen=True, slots=True)
class XesLog:
    """An XES file as Arrow tables, their rows in the order of the file."""

    events: Any
    """A row an event."""
    entries: Any
    """A row an entry of the lists that stand in traces."""
    about: Attributes
    """What the log says of itself, key by key."""


def read_xes(path: Path) -> XesLog:
    """Return what a plain or gzipped XES file holds, in the order of the file.

    Columns of the events, always in this order, null where the file says nothing:

    - `trace` (int32), the trace's position in the file, from 0: two traces may bear the same name; `line` (int64), the
      line on which the event begins, from 1.
    - `case_id` and `activity` (text), the names of trace and event.
    - `timestamp` (microseconds in UTC): a time without a zone is taken as UTC, one that is no ISO 8601 time is null;
      `timestamp_text`, the same in the file's own words.
    - `resource`, `lifecycle` (text).
    - `case:<attribute>`, one for each further attribute of traces, then `event:<attribute>`, one for each further
      attribute of events, both in alphabetical order and in the file's own words; of a nested attribute the outer
      value is kept.

    Columns of the entries: `trace`, `line` and `case_id` as above; `list`, the list's key; the `key` and `value` of the
    entry; `entry:<attribute>`, one for each attribute nested in entries, in alphabetical order. Of what is nested
    deeper, and of lists in events, nothing is kept.

    A trace without events gives one row without activity and time. Raises EngineError for a file that is not XES, is
    cut off, or declares a document type (which could pull in other files).
    """
    reader = _Reader(path)
    with _plain_words(path), _opened(path) as stream:
        reader.parser.ParseFile(stream)
    return reader.log()


class _Reader:
    """Gathers events while the parser walks through the file, and packs them into Arrow batch by batch."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._depth = 0
        self._trace = -1
        self._batches: list[tuple[pa.Table, pa.Table]] = []
        self._events = _Rows()
        self._entries = _Rows()
        self._cases: list[Attributes] = []
        self._log: Attributes = {}
        self._list: str | None = None
        """The key of the list that is open in the trace."""
        self._owner: Attributes | None = None
        """What the attributes met next belong to, if to anything: the event, else the trace that is open."""
        self._owner_depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type

    def log(self) -> XesLog:
        self._pack()
        events, entries = zip(*self._batches, strict=True)
        return XesLog(_joined(events, FIXED), _joined(entries, FIXED_OF_ENTRIES), self._log)

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        tag = name.rpartition(":")[2]
        if self._depth == 1 and tag != "log":
            message = f"the file holds <{name}>, not an XES <log>."
            raise EngineError(message, self._place(), NOT_XES)
        if tag == "event":
            self._open_event()
        elif tag == "trace":
            self._open_trace()
        elif self._list is not None:
            self._open_entry(attributes)
        elif tag == "list" and self._depth == 3 and self._owner is not None:
            self._list = attributes.get("key", "")
        elif self._owner is not None and self._depth == self._owner_depth + 1 and "value" in attributes:
            self._owner[attributes.get("key", "")] = attributes["value"]
        elif self._depth == 2 and "value" in attributes:
            self._log[attributes.get("key", "")] = attributes["value"]

    def _end(self, name: str) -> None:
        self._depth -= 1
        tag = name.rpartition(":")[2]
        if tag == "event":
            self._owner, self._owner_depth = self._cases[-1], self._depth
        elif tag == "list" and self._depth == 2:
            self._list = None
        elif tag == "trace":
            self._owner = None
            if self._events.owners[-1:] != [len(self._cases) - 1]:
                self._add(self._events, {})
            if len(self._events.rows) + len(self._entries.rows) >= BATCH:
                self._pack()

    def _open_trace(self) -> None:
        if self._depth != 2:
            self._misplaced("trace", "log")
        self._trace += 1
        self._owner, self._owner_depth = {}, self._depth
        self._cases.append(self._owner)

    def _open_event(self) -> None:
        if self._depth != 3 or self._owner is None:
            self._misplaced("event", "trace")
        event: Attributes = {}
        self._add(self._events, event)
        self._owner, self._owner_depth = event, self._depth

    def _open_entry(self, attributes: Attributes) -> None:
        """Note an entry of a list, <list><values><string/></values></list>, or what is nested in the latest."""
        if self._depth == 5 and "value" in attributes:
            entry = {LIST: self._list or "", KEY: attributes.get("key", ""), VALUE: attributes["value"]}
            self._add(self._entries, entry)
        elif self._depth == 6 and "value" in attributes and self._entries.owners[-1:] == [len(self._cases) - 1]:
            self._entries.rows[-1][f"entry:{attributes.get('key', '')}"] = attributes["value"]

    def _add(self, to: _Rows, row: Attributes) -> None:
        to.rows.append(row)
        to.lines.append(self.parser.CurrentLineNumber)
        to.owners.append(len(self._cases) - 1)

    def _pack(self) -> None:
        """Turn the whole traces gathered so far into one batch."""
        import pyarrow as pa

        first = self._trace + 1 - len(self._cases)
        events = self._events.rows
        times = _texts(events, TIME)
        columns = {
            **self._events.columns(first, self._cases),
            "activity": _texts(events, NAME),
            "timestamp": _times(times),
            "timestamp_text": times,
            "resource": _texts(events, RESOURCE),
            "lifecycle": _texts(events, LIFECYCLE),
        }
        owners = pa.array(self._events.owners, pa.int32())
        for key in _keys(self._cases) - {NAME}:
            columns[f"case:{key}"] = _texts(self._cases, key).take(owners)
        for key in _keys(events) - {NAME, TIME, RESOURCE, LIFECYCLE}:
            columns[f"event:{key}"] = _texts(events, key)
        entries = self._entries.columns(first, self._cases)
        for key in {LIST, KEY, VALUE} | _keys(self._entries.rows):
            entries[key] = _texts(self._entries.rows, key)
        self._batches.append((pa.table(columns), pa.table(entries)))
        self._events, self._entries, self._cases = _Rows(), _Rows(), []

    def _refuse_document_type(self, *_declared: object) -> None:
        message = "the file declares a document type, which XES has no use for."
        raise EngineError(message, self._place(), "It could pull in other files: remove the <!DOCTYPE ...> part.")

    def _misplaced(self, tag: str, parent: str) -> None:
        message = f"a <{tag}> stands here that is not directly in a <{parent}>."
        raise EngineError(message, self._place(), NOT_XES)

    def _place(self) -> Place:
        return Place(str(self._path), self.parser.CurrentLineNumber)


class _Rows:
    """Rows gathered from traces: what each holds, the line that it begins on, and which trace it is of."""

    def __init__(self) -> None:
        self.rows: list[Attributes] = []
        self.lines: list[int] = []
        self.owners: list[int] = []

    def columns(self, first: int, cases: Sequence[Attributes]) -> dict[str, Any]:
        """Return where the rows stand in the file; `first` is the position of the first of the traces."""
        import pyarrow as pa

        return {
            "trace": pa.array([first + owner for owner in self.owners], pa.int32()),
            "line": pa.array(self.lines, pa.int64()),
            "case_id": _texts(cases, NAME).take(pa.array(self.owners, pa.int32())),
        }


@contextmanager
def _plain_words(path: Path) -> Iterator[None]:
    """Say what is wrong with the file instead of what was wrong in the parser."""
    try:
        yield
    except expat.ExpatError as error:
        message = f"not well-formed XML ({expat.ErrorString(error.code)})."
        raise EngineError(message, Place(str(path), error.lineno), NOT_XES) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = "the compressed file is cut off or damaged."
        raise EngineError(message, Place(str(path)), "Copy or export it again.") from error
    except (LookupError, UnicodeError) as error:
        message = f"the file's letters cannot be read as it declares them: {error}"
        raise EngineError(message, Place(str(path), 1), "Save it as UTF-8.") from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO | gzip.GzipFile]:
    """Open a file for reading bytes, unpacked if it is gzipped, whatever its name says."""
    with path.open("rb") as raw:
        packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.open(raw) as unpacked:
            yield unpacked


def _joined(batches: Sequence[pa.Table], fixed: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    table = pa.concat_tables(batches, promote_options="default")
    return table.select([*fixed, *sorted(set(table.column_names) - set(fixed))])


def _keys(rows: Sequence[Attributes]) -> set[str]:
    return {key for row in rows for key in row}


def _texts(rows: Sequence[Attributes], key: str) -> pa.Array:
    import pyarrow as pa

    return pa.array([row.get(key) for row in rows], pa.string())


def _times(texts: pa.Array) -> pa.Array:
    """Return instants in UTC; a text that is no ISO 8601 time becomes null."""
    import pandas as pd
    import pyarrow as pa

    parsed = pd.to_datetime(pd.Series(texts.to_pylist(), dtype="object"), format="ISO8601", utc=True, errors="coerce")
    return pa.array(parsed.dt.as_unit("us").array, pa.timestamp("us", tz="UTC"), from_pandas=True)
