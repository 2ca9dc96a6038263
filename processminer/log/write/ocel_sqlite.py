"""OCEL 2.0 as SQLite: a table of objects and one of events, a table a type with the attributes, and their links."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.write.ocel_objects import EPOCH, EVENT_ATTRIBUTES, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from processminer.log.write.clean_log import CleanLog
    from processminer.log.write.ocel_objects import ObjectType

SQL_TYPES = {"string": "TEXT", "time": "TIMESTAMP", "float": "REAL", "integer": "INTEGER", "boolean": "BOOLEAN"}

TABLES = """
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL);
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL);
CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
"""


CHANGES = (
    'SELECT "ocel id", one.time, one.name, one.value FROM (SELECT "ocel id", unnest("ocel changes") AS one FROM ({}))'
)
"""The values that a query's objects got later on, in their order."""


def write_sqlite(clean: CleanLog, objects: Sequence[ObjectType], path: Path) -> None:
    """Write OCEL 2.0 as SQLite."""
    with closing(sqlite3.connect(path)) as connection:
        # The file is moved to its place when it is whole: nothing to come back to on a crash.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + TABLES)
        for number, one in enumerate(objects, 1):
            _write_objects(clean, connection, one, number)
        _write_events(clean, connection)
        connection.commit()


def _write_objects(clean: CleanLog, connection: sqlite3.Connection, one: ObjectType, number: int) -> None:
    name = _map(one.name, number)
    connection.execute("INSERT INTO object_map_type VALUES (?, ?)", (one.name, name))
    connection.execute(
        f"CREATE TABLE {quoted('object_' + name)} (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT"
        f"{_columns(one.attributes)})"
    )
    table = quoted("object_" + name)
    begun = f"INSERT INTO {table} ({_listed(one.attributes)}) VALUES ({_marks(len(one.attributes) + 3)})"
    changed = {
        attribute: f"INSERT INTO {table} ({_listed([attribute])}) VALUES (?, ?, ?, ?)" for attribute in one.attributes
    }
    for piece in one.pieces:
        rows = clean.relations.rows(f'SELECT * EXCLUDE ("ocel changes") FROM ({one.query})', piece)
        connection.executemany("INSERT INTO object VALUES (?, ?)", ((row[0], one.name) for row in rows))
        connection.executemany(
            "INSERT INTO object_object VALUES (?, ?, ?)", (row[:3] for row in rows if row[1] is not None)
        )
        connection.executemany(begun, ((row[0], EPOCH, None, *row[3:]) for row in rows))
        for owner, time, attribute, value in clean.relations.rows(CHANGES.format(one.query), piece):
            connection.execute(changed[attribute], (owner, time, attribute, value))


def _write_events(clean: CleanLog, connection: sqlite3.Connection) -> None:
    kinds = {
        number: (kind, _map(kind, number))
        for kind, number in clean.relations.rows("SELECT type, number FROM ocel_kinds ORDER BY number")
    }
    for kind, name in kinds.values():
        connection.execute("INSERT INTO event_map_type VALUES (?, ?)", (kind, name))
        connection.execute(
            f"CREATE TABLE {quoted('event_' + name)} (ocel_id TEXT, ocel_time TIMESTAMP{_columns(EVENT_ATTRIBUTES)})"
        )
    marks = _marks(len(EVENT_ATTRIBUTES) + 2)
    for piece in pieces_of(clean):
        rows = clean.relations.rows(read_sql("processminer.log.write", "ocel_events.sql"), piece)
        connection.executemany("INSERT INTO event VALUES (?, ?)", (row[:2] for row in rows))
        for number, (_kind, name) in kinds.items():
            told = ((row[0], *row[3:11]) for row in rows if row[2] == number)
            connection.executemany(f"INSERT INTO {quoted('event_' + name)} VALUES ({marks})", told)
        linked = [(row[0], row[11], "of") for row in rows]
        linked += [(row[0], row[12], "done by") for row in rows if row[12] is not None]
        connection.executemany("INSERT INTO event_object VALUES (?, ?, ?)", linked)


def _listed(attributes: Iterable[str]) -> str:
    return ", ".join(("ocel_id", "ocel_time", "ocel_changed_field", *(quoted(name) for name in attributes)))


def _marks(values: int) -> str:
    return ", ".join("?" * values)


def _columns(attributes: Mapping[str, str]) -> str:
    return "".join(f", {quoted(name)} {SQL_TYPES[kind]}" for name, kind in attributes.items())


def _map(name: str, number: int) -> str:
    """Return a type's name for its table: its own letters, with a number that keeps like ones apart."""
    return f"{re.sub(r'[^A-Za-z0-9]', '', name)}_{number}"
