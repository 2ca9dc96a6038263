"""The query files of this room, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.engines.relations import Relations, Row

ROOM = "processminer.conformance.accepted"


def run(relations: Relations, name: str) -> None:
    """Run a query for its effect."""
    relations.run(read_sql(ROOM, f"{name}.sql"))


def rows(relations: Relations, name: str, values: Mapping[str, object] | None = None) -> list[Row]:
    """Return the rows of a query."""
    return relations.rows(read_sql(ROOM, f"{name}.sql"), values)


def put(relations: Relations, name: str, types: Mapping[str, str], table: Sequence[Sequence[object]]) -> None:
    """Make the small table `name` of rows, its columns named and typed by `types`."""
    columns = list(zip(*table, strict=True)) if table else [()] * len(types)
    relations.put(name, dict(zip(types, columns, strict=True)), types)
