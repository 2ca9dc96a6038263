# pyright: basic
"""The door to other people's databases: which tables there are, and the rows of some columns; nothing is written."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from processminer.engines.relations import quoted, read_sql
from processminer.errors import EngineError, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa

    from processminer.engines.address import Address
    from processminer.engines.relations import Relations

INSTALL = "pip install 'processminer[databases]'"
_BATCH = 50_000
"""Rows held at once where the driver leaves it to us."""
_PATIENCE = 10
"""Seconds to wait for a server to answer, and for a lock to be let go."""
_ATTACHED = "given"
ROW = "row of the table"
"""A column that counts the rows of a table that is read where it lies."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A table or view, known by its columns alone."""

    schema: str
    name: str
    columns: dict[str, str]
    """Their names to what the database calls their types, in order."""
    key: tuple[str, ...]
    """The columns that tell its rows apart, where the database says so."""
    is_table: bool = True
    """Whether its rows lie there, rather than being made of others whenever they are asked for."""

    @property
    def said(self) -> str:
        """Return its name with its schema, unless that is the usual one."""
        return self.name if self.schema in {"", "public", "main"} else f"{self.schema}.{self.name}"


class Database(Protocol):
    """An open database, seen as it stood at one moment."""

    def listed(self) -> tuple[Listed, ...]:
        """Return its tables and views, by schema and name."""
        ...

    def bring(self, relations: Relations, name: str, table: Listed, columns: Sequence[str]) -> str:
        """Make the relation `name` of some columns of a table; return the expression that counts its rows from 0."""
        ...

    def close(self) -> None:
        """Let the database go."""
        ...


@contextmanager
def open_database(relations: Relations, address: Address) -> Iterator[Database]:
    """Open a database for reading alone, and close it again.

    Raises EngineError, here and from the database's methods, in words and without secrets.
    """
    database = _opened(relations, address)
    try:
        yield database
    finally:
        database.close()


def _opened(relations: Relations, address: Address) -> Database:
    match address.scheme:
        case "duckdb":
            return DuckDBFile(relations, address)
        case "sqlite":
            return SQLiteFile(address)
        case "postgres" | "postgresql":
            return Postgres(address)
        case _:
            return AnyDatabase(address)


class DuckDBFile:
    """A DuckDB file, attached and read where it lies; what is a table there is not copied."""

    def __init__(self, relations: Relations, address: Address) -> None:
        _exists(address)
        with _said(address, "cannot be opened", _file_hint):
            relations.attach(_ATTACHED, Path(address.opened))
        self._relations, self._address = relations, address

    def close(self) -> None:
        """Leave the file attached: it is read where it lies for as long as the log is."""

    def listed(self) -> tuple[Listed, ...]:
        """Return its tables and views, by schema and name."""
        return _grouped(self._relations.rows(read_sql("processminer.engines", "duckdb_tables.sql"), {"of": _ATTACHED}))

    def bring(self, relations: Relations, name: str, table: Listed, columns: Sequence[str]) -> str:
        """Make a view of a table's columns; a view of theirs is copied, for its rows may come in any order."""
        of = f"{quoted(_ATTACHED)}.{quoted(table.schema)}.{quoted(table.name)}"
        cells = ", ".join(quoted(column) for column in columns)
        if table.is_table:
            sql = f"CREATE VIEW {quoted(name)} AS SELECT {cells}, rowid AS {quoted(ROW)} FROM {of}"
        else:
            sql = f"CREATE TABLE {quoted(name)} AS SELECT {cells} FROM {of} ORDER BY ALL"
        with _said(self._address, f"table {table.said} cannot be read", _file_hint):
            relations.try_run(sql)
        return quoted(ROW) if table.is_table else "rowid"


class SQLiteFile:
    """An SQLite file; every cell as its text."""

    def __init__(self, address: Address) -> None:
        import sqlite3

        _exists(address)
        path = Path(address.opened).absolute()
        with _said(address, "cannot be opened", _file_hint):
            self._connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
            self._connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
            # One transaction: nobody's writing falls between two of our readings.
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM sqlite_master")
        self._address = address

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def listed(self) -> tuple[Listed, ...]:
        """Return its tables and views, by name."""
        with _said(self._address, "cannot be read", _file_hint):
            return _grouped(self._connection.execute(read_sql("processminer.engines", "sqlite_tables.sql")).fetchall())

    def bring(self, relations: Relations, name: str, table: Listed, columns: Sequence[str]) -> str:
        """Copy some columns of a table, ordered by its key, else by all of them."""
        order = table.key or columns
        sql = (
            f"SELECT {', '.join(f'CAST({quoted(column)} AS TEXT)' for column in columns)} FROM {quoted(table.name)} "
            f"ORDER BY {', '.join(quoted(column) for column in order)}"
        )
        with _said(self._address, f"table {table.said} cannot be read", _file_hint):
            cursor = self._connection.execute(sql)
            return _copied(relations, name, _batches(cursor.fetchmany, columns), ordered=True)


