"""OCEL 2.0 in SQLite: a table of objects and one of events, and a table a type with the attributes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from processminer.engines.ocel_tables import EPOCH, texts
from processminer.engines.relations import quoted
from processminer.errors import EngineError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from processminer.engines.ocel_tables import Rows

HINT = "An OCEL 2.0 file in SQLite has tables called event, object, event_object, event_map_type and object_map_type."


def read_sqlite(path: Path) -> Iterator[Rows]:
    """Yield the rows of a file. Raises EngineError where it is damaged, or no OCEL 2.0."""
    try:
        # Read only, and taking it that nobody writes to it: nothing is left beside the file.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.text_factory = _text
            connection.execute("PRAGMA trusted_schema = OFF")
            yield from _Reader(connection).rows()
    except sqlite3.Error as error:
        message = f"not OCEL 2.0 in SQLite: {error}."
        raise EngineError(message, Place(str(path)), HINT) from error


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")


class _Reader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        listed = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        # A virtual table would run a program of its own.
        self._tables = {
            str(name).casefold(): str(name) for name, sql in listed if "VIRTUAL" not in str(sql).upper().split("(")[0]
        }

    def rows(self) -> Iterator[Rows]:
        for row in self._select("object", "ocel_id", "ocel_type"):
            yield "ocel_objects", row
        kinds = {event: kind for event, kind in self._select("event", "ocel_id", "ocel_type")}  # noqa: C416 - typed
        yield from self._object_values()
        yield from self._events(kinds)
        for name, ours, source, target in (
            ("event_object", "ocel_event_objects", "ocel_event_id", "ocel_object_id"),
            ("object_object", "ocel_object_objects", "ocel_source_id", "ocel_target_id"),
        ):
            if name in self._tables:
                for row in self._select(name, source, target, "ocel_qualifier"):
                    yield ours, row

    def _select(self, table: str, *columns: str) -> Iterator[tuple[str | None, ...]]:
        listed = ", ".join(quoted(column) for column in columns)
        for row in self._connection.execute(f"SELECT {listed} FROM {quoted(self._named(table))} ORDER BY rowid"):
            yield tuple(texts(row))

    def _named(self, table: str) -> str:
        if table.casefold() not in self._tables:
            message = f"no such table: {table}"
            raise sqlite3.DatabaseError(message)
        return self._tables[table.casefold()]

    def _whole(self, table: str) -> Iterator[dict[str, str | None]]:
        cursor = self._connection.execute(f"SELECT * FROM {quoted(self._named(table))} ORDER BY rowid")
        columns = [str(column[0]) for column in cursor.description]
        for row in cursor:
            yield dict(zip(columns, texts(row), strict=True))

    def _object_values(self) -> Iterator[Rows]:
        for _kind, name in sorted(self._select("object_map_type", "ocel_type", "ocel_type_map"), key=str):
            for row in self._whole(f"object_{name}"):
                owner, changed = row.pop("ocel_id", None), row.pop("ocel_time", None)
                field = row.pop("ocel_changed_field", None)
                since = None if changed is None or changed.startswith(EPOCH) else changed
                for column, value in row.items():
                    if value is not None and field in {None, column}:
                        yield "ocel_object_values", (owner, column, value, since)

    def _events(self, kinds: dict[str | None, str | None]) -> Iterator[Rows]:
        for _kind, name in sorted(self._select("event_map_type", "ocel_type", "ocel_type_map"), key=str):
            for row in self._whole(f"event_{name}"):
                event = row.pop("ocel_id", None)
                yield "ocel_events", (event, kinds.get(event), row.pop("ocel_time", None))
                for column, value in row.items():
                    if value is not None:
                        yield "ocel_event_values", (event, column, value)
