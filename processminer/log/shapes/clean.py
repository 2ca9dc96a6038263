"""Our own clean log, read back: what it says of itself goes before what its rows seem to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.columns import number_of, text_of
from processminer.log.eventlog import StageName
from processminer.log.shapes.source import DeclaredStages, Source, row_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.columns import Conventions
    from processminer.log.sources.recognise import Part, Recognition
    from processminer.log.tables.table import Table


def read_clean(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source of a clean log: in the order of its own rows, as of the moment it was seen."""
    for part in found.parts.values():
        _unguard(relations, part.table)
    about = _about(relations, found.parts.get("about"))
    as_of = about.get("as_of")
    return replace(
        row_source(relations, found.parts["history"], replace(conventions, timezone=None)),
        file_order=about.get("ties") == "file",
        collapses=about.get("repeats") != "true",
        seen_until=None if as_of is None else _moment(as_of),
        declared=_declared(relations, found.parts.get("stages"), ordered=about.get("stages") == "declared"),
    )


def _about(relations: Relations, part: Part | None) -> Mapping[str, str]:
    if part is None:
        return {}
    key, value = text_of(part.columns["key"]), text_of(part.columns["value"])
    rows = relations.rows(f"SELECT {key} AS key, {value} AS value FROM {quoted(part.table.name)} WHERE key IS NOT NULL")
    return {str(one): str(said) for one, said in rows if said is not None}


def _declared(relations: Relations, part: Part | None, *, ordered: bool) -> DeclaredStages | None:
    """Return the stages as the log lists them, in its order; one without a name or a class is passed over."""
    if part is None:
        return None
    columns = part.columns
    told = relations.rows(
        f"SELECT {text_of(columns['stage'])} AS name, {text_of(columns['class'])} AS kind, "
        f"{number_of(columns['usual_place'])} AS place FROM {quoted(part.table.name)} "
        f"ORDER BY {number_of(columns.get('position'))}, {part.table.row_number}"
    )
    known = {
        str(name): (kind, place) for name, kind, place in reversed(told) if name and kind in {"open", "won", "lost"}
    }
    stages = tuple(StageName(name, kind) for name, (kind, _) in reversed(known.items()))
    return DeclaredStages(stages, {name: place for name, (_, place) in known.items() if place is not None}, ordered)


def _moment(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        return None


def _unguard(relations: Relations, table: Table) -> None:
    """Take the apostrophe away that guards a text cell from being run as a formula."""
    if not any(piece.layout is not None for piece in table.pieces):
        return
    texts = [quoted(column) for column, kind in table.columns.items() if kind == "VARCHAR"]
    guarded = " OR ".join(f"{column} LIKE '''%'" for column in texts)
    bare = ", ".join(
        f"{column} = CASE WHEN {column} LIKE '''%' THEN {column}[2:] ELSE {column} END" for column in texts
    )
    relations.run(f"UPDATE {quoted(table.name)} SET {bare} WHERE {guarded}")
