"""The door to DuckDB: queries run where the rows lie, and only small answers come back."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from processminer.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb
    import pandas as pd
    import pyarrow as pa

Row = tuple[Any, ...]


class Relations:
    """A private, in-memory database; every relation of one log lives in it.

    Results are ordered by the queries themselves; the session's time zone is UTC, and no progress bar is drawn.
    """

    def __init__(self, memory_limit: str | None = None) -> None:
        import duckdb

        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(":memory:")
        self._connection.execute("SET enable_progress_bar = false")
        self._connection.execute("SET TimeZone = 'UTC'")
        if memory_limit is not None:
            self._connection.execute(f"SET memory_limit = '{memory_limit}'")

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> None:
        """Run statements for their effect; `values` fill the named parameters ($as_of) of a single one."""
        self._execute(sql, values)

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        """Return all rows of a query."""
        return self._execute(sql, values).fetchall()

    def row(self, sql: str, values: Mapping[str, object] | None = None) -> Row:
        """Return the only row of a query, an aggregate for example."""
        (only,) = self.rows(sql, values)
        return only

    def frame(self, sql: str, values: Mapping[str, object] | None = None) -> pd.DataFrame:
        """Return the rows of a query as a DataFrame."""
        return self._execute(sql, values).df()

    def arrow(self, sql: str, values: Mapping[str, object] | None = None) -> pa.Table:
        """Return the rows of a query as an Arrow table."""
        return self._execute(sql, values).to_arrow_table()

    def put(self, name: str, columns: Mapping[str, Sequence[object]], types: Mapping[str, str]) -> None:
        """Make (or replace) the table `name` from columns of equal length, typed as the engine names types."""
        import pyarrow as pa

        table = pa.table({column: pa.array(list(values), from_pandas=False) for column, values in columns.items()})
        self._connection.register("incoming", table)
        casts = ", ".join(f'CAST("{column}" AS {types[column]}) AS "{column}"' for column in columns)
        self._connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT {casts} FROM incoming')
        self._connection.unregister("incoming")

    def insert(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Append a few rows to a table."""
        many = [list(row) for row in rows]
        if many:
            marks = ", ".join("?" for _ in many[0])
            self._connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', many)

    def has(self, name: str) -> bool:
        """Tell whether a table or view of this name exists."""
        return bool(
            self.rows(
                "SELECT 1 FROM duckdb_tables() WHERE table_name = $name "
                "UNION ALL SELECT 1 FROM duckdb_views() WHERE view_name = $name",
                {"name": name},
            )
        )

    def _execute(self, sql: str, values: Mapping[str, object] | None) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            return self._connection.execute(sql, dict(values) if values else None)
        except duckdb.OutOfMemoryException as error:
            message = f"The database ran out of memory: {error}"
            raise EngineError(message, hint="Close other programs, or audit a shorter period.") from error


def read_sql(package: str, name: str) -> str:
    """Return the text of a query file that lies beside the code of a room."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def translate(sql: str, dialect: str) -> str:
    """Return a DuckDB query in another engine's dialect.

    Raises EngineError for a dialect that sqlglot does not know.
    """
    import sqlglot

    try:
        return ";\n".join(sqlglot.transpile(sql, read="duckdb", write=dialect, pretty=True))
    except (ValueError, sqlglot.ParseError) as error:
        message = f"Cannot say this query in the dialect {dialect!r}: {error}"
        raise EngineError(
            message, hint="Known ones: postgres, spark, snowflake, bigquery, redshift, duckdb."
        ) from error
