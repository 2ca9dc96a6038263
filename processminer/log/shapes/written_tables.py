"""The tables of a clean log that was written as one file (XES or OCEL), as if they lay in a folder of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.sources.profile import Role, profiles
from processminer.log.sources.recognise import Part, Recognition
from processminer.log.tables.table import Piece, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.engines.relations import Relations
    from processminer.log.tables.table import EventFile

ROLES: tuple[Role, ...] = ("history", "deals", "tasks", "field_events", "stages", "about")


def written_tables(relations: Relations, log: EventFile) -> Recognition:
    """Return what is recognised of `stored_history_rows`, `stored_deals_rows`, ...; a `line` column tells the place."""
    (profile,) = (profile for profile in profiles() if profile.shape == "clean")
    parts: dict[Role, Part] = {}
    for role in ROLES:
        table = _table(relations, log, f"stored_{role}_rows")
        shape = profile.tables[role]
        if table.rows or role == "history":
            parts[role] = Part(table, shape.match(table.columns), shape.attribute)
    found = sum(len(part.columns) for part in parts.values())
    return Recognition(profile, parts, (), (profile.rank, found))


def _table(relations: Relations, log: EventFile, name: str) -> Table:
    columns = relations.columns(name)
    line = columns.pop("line", None)
    (rows,) = relations.row(f"SELECT count(*) FROM {quoted(name)}")
    piece = Piece(log.file, log.path, 0, int(rows))
    return Table(
        name, log.path, log.file, columns, int(rows), "rowid", pieces=(piece,), line_column="line" if line else None
    )


def put_about(relations: Relations, about: Mapping[str, str]) -> None:
    """Make `stored_about_rows(key, value)` of what the log says of itself."""
    columns = {"key": list(about), "value": list(about.values())}
    relations.put("stored_about_rows", columns, {"key": "VARCHAR", "value": "VARCHAR"})


def put_stages(relations: Relations, stages: Sequence[tuple[str | None, str | None, str | None]]) -> None:
    """Make `stored_stages_rows` of the stages in their order: name, class, and usual place as text."""
    names, kinds, places = ([stage[at] for stage in stages] for at in range(3))
    relations.put(
        "stored_stages_rows",
        {"stage": names, "class": kinds, "usual_place": places, "position": list(range(1, len(stages) + 1))},
        {"stage": "VARCHAR", "class": "VARCHAR", "usual_place": "VARCHAR", "position": "BIGINT"},
    )