class Postgres:
    """A Postgres database, in one read-only transaction, so that all tables are seen as they stood at one moment."""

    def __init__(self, address: Address) -> None:
        try:
            import adbc_driver_postgresql.dbapi as driver
        except ImportError:
            raise _missing(address) from None
        # What stands last counts, so that the user's own patience comes after ours.
        mark = "&" if "?" in address.opened else "?"
        patient = "" if "connect_timeout=" in address.opened else f"{mark}connect_timeout={_PATIENCE}"
        self._address = address
        with _said(address, "cannot be opened", _postgres_hint):
            self._connection = driver.connect(address.opened + patient, autocommit=False)
        with self._cursor() as cursor, _said(address, "cannot be opened", _postgres_hint):
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")

    def close(self) -> None:
        """End the transaction and let the server go."""
        self._connection.close()

    def listed(self) -> tuple[Listed, ...]:
        """Return the tables and views that this user may read, by schema and name."""
        with self._cursor() as cursor, _said(self._address, "cannot be read", _postgres_hint):
            cursor.execute(read_sql("processminer.engines", "postgres_tables.sql"))
            return _grouped(cursor.fetchall())

    def bring(self, relations: Relations, name: str, table: Listed, columns: Sequence[str]) -> str:
        """Copy some columns of a table, ordered by its key: times as times, anything else as its text."""
        cells = ", ".join(f"{_postgres_cell(column, table.columns[column])} AS {quoted(column)}" for column in columns)
        of = f"{quoted(table.schema)}.{quoted(table.name)}"
        order = f" ORDER BY {', '.join(f'{of}.{quoted(column)}' for column in table.key)}" if table.key else ""
        with self._cursor() as cursor, _said(self._address, f"table {table.said} cannot be read", _postgres_hint):
            cursor.execute(f"SELECT {cells} FROM {of}{order}")
            return _copied(relations, name, _begun(cursor.fetch_record_batch()), ordered=bool(order))

    def _cursor(self) -> Any:
        return self._connection.cursor()


class AnyDatabase:
    """Any other database that Ibis knows by its URL; nothing but SELECT is sent."""

    def __init__(self, address: Address) -> None:
        try:
            import ibis
        except ImportError:
            raise _missing(address) from None
        known = {one.name for one in ibis.util.backend_entry_points()}
        if address.scheme not in known:
            message = f"{address.scheme}:// is no kind of database that is known."
            hint = f"Known: postgres, duckdb, sqlite, {', '.join(sorted(known))}."
            raise EngineError(message, Place(address.said), hint)
        self._address = address
        with _said(address, "cannot be opened", _driver_hint(address.scheme)):
            self._connection: Any = ibis.connect(address.opened)

    def close(self) -> None:
        """Let the database go."""
        self._connection.disconnect()

    def listed(self) -> tuple[Listed, ...]:
        """Return the tables and views of the schema that was said, else of the one that the URL opens."""
        schema = self._address.schema
        with _said(self._address, "cannot be read", _driver_hint(self._address.scheme)):
            return tuple(
                Listed(schema or "", name, {column: str(kind) for column, kind in self._schema(name).items()}, ())
                for name in sorted(self._connection.list_tables(database=schema))
            )

    def bring(self, relations: Relations, name: str, table: Listed, columns: Sequence[str]) -> str:
        """Copy some columns of a table, ordered by all of them."""
        hint = _driver_hint(self._address.scheme)
        with _said(self._address, f"table {table.said} cannot be read", hint):
            wanted = self._connection.table(table.name, database=self._address.schema).select(*columns)
            return _copied(relations, name, _begun(wanted.to_pyarrow_batches(chunk_size=_BATCH)), ordered=False)

    def _schema(self, name: str) -> Any:
        return self._connection.table(name, database=self._address.schema).schema()


