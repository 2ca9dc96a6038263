"""What was decided of a column where its cells alone do not say it all, kept for the ingest report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.tables.table import Table

TABLE = (
    "CREATE TABLE IF NOT EXISTS column_readings "
    "(kind VARCHAR, file VARCHAR, column_name VARCHAR, cells BIGINT, said VARCHAR)"
)
"""Makes the relation where decisions are kept; asking the catalogue whether it is there takes far longer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A decision on a column that a reader should know of."""

    kind: str
    """A slug of the ingest report: lent-date-order, ambiguous-number, two-decimal-marks."""
    file: str
    column: str
    cells: int
    """How many cells hang on it."""
    said: str
    """What was decided, in words."""


def keep(relations: Relations, kind: str, table: Table, column: str, cells: int, said: str) -> None:
    """Keep a decision in the database of the log, once a column and kind."""
    relations.run(TABLE)
    row = {"kind": kind, "file": table.file, "name": column}
    relations.run("DELETE FROM column_readings WHERE kind = $kind AND file = $file AND column_name = $name", row)
    values = row | {"cells": cells, "said": said}
    relations.run("INSERT INTO column_readings VALUES ($kind, $file, $name, $cells, $said)", values)


def kept(relations: Relations) -> tuple[Reading, ...]:
    """Return the decisions that were kept, by kind, file and column."""
    relations.run(TABLE)
    rows = relations.rows("SELECT * FROM column_readings ORDER BY kind, file, column_name")
    return tuple(Reading(*row) for row in rows)
