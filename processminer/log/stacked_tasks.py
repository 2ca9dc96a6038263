"""Activities that lie in several tables (calls, mails, meetings; tasks and events) become one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.columns import text_of
from processminer.log.tables.table import Piece, Table

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part, Recognition

STACKED = "stacked_tasks"

KIND = re.compile(r"hs_(call|email|meeting|note|task|communication|postal_mail)_", re.IGNORECASE)
"""HubSpot says what an activity is in the names of its properties alone."""


def with_stacked_tasks(relations: Relations, found: Recognition) -> Recognition:
    """Return the recognition with one table of activities, where there are several or their kind stands in a header."""
    first = found.parts.get("tasks")
    if first is None or not (found.more_tasks or "kind" in first.columns):
        return found
    parts = (first, *found.more_tasks)
    roles = sorted({role for part in parts for role in part.columns if role != "kind"} | {"name"})
    pieces: list[Piece] = []
    selected: list[str] = []
    for part in parts:
        begin = sum(piece.rows for piece in pieces)
        selected.append(_selected(part, roles, begin))
        pieces += _moved(part.table, begin)
    relations.run(f"CREATE OR REPLACE TABLE {STACKED} AS {' UNION ALL '.join(selected)}")
    columns = relations.columns(STACKED)
    columns.pop("position")
    table = Table(
        name=STACKED,
        path=first.table.path,
        file=", ".join(part.table.file for part in parts),
        columns=columns,
        rows=sum(part.table.rows for part in parts),
        row_number="position",
        problems=tuple(problem for part in parts for problem in part.table.problems),
        pieces=tuple(pieces),
    )
    stacked = replace(first, table=table, columns={role: role for role in roles})
    return replace(found, parts={**found.parts, "tasks": stacked}, more_tasks=())


def _selected(part: Part, roles: list[str], begin: int) -> str:
    told = [f"{_told(part, role)} AS {quoted(role)}" for role in roles]
    return f"SELECT {', '.join(told)}, {begin} + {part.table.row_number} AS position FROM {quoted(part.table.name)}"


def _told(part: Part, role: str) -> str:
    text = text_of(part.columns.get(role))
    kind = KIND.search(part.columns.get("kind", "")) if role == "name" else None
    return text if kind is None else f"coalesce({text}, {literal(kind[1].upper())})"


def _moved(table: Table, begin: int) -> list[Piece]:
    """Return the pieces of a table at the positions that its rows have behind those of the tables before."""
    pieces = table.pieces or (Piece(table.file, table.path, 0, table.rows),)
    return [replace(piece, first_row=begin + piece.first_row) for piece in pieces]
