"""The query files of this room, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations, Row

ROOM = "processminer.conformance"


def run(relations: Relations, name: str, values: Mapping[str, object] | None = None) -> None:
    """Run a query for its effect."""
    relations.run(read_sql(ROOM, f"{name}.sql"), values)


def rows(relations: Relations, name: str) -> list[Row]:
    """Return the rows of a query."""
    return relations.rows(read_sql(ROOM, f"{name}.sql"))
