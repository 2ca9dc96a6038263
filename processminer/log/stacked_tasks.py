"""Activities that lie in several tables (calls, mails, meetings; tasks and events) become one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.columns import text_of
from processminer.log.sources.recognise import Part, Recognition
from processminer.log.tables.table import Piece, Table
from processminer.words import say_count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.engines.relations import Relations

STACKED, POSITION, PLACE = "stacked_tasks", "position in the stack", "place in the database"

KIND = re.compile(r"hs_(call|email|meeting|note|task|communication|postal_mail)_", re.IGNORECASE)
"""HubSpot says what an activity is in the names of its properties alone."""


def with_stacked_tasks(relations: Relations, found: Recognition) -> Recognition:
    """Return the recognition with one table of activities, where there are several or their kind stands in a header."""
    first = found.parts.get("tasks")
    if first is None or not (found.more_tasks or "kind" in first.columns):
        return found
    parts = (first, *found.more_tasks)
    headers = _headers(parts)
    pieces: list[Piece] = []
    selected: list[str] = []
    for part in parts:
        begin = sum(piece.rows for piece in pieces)
        selected.append(_selected(part, headers, begin))
        pieces += _moved(part.table, begin)
    relations.run(f"CREATE OR REPLACE TABLE {STACKED} AS {' UNION ALL '.join(selected)}")
    columns = {header: kind for header, kind in relations.columns(STACKED).items() if header in headers.values()}
    table = Table(
        name=STACKED,
        path=first.table.path,
        file=_named(parts),
        columns=columns,
        rows=sum(part.table.rows for part in parts),
        row_number=quoted(POSITION),
        problems=tuple(problem for part in parts for problem in part.table.problems),
        pieces=tuple(pieces),
        place=None if first.table.place is None else quoted(PLACE),
    )
    return replace(found, parts={**found.parts, "tasks": Part(table, headers)}, more_tasks=parts)


def _headers(parts: Sequence[Part]) -> dict[str, str]:
    """Return what each column is called when the tables are one: as in the first table that has it."""
    headers: dict[str, str] = {}
    for part in parts:
        for role, header in part.columns.items():
            if role not in {"kind", *headers}:
                headers[role] = header if header not in headers.values() else role
    headers.setdefault("name", "kind of activity")
    return headers


def _named(parts: Sequence[Part]) -> str:
    more = len(parts) - 1
    return parts[0].table.file + (f" and {say_count(more, 'more file')}" if more else "")


def _selected(part: Part, headers: Mapping[str, str], begin: int) -> str:
    told = [f"{_told(part, role)} AS {quoted(header)}" for role, header in headers.items()]
    told.append(f"{begin} + {part.table.row_number} AS {quoted(POSITION)}")
    told.append(f"{part.table.place or 'NULL'}::VARCHAR AS {quoted(PLACE)}")
    return f"SELECT {', '.join(told)} FROM {quoted(part.table.name)}"


def _told(part: Part, role: str) -> str:
    text = text_of(part.columns.get(role))
    kind = KIND.search(part.columns.get("kind", "")) if role == "name" else None
    return text if kind is None else f"coalesce({text}, {literal(kind[1].upper())})"


def _moved(table: Table, begin: int) -> list[Piece]:
    """Return the pieces of a table at the positions that its rows have behind those of the tables before."""
    pieces = table.pieces or (Piece(table.file, table.path, 0, table.rows),)
    return [replace(piece, first_row=begin + piece.first_row) for piece in pieces]
