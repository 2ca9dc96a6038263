"""A clean log as a folder of tables, CSV or Parquet, a file each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from processminer.engines.relations import literal, quoted
from processminer.log.write.clean_log import MOMENT

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.log.write.clean_log import CleanLog

_ACTIVE = "^[=+@\\t\\r\\n''-]"
"""What makes a spreadsheet take a cell for a formula, and the apostrophe, which marks a guarded cell."""

_NUMBER = "[+-]?[0-9]+([.][0-9]+)?"


def write_tables(clean: CleanLog, folder: Path, kind: Literal["csv", "parquet"]) -> None:
    """Write each relation of a clean log into the folder, its rows in order."""
    for name in clean.queries:
        path = literal(str(folder / f"{name}.{kind}"))
        if kind == "parquet":
            clean.relations.try_run(f"COPY ({_zoned(clean, name)}) TO {path} (FORMAT parquet, COMPRESSION zstd)")
        else:
            told = _guarded(clean, name)
            clean.relations.try_run(
                f"COPY ({told}) TO {path} (FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"')"
            )


def _zoned(clean: CleanLog, name: str) -> str:
    """Return the query with its times as moments in UTC, which no reader can take for local ones."""
    told = [
        f"timezone('UTC', {column}) AS {column}" if kind == "TIMESTAMP" else column
        for column, kind in _quoted(clean.columns(name))
    ]
    return f"SELECT {', '.join(told)} FROM ({clean.queries[name]})"


def _guarded(clean: CleanLog, name: str) -> str:
    """Return the query with its times written out, and no text that a spreadsheet would take for a formula."""
    told: list[str] = []
    for column, kind in _quoted(clean.columns(name)):
        if kind == "TIMESTAMP":
            told.append(f"strftime({column}, '{MOMENT}') AS {column}")
        elif kind == "VARCHAR":
            told.append(f"{guarded(column)} AS {column}")
        else:
            told.append(column)
    return f"SELECT {', '.join(told)} FROM ({clean.queries[name]})"


def guarded(column: str) -> str:
    """Return the expression of a text that cannot be run as a formula: an apostrophe goes before what could be.

    One goes before an apostrophe too, so that taking the first one away gives every text back. A plain number is left
    alone. A null byte, which no CSV can hold, becomes the mark of an unknown character.
    """
    return (
        f"CASE WHEN regexp_matches({column}, '{_ACTIVE}') AND NOT regexp_full_match({column}, '{_NUMBER}') "
        f"THEN concat('''', replace({column}, chr(0), chr(65533))) ELSE replace({column}, chr(0), chr(65533)) END"
    )


def _quoted(columns: dict[str, str]) -> list[tuple[str, str]]:
    return [(quoted(column), kind) for column, kind in columns.items()]
