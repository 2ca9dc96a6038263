"""What the tests of tables share: the cells that a file reads as, in order, and where each row stands."""

from __future__ import annotations

from pathlib import Path

from processminer.engines.relations import Relations, quoted
from processminer.log.tables.places import places
from processminer.log.tables.read_tables import read_tables
from processminer.log.tables.table import Gathered, Table

Cells = list[tuple[object, ...]]


class Read:
    """Everything that a source reads as."""

    def __init__(self, source: str | Path) -> None:
        self.relations = Relations()
        self.given: Gathered = read_tables(self.relations, source)

    @property
    def tables(self) -> tuple[Table, ...]:
        return self.given.tables

    @property
    def only(self) -> Table:
        (table,) = self.given.tables
        return table

    def cells(self, table: Table | None = None) -> Cells:
        """Return the rows of a table (of the only one), in order."""
        table = table or self.only
        columns = ", ".join(quoted(column) for column in table.columns)
        return self.relations.rows(f"SELECT {columns} FROM {quoted(table.name)} ORDER BY {table.row_number}")

    def places(self, table: Table | None = None) -> tuple[str, ...]:
        """Return where each row of a table stands."""
        table = table or self.only
        rows = self.relations.rows(f"SELECT {table.row_number} FROM {quoted(table.name)} ORDER BY 1")
        return places(self.relations, table, [int(row) for (row,) in rows])

    def problems(self, table: Table | None = None) -> dict[str, tuple[int, tuple[str, ...]]]:
        """Return the problems of a table: rows and examples by kind."""
        return {problem.kind: (problem.rows, problem.examples) for problem in (table or self.only).problems}

    def conserves(self) -> bool:
        """Tell whether every row read is in its table or set aside."""
        return all(
            self.relations.row(f"SELECT count(*) FROM {quoted(table.name)}") == (table.kept,) for table in self.tables
        )
