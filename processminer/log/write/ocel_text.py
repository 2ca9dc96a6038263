"""OCEL 2.0 as JSON and as XML, written by the database text by text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from processminer.engines.relations import literal, quoted, read_sql
from processminer.log.write.ocel_objects import EPOCH, EVENT_ATTRIBUTES, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from processminer.log.write.clean_log import CleanLog
    from processminer.log.write.ocel_objects import ObjectType

EVENTS = read_sql("processminer.log.write", "ocel_events.sql")

PLAIN = ("integer", "float", "boolean")
"""Types that JSON has itself."""


_KNOWN = "lambda told: told.value IS NOT NULL AND told.value::VARCHAR <> 'null'"


def write_json(clean: CleanLog, objects: Sequence[ObjectType], path: Path) -> None:
    """Write OCEL 2.0 as JSON."""
    kinds = [kind for (kind,) in clean.relations.rows("SELECT type FROM ocel_kinds ORDER BY number")]
    object_types = [{"name": one.name, "attributes": _typed(one.attributes)} for one in objects]
    event_types = [{"name": kind, "attributes": _typed(EVENT_ATTRIBUTES)} for kind in kinds]
    with path.open("wb") as out:
        out.write(f'{{"objectTypes": {json.dumps(object_types)},\n"eventTypes": {json.dumps(event_types)},\n'.encode())
        out.write(b'"objects": [\n')
        _listed(
            out,
            (
                block
                for one in objects
                for piece in one.pieces
                for block in clean.relations.texts(_json_objects(one), piece)
            ),
        )
        out.write(b'],\n"events": [\n')
        events = f"SELECT ',' || chr(10) || to_json({_JSON_EVENT}) FROM ({EVENTS})"
        _listed(out, (block for piece in pieces_of(clean) for block in clean.relations.texts(events, piece)))
        out.write(b"]}\n")


def _listed(out: BinaryIO, blocks: Iterator[memoryview]) -> None:
    """Write texts that each begin with a comma and a line's end as the entries of one list."""
    begun = False
    for block in blocks:
        if len(block):
            out.write(block if begun else block[2:])
            begun = True


def _typed(attributes: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]


def _json_value(column: str, kind: str) -> str:
    return f"{column}::JSON" if kind in PLAIN else f"to_json({column})"


_JSON_CHANGES = (
    'coalesce(list_transform("ocel changes", '
    "lambda told: {'name': told.name, 'time': told.time, 'value': to_json(told.value)}), [])"
)


def _json_objects(one: ObjectType) -> str:
    listed = ", ".join(
        f"{{'name': {literal(name)}, 'time': '{EPOCH}', 'value': {_json_value(quoted(name), kind)}}}"
        for name, kind in one.attributes.items()
    )
    told = (
        f"{{'id': \"ocel id\", 'type': {literal(one.name)}, "
        f"'attributes': list_filter([{listed}], {_KNOWN}) || {_JSON_CHANGES}, "
        "'relationships': CASE WHEN \"ocel link\" IS NULL THEN [] "
        "ELSE [{'objectId': \"ocel link\", 'qualifier': \"ocel qualifier\"}] END}"
    )
    return f"SELECT ',' || chr(10) || to_json({told}) FROM ({one.query})"


_JSON_EVENT = (
    "{'id': id, 'type': type, 'time': occurred, 'attributes': list_filter(["
    + ", ".join(f"{{'name': '{name}', 'value': {_json_value(name, kind)}}}" for name, kind in EVENT_ATTRIBUTES.items())
    + f"], {_KNOWN}), "
    "'relationships': list_filter([{'objectId': deal_object, 'qualifier': 'of'}, "
    "{'objectId': actor_object, 'qualifier': 'done by'}], lambda told: told.\"objectId\" IS NOT NULL)}"
)


def write_xml(clean: CleanLog, objects: Sequence[ObjectType], path: Path) -> None:
    """Write OCEL 2.0 as XML."""
    with path.open("wb") as out:
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n<object-types>\n')
        for one in objects:
            out.write(_xml_type("object-type", quoteattr(one.name), one.attributes))
        out.write(b"</object-types>\n<event-types>\n")
        for (kind,) in clean.relations.rows("SELECT xml_text(type) FROM ocel_kinds ORDER BY number"):
            out.write(_xml_type("event-type", f'"{kind}"', EVENT_ATTRIBUTES))
        out.write(b"</event-types>\n<objects>\n")
        for one in objects:
            for piece in one.pieces:
                for block in clean.relations.texts(_xml_objects(one), piece):
                    out.write(block)
        out.write(b"</objects>\n<events>\n")
        events = f"SELECT {_XML_EVENT} FROM ({EVENTS})"
        for piece in pieces_of(clean):
            for block in clean.relations.texts(events, piece):
                out.write(block)
        out.write(b"</events>\n</log>\n")


def _xml_type(tag: str, name: str, attributes: Mapping[str, str]) -> bytes:
    listed = "".join(f"<attribute name={quoteattr(one)} type={quoteattr(kind)}/>" for one, kind in attributes.items())
    return f"<{tag} name={name}><attributes>{listed}</attributes></{tag}>\n".encode()


def _xml_objects(one: ObjectType) -> str:
    values = " || ".join(
        f"coalesce({literal(f'<attribute name={quoteattr(name)} time={quoteattr(EPOCH)}>')} "
        f"|| xml_text({quoted(name)}) || '</attribute>', '')"
        for name in one.attributes
    )
    link = (
        'coalesce(\'<relationship object-id="\' || xml_text("ocel link") || \'" qualifier="\' '
        "|| \"ocel qualifier\" || '\"/>', '')"
    )
    opening = f" type={quoteattr(one.name)}><objects>"
    return (
        f"SELECT '<object id=\"' || xml_text(\"ocel id\") || '\"' || {literal(opening)} || {link} "
        f"|| '</objects><attributes>' || {values} || {_XML_CHANGES} || '</attributes></object>' || chr(10) "
        f"FROM ({one.query})"
    )


_XML_CHANGES = (
    'coalesce(array_to_string(list_transform("ocel changes", '
    "lambda told: '<attribute name=\"' || xml_text(told.name) || '\" time=\"' || told.time || '\">' "
    "|| xml_text(told.value) || '</attribute>'), ''), '')"
)

_XML_EVENT = (
    "'<event id=\"' || id || '\" type=\"' || xml_text(type) || '\" time=\"' || occurred || '\"><objects>"
    '<relationship object-id="\' || xml_text(deal_object) || \'" qualifier="of"/>\' '
    "|| coalesce('<relationship object-id=\"' || xml_text(actor_object) || '\" qualifier=\"done by\"/>', '') "
    "|| '</objects><attributes>' || "
    + " || ".join(
        f"coalesce('<attribute name=\"{name}\">' || xml_text({name}::VARCHAR) || '</attribute>', '')"
        for name in EVENT_ATTRIBUTES
    )
    + " || '</attributes></event>' || chr(10)"
)