def _grouped(rows: Iterable[Sequence[Any]]) -> tuple[Listed, ...]:
    """Return the tables of rows of schema, table, column, type, whether it is of the key, and whether it is no view."""
    tables: list[Listed] = []
    for (schema, name), columns in groupby(rows, key=lambda row: (str(row[0]), str(row[1]))):
        told = list(columns)
        types = {str(row[2]): str(row[3]) for row in told}
        tables.append(Listed(schema, name, types, tuple(str(row[2]) for row in told if row[4]), bool(told[0][5])))
    return tuple(tables)


def _begun(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Yield an empty batch before those of a reader, which has none for an empty table."""
    import pyarrow as pa

    yield pa.RecordBatch.from_pylist([], schema=reader.schema)
    yield from reader


def _copied(relations: Relations, name: str, batches: Iterable[pa.RecordBatch], *, ordered: bool) -> str:
    """Copy batches into the table `name`, sorted where they come in no order of their own."""
    to = name if ordered else f"{name} as it came"
    for batch in batches:
        relations.append(to, batch)
    if not ordered:
        relations.run(f"CREATE TABLE {quoted(name)} AS SELECT * FROM {quoted(to)} ORDER BY ALL")
        relations.run(f"DROP TABLE {quoted(to)}")
    return "rowid"


def _batches(fetch: Callable[[int], list[Sequence[Any]]], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    rows = fetch(_BATCH)
    while True:
        cells = zip(*rows, strict=True) if rows else [()] * len(columns)
        yield pa.record_batch([pa.array(column, pa.string()) for column in cells], names=list(columns))
        rows = fetch(_BATCH)
        if not rows:
            return


def _postgres_cell(column: str, kind: str) -> str:
    """Return the expression of a cell: a time stays one, and what is beyond the calendar is brought to its edge."""
    if kind in {"date", "timestamp without time zone", "timestamp with time zone"}:
        # An empty cell stays empty: of values and nothing, Postgres takes the values.
        cell = quoted(column)
        return f"CASE WHEN {cell} IS NOT NULL THEN least(greatest({cell}, '0001-01-01'), '9999-12-31') END"
    return f"{quoted(column)}::text"


def _exists(address: Address) -> None:
    if not Path(address.opened).is_file():
        message = "does not exist."
        raise EngineError(message, Place(address.said), "Check the path of the database file.")


def _missing(address: Address) -> EngineError:
    message = "needs a driver that is not installed."
    return EngineError(message, Place(address.said), f"Install it: {INSTALL}")


@contextmanager
def _said(address: Address, what: str, hint: Callable[[str], str]) -> Iterator[None]:
    """Say whatever a driver raises in one line of words, without secrets and without its own traceback."""
    try:
        yield
    except Exception as error:
        # Each driver has its own errors, and Ibis has dozens of drivers. Not chained: they may repeat the password.
        message = f"{what}: {address.scrubbed(_reason(str(error)) or type(error).__name__)}"
        raise EngineError(message, Place(address.said), hint(str(error))) from None


def _reason(said: str) -> str:
    """Return what a driver complains of, without the wrapping of its layers."""
    for mark in ("FATAL:", "ERROR:"):
        if mark in said:
            said = said.split(mark, 1)[1]
            break
    line = next((line.strip() for line in said.splitlines() if line.strip()), "")
    for wrapping in ("IO: ", "[libpq] ", "Failed to connect: "):
        line = line.removeprefix(wrapping)
    return line.rstrip(".") + "." if line else ""


_POSTGRES_HINTS = {
    "password": "Check the user and the password; PGPASSWORD or a .pgpass file keep it out of the command line.",
    "statement timeout": "The server stops queries that take this long; ask for more time, or read a smaller view.",
    "lock timeout": "Another program holds the table; try again when it is done.",
    "permission denied": "Ask for SELECT on it; nothing else is needed.",
    "does not exist": "Check the names of the database and the user.",
    "translate host name": "Check the host's name.",
}


def _postgres_hint(said: str) -> str:
    usual = "Is the server up at that host and port, and does it let this machine in?"
    if "connect" not in said:
        usual = "The words are the server's; read another table or view with --table history=SCHEMA.TABLE."
    return next((hint for mark, hint in _POSTGRES_HINTS.items() if mark in said), usual)


def _file_hint(said: str) -> str:
    if "lock" in said:
        return "Another program is writing to it; try again when it is done."
    return "Is it a whole database file, and may you read it? Copy it again."


def _driver_hint(scheme: str) -> Callable[[str], str]:
    def hint(said: str) -> str:
        if "No module named" in said or "install" in said.lower():
            return f"Install its driver: pip install 'ibis-framework[{scheme}]'"
        return "Check the address, the user and the password, and that this machine may connect."

    return hint
