# pyright: basic
"""The door to DuckDB: queries run where the rows lie, and only small answers come back."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from processminer.errors import EngineError, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import duckdb
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

Row = tuple[Any, ...]


BEYOND = "cells beyond the header"
"""A column that `load_csv` adds: not null in rows that hold more cells than the header."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line of a text file that could not become a row."""

    line: int
    why: str


class Relations:
    """A private, in-memory database; every relation of one log lives in it.

    Results are ordered by the queries themselves; the session's time zone is UTC, and no progress bar is drawn.
    """

    def __init__(self) -> None:
        import duckdb

        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(":memory:")
        self._connection.execute("SET enable_progress_bar = false")
        self._connection.execute("SET TimeZone = 'UTC'")
        # From statistics, DuckDB 2.0 plans joins whose results it may refuse to put together, and is lost with its data
        # ("dict-surviving cache").
        self._connection.execute("SET disabled_optimizers = 'statistics_propagation'")
        self._looked_at: list[str] = []
        """Parquet files that were not read to their end when they were opened, as the user would say them."""

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

    def numbers(self, sql: str, values: Mapping[str, object] | None = None) -> dict[str, NDArray[np.float64]]:
        """Return the columns of a query of numbers, each as floats; nulls are not a number."""
        import numpy as np

        columns: dict[str, Any] = self._execute(sql, values).fetchnumpy()
        return {name: np.ma.filled(column.astype(np.float64), np.nan) for name, column in columns.items()}

    def frame(self, sql: str, values: Mapping[str, object] | None = None) -> pd.DataFrame:
        """Return the rows of a query as a DataFrame."""
        # Not DuckDB's own df(): it stirs a deprecation of pandas 3.1 where a time has a zone.
        frame: pd.DataFrame = self.arrow(sql, values).to_pandas()
        return frame

    def arrow(self, sql: str, values: Mapping[str, object] | None = None) -> pa.Table:
        """Return the rows of a query as an Arrow table."""
        table: pa.Table = self._connection.sql(sql, params=dict(values) if values else None).to_arrow_table()
        return table

    def texts(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[memoryview]:
        """Yield the texts of a query's only column as UTF-8, one behind the other, block by block; nulls are empty."""
        import pyarrow as pa

        relation = self._connection.sql(sql, params=dict(values) if values else None)
        for batch in relation.to_arrow_reader(10_000):
            column = batch.column(0).cast(pa.large_string())
            _, offsets, text = column.buffers()
            bounds = memoryview(offsets).cast("q")
            if text is not None:
                yield memoryview(text)[bounds[column.offset] : bounds[column.offset + len(column)]]

    def put(self, name: str, columns: Mapping[str, Sequence[object]], types: Mapping[str, str]) -> None:
        """Make (or replace) the table `name` from columns of equal length, typed as the engine names types."""
        # Plain lists as parameters: going through Arrow would import pandas, half a second at every start.
        values = {f"c{at}": list(given) for at, given in enumerate(columns.values())}
        read = ", ".join(f"unnest($c{at}::{types[one]}[]) AS {quoted(one)}" for at, one in enumerate(columns))
        self._execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {read}", values)

    def adopt(self, name: str, frame: object) -> None:
        """Make (or replace) the table `name` from a DataFrame or an Arrow table."""
        self._connection.register("incoming", frame)
        self._connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def append(self, name: str, batch: pa.RecordBatch) -> None:
        """Add the rows of an Arrow batch to the table `name`, which the first batch makes."""
        import pyarrow as pa

        self._connection.register("incoming", pa.Table.from_batches([batch]))
        self._connection.execute(f"CREATE TABLE IF NOT EXISTS {quoted(name)} AS SELECT * FROM incoming LIMIT 0")
        self._connection.execute(f"INSERT INTO {quoted(name)} SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def attach(self, name: str, path: Path) -> None:
        """Open a DuckDB file beside this database, under a name and to be read only; nothing of it is copied.

        Raises EngineError where it is none, is in use, or is of a newer kind.
        """
        self.try_run(f"ATTACH {literal(str(path))} AS {quoted(name)} (TYPE duckdb, READ_ONLY)")

    def try_run(self, sql: str) -> None:
        """Run a statement that depends on what others made; raises EngineError, with the reason, where it fails."""
        import duckdb

        try:
            self._connection.execute(sql)
        except duckdb.Error as error:
            raise EngineError(str(error).splitlines()[0]) from error

    def load_csv(
        self,
        name: str,
        path: Path,
        columns: Sequence[str],
        delimiter: str,
        *,
        quote: str = '"',
        escape: str = '"',
        skip: int = 0,
    ) -> tuple[Refused, ...]:
        """Make the table `name` from a UTF-8 text file with one header line, every column as text.

        `skip` records above the header are passed over, `escape` stands before a quotation mark in a cell. The rows
        keep the file's order (rowid 0 is the first below the header); short ones are padded with nulls, and lines that
        cannot be read are returned. A last column, BEYOND, holds the first cell too many. Raises EngineError
        where the file as a whole cannot be read.
        """
        import duckdb

        types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in (*columns, BEYOND))
        sql = (
            f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT * FROM read_csv({literal(str(path))}, "
            f"auto_detect = false, header = true, columns = {{{types}}}, delim = {literal(delimiter)}, "
            f"quote = {literal(quote)}, escape = {literal(escape)}, skip = {skip}, null_padding = true, "
            "strict_mode = false, parallel = false, ignore_errors = true, store_rejects = true, "
            "max_line_size = 4000000)"
        )
        try:
            self._connection.execute(sql)
        except duckdb.Error as error:
            message = f"cannot be read as a table of text: {str(error).splitlines()[0]}"
            raise EngineError(message) from error
        refused = self.rows("SELECT line, any_value(error_message) FROM reject_errors GROUP BY line ORDER BY line")
        self.run("DELETE FROM reject_errors")
        return tuple(Refused(int(line), str(why).splitlines()[0]) for line, why in refused)

    def load_parquet(self, name: str, file: str, paths: Sequence[Path], first_rows: Sequence[int] = (0,)) -> None:
        """Make the view `name` over Parquet files of the same columns; `file` is what the user calls them.

        `file_row_number` counts the rows of each file on from its first. Raises EngineError where one is not Parquet;
        where one is damaged further on, a query that gets there raises InputError.
        """
        import duckdb

        files = ", ".join(literal(str(path)) for path in paths)
        number = f"(file_row_number + [{', '.join(map(str, first_rows))}][file_index::BIGINT + 1])::BIGINT"
        counted = "*" if len(paths) == 1 else f"* REPLACE ({number} AS file_row_number)"
        try:
            self._connection.execute(
                f"CREATE OR REPLACE VIEW {quoted(name)} AS "
                f"SELECT {counted} FROM read_parquet([{files}], file_row_number = true)"
            )
        except duckdb.Error as error:
            message = f"is not a Parquet file: {str(error).splitlines()[0]}"
            raise EngineError(message) from error
        self._looked_at.append(file)

    def columns(self, name: str) -> dict[str, str]:
        """Return the columns of a table or view and their types, in order."""
        return {str(row[0]): str(row[1]) for row in self.rows(f"DESCRIBE {quoted(name)}")}

    def _execute(self, sql: str, values: Mapping[str, object] | None) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            return self._connection.execute(sql, dict(values) if values else None)
        except duckdb.OutOfMemoryException as error:
            message = f"The database ran out of memory: {error}"
            raise EngineError(message, hint="Close other programs, or audit a shorter period.") from error
        except duckdb.Error as error:
            # A damaged page is an error of no particular kind, or one of input and output.
            if not self._looked_at or not (type(error) is duckdb.Error or isinstance(error, duckdb.IOException)):
                raise
            message = f"cannot be read to its end; it may be damaged ({str(error).splitlines()[0]})."
            raise InputError(message, Place(", ".join(self._looked_at)), "Copy or export it again.") from error


def quoted(name: str) -> str:
    """Return a column's or table's name as an SQL identifier, whatever it contains."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL string, whatever it contains."""
    return "'" + text.replace("'", "''") + "'"


def read_sql(package: str, name: str) -> str:
    """Return the text of a query file that lies beside the code of a room."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def translate(sql: str, dialect: str) -> str:
    """Return a DuckDB query in another engine's dialect.

    Raises InputError for a dialect that is not known, EngineError for a query that the dialect cannot say.
    """
    import sqlglot
    from sqlglot.errors import ErrorLevel

    known = sorted(one.value for one in sqlglot.Dialects if one.value)
    if dialect not in known:
        message = f"{dialect!r} is no dialect that is known."
        raise InputError(message, hint=f"Known ones: {', '.join(known)}.")
    try:
        said = sqlglot.transpile(sql, read="duckdb", write=dialect, pretty=True, unsupported_level=ErrorLevel.IMMEDIATE)
    except Exception as error:
        # Not its own errors alone: for some dialects it fails on its own code, with an AttributeError for example.
        why = (str(error).splitlines() or [type(error).__name__])[0]
        message = f"cannot be said in {dialect}: {why}"
        raise EngineError(message) from error
    return ";\n".join(said)
