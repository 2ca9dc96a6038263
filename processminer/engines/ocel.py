"""The door to OCEL 2.0 files: JSON, XML and SQLite read into the same six tables, whatever stands in them.

pm4py's readers take what they find for granted: a file that is cut off, or whose times cannot be read, ends in a
traceback. Ours keep every value as text, in the file's order, and say what is wrong with a file in words.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from processminer.engines.ocel_sqlite import read_sqlite
from processminer.engines.ocel_tables import EPOCH, begin, fill
from processminer.engines.ocel_xml import read_xml
from processminer.engines.relations import literal
from processminer.errors import EngineError, Place

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.engines.relations import Relations

NOT_OCEL = "An OCEL 2.0 file lists objectTypes, eventTypes, objects and events; export the log again."

_SQLITE = b"SQLite format 3\x00"

_ATTRIBUTES = "STRUCT(name VARCHAR, value JSON, time VARCHAR)[]"
_RELATIONSHIPS = 'STRUCT("objectId" VARCHAR, qualifier VARCHAR)[]'


def read_ocel(relations: Relations, path: Path) -> None:
    """Make the tables of an OCEL 2.0 file; each row knows its `position` in the file, from 0.

    - `ocel_objects(id, type)`, `ocel_object_values(id, name, value, changed)`: the value of an attribute from a moment
      on, as text; `changed` is null where the value holds from the beginning.
    - `ocel_events(id, type, occurred)`, `ocel_event_values(id, name, value)`.
    - `ocel_event_objects(id, object, qualifier)` and `ocel_object_objects(id, object, qualifier)`.

    Times are the file's own words. Raises EngineError for a file that is no OCEL 2.0 or is cut off.
    """
    begin(relations)
    with path.open("rb") as stream:
        head = stream.read(64).removeprefix(codecs.BOM_UTF8)
    if head.startswith(_SQLITE):
        fill(relations, read_sqlite(path))
    elif head.lstrip().startswith(b"<"):
        fill(relations, read_xml(path))
    else:
        _read_json(relations, path)
    if relations.row("SELECT count(*) FROM ocel_objects") == (0,):
        message = "the file holds no object."
        raise EngineError(message, Place(str(path)), NOT_OCEL)


def _read_json(relations: Relations, path: Path) -> None:
    """Read JSON where it lies: the database parses it, and only its own errors have to be said in words."""
    events = (
        f"STRUCT(id VARCHAR, type VARCHAR, time VARCHAR, attributes {_ATTRIBUTES}, relationships {_RELATIONSHIPS})[]"
    )
    objects = f"STRUCT(id VARCHAR, type VARCHAR, attributes {_ATTRIBUTES}, relationships {_RELATIONSHIPS})[]"
    size = max(path.stat().st_size + 1024, 1 << 20)
    try:
        relations.try_run(
            f"CREATE OR REPLACE TEMP TABLE ocel_document AS SELECT * FROM read_json({literal(str(path))}, "
            f"columns = {{objects: {literal(objects)}, events: {literal(events)}}}, format = 'unstructured', "
            f"records = true, compression = 'none', maximum_object_size = {min(size, 4_294_967_295)})"
        )
    except EngineError as error:
        message = f"not OCEL 2.0 in JSON: {_reason(error.message)}"
        raise EngineError(message, Place(str(path)), NOT_OCEL) from error
    for kind in ("objects", "events"):
        relations.run(
            f"CREATE OR REPLACE TEMP TABLE ocel_{kind}_told AS SELECT unnest({kind}) AS one FROM ocel_document"
        )
    for name, sql in _FROM_DOCUMENT.items():
        relations.run(f"INSERT INTO {name} SELECT *, row_number() OVER () - 1 FROM ({sql})")
    for spent in ("document", "objects_told", "events_told"):
        relations.run(f"DROP TABLE ocel_{spent}")


def _reason(message: str) -> str:
    """Return the part of the database's message that speaks of the file."""
    return message.partition(": ")[2].split(". Try")[0].split(" Try ")[0] or message


_VALUES = "SELECT id, told.name, json_extract_string(told.value, '$')"

_FROM_DOCUMENT = {
    "ocel_objects": "SELECT one.id, one.type FROM ocel_objects_told",
    "ocel_object_values": (
        f"{_VALUES}, CASE WHEN told.time NOT LIKE '{EPOCH}%' THEN told.time END "
        "FROM (SELECT one.id AS id, unnest(one.attributes) AS told FROM ocel_objects_told)"
    ),
    "ocel_object_objects": (
        'SELECT id, told."objectId", told.qualifier '
        "FROM (SELECT one.id AS id, unnest(one.relationships) AS told FROM ocel_objects_told)"
    ),
    "ocel_events": "SELECT one.id, one.type, one.time FROM ocel_events_told",
    "ocel_event_values": (
        f"{_VALUES} FROM (SELECT one.id AS id, unnest(one.attributes) AS told FROM ocel_events_told)"
    ),
    "ocel_event_objects": (
        'SELECT id, told."objectId", told.qualifier '
        "FROM (SELECT one.id AS id, unnest(one.relationships) AS told FROM ocel_events_told)"
    ),
}
