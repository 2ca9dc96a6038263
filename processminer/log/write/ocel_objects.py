"""The objects of a clean log in OCEL 2.0: their types, attributes, and the queries that give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted, read_sql
from processminer.log.write.clean_log import MOMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.log.write.clean_log import CleanLog

TYPES = {"VARCHAR": "string", "TIMESTAMP": "time", "DOUBLE": "float", "INTEGER": "integer", "BOOLEAN": "boolean"}

EVENT_ATTRIBUTES = {
    "kind": "string", "name": "string", "step": "integer", "subject": "string", "untimed": "string",
    "started_at": "string", "ended_at": "string",
}  # fmt: skip
"""What every event of ours bears, as far as it is known."""

EPOCH = "1970-01-01T00:00:00.000000Z"
"""How OCEL dates a value that holds from the beginning."""


MOST_FIELDS = 500
"""Fields that get an attribute of their own, the most often changed ones: SQLite tables have 2,000 columns at most."""


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A type of object, the query of its objects, and its attributes with their OCEL types.

    The query gives the object's id, the id of another object that it is linked to (null for none) and what the link
    means, a list of the values that attributes got later on (`name`, `time`, `value`), then a text for each attribute:
    its value from the beginning. It is run once for each of `pieces`, with these values.
    """

    name: str
    attributes: dict[str, str]
    query: str
    pieces: tuple[dict[str, int], ...] = ({},)


AT_ONCE = 20_000
"""Deals whose events are written at a time."""


def pieces_of(clean: CleanLog) -> Iterator[dict[str, int]]:
    """Yield the first and the last deal of each piece that the events are written in."""
    (deals,) = clean.relations.row("SELECT count(*) FROM clean_deals")
    for first in range(0, int(deals), AT_ONCE):
        yield {"first": first, "last": first + AT_ONCE - 1}


def objects_of(clean: CleanLog) -> tuple[ObjectType, ...]:
    """Return the types of objects, deals first."""
    return _deals(clean), _people(), _stages(), _about()


def _deals(clean: CleanLog) -> ObjectType:
    _put_deals(clean)
    columns = clean.relations.columns("ocel_deals")
    del columns["deal"]
    told = ", ".join(
        f"strftime({quoted(name)}, '%Y-%m-%dT%H:%M:%S.%fZ') AS {quoted(name)}"
        if kind == "TIMESTAMP"
        else f"{quoted(name)}::VARCHAR AS {quoted(name)}"
        for name, kind in columns.items()
    )
    query = (
        "SELECT concat('deal:', deal_id) AS \"ocel id\", 'person:' || owner AS \"ocel link\", "
        f'\'owned by\' AS "ocel qualifier", changes AS "ocel changes", {told} FROM ocel_deals LEFT JOIN '
        "(SELECT deal, list({'name': name, 'time': time, 'value': value} ORDER BY step, sort, name) AS changes "
        "FROM ocel_field_values WHERE deal BETWEEN $first AND $last GROUP BY deal) USING (deal) "
        "WHERE deal BETWEEN $first AND $last ORDER BY deal"
    )
    return ObjectType("deal", {name: TYPES[kind] for name, kind in columns.items()}, query, tuple(pieces_of(clean)))


def _put_deals(clean: CleanLog) -> None:
    """Make `ocel_deals`, deals with what their fields held from the beginning, and `ocel_field_values` of later on."""
    relations = clean.relations
    sql = read_sql("processminer.log.write", "ocel_fields.sql")
    relations.run(sql.replace("$most", str(MOST_FIELDS)).replace("$moment", literal(MOMENT)))
    names = relations.rows("SELECT name FROM ocel_begun GROUP BY name ORDER BY name")
    begun = "".join(f", min(value) FILTER (WHERE name = {literal(name)}) AS {quoted(name)}" for (name,) in names)
    relations.run(
        "CREATE OR REPLACE TEMP TABLE ocel_deals AS SELECT * FROM "
        f"(SELECT deal, told.* FROM clean_deals JOIN ({clean.queries['deals']}) AS told USING (deal_id)) "
        f"LEFT JOIN (SELECT deal{begun} FROM ocel_begun GROUP BY deal) USING (deal)"
    )


def _people() -> ObjectType:
    return ObjectType("person", {"name": "string"}, _unlinked("id", {"name": "name"}, "ocel_people ORDER BY name"))


def _stages() -> ObjectType:
    columns = {
        "stage": "stage",
        "class": "class",
        "position": "position::VARCHAR",
        "usual_place": "usual_place::VARCHAR",
    }
    kinds = {"stage": "string", "class": "string", "position": "integer", "usual_place": "float"}
    return ObjectType("stage", kinds, _unlinked("concat('stage:', stage)", columns, "clean_stages ORDER BY code"))


def _about() -> ObjectType:
    columns = {"key": '"key"', "value": '"value"'}
    query = _unlinked("concat('processminer log:', \"key\")", columns, 'clean_log ORDER BY "key"')
    return ObjectType("processminer log", {"key": "string", "value": "string"}, query)


def _unlinked(identity: str, columns: dict[str, str], relation: str) -> str:
    told = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    return (
        f'SELECT {identity} AS "ocel id", NULL::VARCHAR AS "ocel link", NULL::VARCHAR AS "ocel qualifier", '
        f'NULL::STRUCT(name VARCHAR, "time" VARCHAR, "value" VARCHAR)[] AS "ocel changes", {told} '
        f"FROM {relation}"
    )
