"""The query files of conformance and of the rooms in it, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.engines.relations import Relations, Row


@dataclass(frozen=True, slots=True)
class Queries:
    """The query files of one room."""

    room: str
    """The package that they lie in."""

    def run(self, relations: Relations, name: str, values: Mapping[str, object] | None = None) -> None:
        """Run a query for its effect."""
        relations.run(read_sql(self.room, f"{name}.sql"), values)

    def text(self, name: str) -> str:
        """Return the text of a query."""
        return read_sql(self.room, f"{name}.sql")

    def rows(self, relations: Relations, name: str, values: Mapping[str, object] | None = None) -> list[Row]:
        """Return the rows of a query."""
        return relations.rows(read_sql(self.room, f"{name}.sql"), values)


_HERE = Queries("processminer.conformance")
run, rows = _HERE.run, _HERE.rows


def put(relations: Relations, name: str, types: Mapping[str, str], table: Sequence[Sequence[object]]) -> None:
    """Make the small table `name` of rows, its columns named and typed by `types`."""
    columns = list(zip(*table, strict=True)) if table else [()] * len(types)
    relations.put(name, dict(zip(types, columns, strict=True)), types)
