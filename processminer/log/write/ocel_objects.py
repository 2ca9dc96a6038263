"""The objects of a clean log in OCEL 2.0: their types, attributes, and the queries that give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted

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


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A type of object, the query of its objects, and its attributes with their OCEL types.

    The query gives the object's id, the id of another object that it is linked to (null for none) and what the link
    means, then a text for each attribute.
    """

    name: str
    attributes: dict[str, str]
    query: str


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
    columns = clean.columns("deals")
    told = ", ".join(
        f"strftime({quoted(name)}, '%Y-%m-%dT%H:%M:%S.%fZ') AS {quoted(name)}"
        if kind == "TIMESTAMP"
        else f"{quoted(name)}::VARCHAR AS {quoted(name)}"
        for name, kind in columns.items()
    )
    query = (
        "SELECT concat('deal:', deal_id) AS \"ocel id\", 'person:' || owner AS \"ocel link\", "
        f"'owned by' AS \"ocel qualifier\", {told} FROM ({clean.queries['deals']})"
    )
    return ObjectType("deal", {name: TYPES[kind] for name, kind in columns.items()}, query)


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
        f'SELECT {identity} AS "ocel id", NULL::VARCHAR AS "ocel link", NULL::VARCHAR AS "ocel qualifier", {told} '
        f"FROM {relation}"
    )
