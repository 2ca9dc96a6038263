"""OCEL 2.0 that we wrote ourselves becomes the tables of a clean log again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted, read_sql
from processminer.log.shapes.written_tables import written_tables

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Recognition
    from processminer.log.tables.table import EventFile

LOG = "processminer log"
"""The type of the objects that say of what the log is; others do not use it."""


CHANGING = "(?s:field(\\..*)?|changed_(field|from|by|at))"
"""The attributes of deals that change in time: fields, and what is told of their changes."""


def is_ours(relations: Relations) -> bool:
    """Tell whether the OCEL that was read is one that we wrote."""
    (ours,) = relations.row(
        "SELECT count(*) FROM ocel_objects JOIN ocel_object_values USING (id) "
        f"WHERE type = '{LOG}' AND name = 'key' AND value = 'processminer_log'"
    )
    return bool(ours)


def written_ocel(relations: Relations, log: EventFile) -> Recognition:
    """Return the tables of a clean log that the tables of an OCEL log hold."""
    events = _wide("event", ("kind", "name", "step", "subject", "untimed", "started_at", "ended_at"))
    people = (
        "SELECT links.id, min(told.value) AS actor FROM ocel_event_objects AS links "
        "JOIN ocel_object_values AS told ON told.id = links.object AND told.name = 'name' "
        "WHERE links.qualifier = 'done by' GROUP BY links.id"
    )
    deals = (
        "SELECT links.id, min(told.value) AS deal_id FROM ocel_event_objects AS links "
        "JOIN ocel_object_values AS told ON told.id = links.object AND told.name = 'deal_id' "
        "WHERE links.qualifier = 'of' GROUP BY links.id"
    )
    relations.run(
        f"CREATE OR REPLACE TABLE ocel_told AS SELECT deal_id, try_cast(told.step AS BIGINT) AS step, told.kind, "
        f"told.name, events.occurred, actor, told.subject, told.untimed, told.started_at, "
        f"told.ended_at, events.position FROM ocel_events AS events "
        f'LEFT JOIN ({events}) AS told ON told."ocel id" = events.id '
        f"LEFT JOIN ({deals}) USING (id) LEFT JOIN ({people}) USING (id)"
    )
    made = {
        "history": (
            "SELECT deal_id, step, name AS stage, occurred AS entered_at, actor, untimed FROM ocel_told "
            "WHERE kind IS DISTINCT FROM 'task' ORDER BY deal_id, step, position"
        ),
        "tasks": (
            "SELECT deal_id, step, occurred AS occurred_at, name, subject, actor, started_at, ended_at FROM ocel_told "
            "WHERE kind = 'task' ORDER BY deal_id, step, position"
        ),
        "field_events": read_sql("processminer.log.shapes", "written_ocel_fields.sql"),
        "deals": _objects(relations, "deal"),
        "stages": _objects(relations, "stage"),
        "about": _objects(relations, LOG),
    }
    for role, sql in made.items():
        relations.run(f"CREATE OR REPLACE TABLE stored_{role}_rows AS {sql}")
    return written_tables(relations, log)


def _objects(relations: Relations, kind: str) -> str:
    """Return the query of the objects of a type, a column an attribute, in the file's order."""
    names = [
        str(name)
        for (name,) in relations.rows(
            "SELECT name FROM ocel_object_values JOIN ocel_objects USING (id) WHERE type = $kind AND name IS NOT NULL "
            f"AND NOT regexp_full_match(name, {literal(CHANGING)}) "
            "GROUP BY name ORDER BY min(ocel_object_values.position)",
            {"kind": kind},
        )
    ]
    own = {name.casefold(): name for name in (*_NEEDED.get(kind, ()), *names)}
    listed = ", ".join(f"told.{quoted(name)}" for name in own.values())
    wide = _wide("object", tuple(own.values()))
    return (
        f'SELECT {listed} FROM ocel_objects JOIN ({wide}) AS told ON told."ocel id" = ocel_objects.id '
        f"WHERE ocel_objects.type = {literal(kind)} ORDER BY ocel_objects.position"
    )


_NEEDED = {
    "deal": ("deal_id", "outcome"),
    "stage": ("stage", "class", "position", "usual_place"),
    LOG: ("key", "value"),
}


def _wide(what: str, names: tuple[str, ...]) -> str:
    """Return the query that gives each object or event one row, with a column for each of these attributes."""
    told = ", ".join(f"min(value) FILTER (WHERE name = {literal(name)}) AS {quoted(name)}" for name in names)
    return f'SELECT id AS "ocel id", {told} FROM ocel_{what}_values GROUP BY id'
