"""OCEL 2.0 in its three forms is read alike, whatever tool wrote it, and what is broken is told in words."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from processminer.discovery.discover import discover
from processminer.engines.ocel import read_ocel
from processminer.engines.relations import Relations
from processminer.errors import EngineError, LogError
from processminer.log.eventlog import EventLog
from processminer.log.read import Options, read_log
from processminer.log.write.convert import convert
from tests.worlds import log_of

EPOCH = "1970-01-01T00:00:00Z"
EXPORTS = Path(__file__).parent / "exports"


def document(*objects: dict[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    def types(rows: Any) -> list[dict[str, Any]]:
        return [{"name": name, "attributes": []} for name in sorted({row["type"] for row in rows})]

    return {"objectTypes": types(objects), "eventTypes": types(events), "objects": list(objects), "events": events}


def thing(name: str, kind: str, *values: tuple[str, Any, str], linked: str | None = None) -> dict[str, Any]:
    told = [{"name": attribute, "value": value, "time": time} for attribute, value, time in values]
    links = [] if linked is None else [{"objectId": linked, "qualifier": "owner"}]
    return {"id": name, "type": kind, "attributes": told, "relationships": links}


def event(number: int, kind: str, day: int, *objects: str) -> dict[str, Any]:
    links = [{"objectId": name, "qualifier": "of"} for name in objects]
    time = f"2026-01-{day:02}T10:00:00Z"
    return {"id": f"e{number}", "type": kind, "time": time, "attributes": [], "relationships": links}


def read(folder: Path, said: Any, options: Options | None = None) -> EventLog:
    path = folder / "log.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return read_log(path, options)


def paths(log: EventLog) -> dict[tuple[str, ...], int]:
    return {variant.path: variant.deals for variant in discover(log).variants}


TWO = (
    event(1, "Demo", 5, "a"), event(2, "Demo", 6, "b"), event(3, "Review", 7, "a", "b"), event(4, "Closed Won", 8, "a"),
    event(5, "Closed Lost", 9, "b"),
)  # fmt: skip


def test_an_event_of_one_deal_is_a_stage_and_one_of_several_an_activity_of_each(tmp_path: Path) -> None:
    log = read(tmp_path, document(thing("a", "Deal"), thing("b", "Deal"), events=list(TWO)))
    assert paths(log) == {("Demo", "Closed Won"): 1, ("Demo", "Closed Lost"): 1}
    rows = log.relations.rows("SELECT deal_id, task_events.name FROM task_events JOIN deals USING (deal) ORDER BY ALL")
    assert rows == [("a", "Review"), ("b", "Review")]


def test_a_stage_that_changes_goes_before_the_events(tmp_path: Path) -> None:
    moves = [("Deal Stage", stage, f"2026-01-0{day}T00:00:00Z") for stage, day in (("Demo", 2), ("Closed Won", 4))]
    begun = ("Amount", 10, EPOCH)
    raised = ("Amount", 12.5, "2026-01-03T00:00:00Z")
    log = read(
        tmp_path,
        document(
            thing("a", "opportunities", begun, raised, *moves),
            thing("x", "Account"),
            events=[event(1, "Call", 3, "a", "x")],
        ),
    )
    assert paths(log) == {("Demo", "Closed Won"): 1}
    assert log.relations.rows("SELECT name FROM task_events") == [("Call",)]
    assert log.relations.rows("SELECT amount FROM deals") == [(12.5,)]
    assert log.relations.rows("SELECT field, old, new FROM field_rows") == [("Amount", "10", "12.5")]


def test_owners_are_the_people_that_deals_are_linked_to_by_name(tmp_path: Path) -> None:
    ann = thing("u1", "Sales Rep", ("name", "Ann Lee", EPOCH))
    log = read(
        tmp_path, document(ann, thing("a", "Deal", linked="u1"), thing("b", "Deal"), events=[*TWO[:2], *TWO[3:]])
    )
    assert log.relations.rows("SELECT deal_id, owner FROM deals ORDER BY deal_id") == [("a", "Ann Lee"), ("b", None)]


def test_which_object_is_the_deal_is_told_by_its_name_or_by_the_user(tmp_path: Path) -> None:
    events = [event(1, "Open", 2, "a"), event(2, "Closed Won", 3, "a"), event(3, "Paid", 4, "p")]
    said = document(thing("a", "Mandate"), thing("p", "Payment"), events=events)
    with pytest.raises(LogError) as caught:
        read(tmp_path, said)
    assert str(caught.value) == (
        "log.json: holds objects of 2 types, and none is called deal, opportunity, case or lead.\n"
        "  Say which is the deal: --object-type NAME. Its types: Mandate (1) and Payment (1)."
    )
    with pytest.raises(LogError, match=r"no type of object 'mandat'.\n  Did you mean 'Mandate'\?"):
        read(tmp_path, said, Options(object_type="mandat"))
    assert paths(read(tmp_path, said, Options(object_type="mandate"))) == {("Open", "Closed Won"): 1}


@pytest.mark.parametrize("name", ["log.json", "log.xmlocel", "log.sqlite"])
def test_pm4py_reads_what_we_write(tmp_path: Path, name: str) -> None:
    import pm4py

    raised = [("Amount", 1.5, "10", "12.5", "u1"), ("Need__c", 1.5, "a", "<b>", ""), ("Amount", 2.5, "12.5", "", "")]
    log = log_of(
        {"x": ["A & <B>", ("C", 3), "Won"], "é": [("A & <B>", 1)]}, tasks={"é": [("Call", 2)]}, changes={"x": raised}
    )
    convert(log, tmp_path / name)
    readers = {
        "log.json": pm4py.read_ocel2_json,
        "log.xmlocel": pm4py.read_ocel2_xml,
        "log.sqlite": pm4py.read_ocel2_sqlite,
    }
    read = readers[name](str(tmp_path / name))
    told = read.relations[read.relations["ocel:type"] == "deal"].sort_values(["ocel:oid", "ocel:timestamp"])
    rows = list(zip(told["ocel:oid"], told["ocel:activity"], told["ocel:timestamp"].dt.day, strict=True))
    assert rows == [
        ("deal:x", "A & <B>", 1), ("deal:x", "C", 4), ("deal:x", "Won", 5),
        ("deal:é", "A & <B>", 2), ("deal:é", "Call", 3),
    ]  # fmt: skip
    assert sorted(read.events["ocel:activity"]) == sorted(row[1] for row in rows)
    (begun,) = read.objects[read.objects["ocel:oid"] == "deal:x"].to_dict("records")
    assert (begun["field.amount"], begun["field.Need__c"]) == ("10", "a")
    changed = [
        (one["ocel:field"], one["ocel:timestamp"].day, one["ocel:timestamp"].hour, one[one["ocel:field"]])
        for one in read.object_changes.to_dict("records")
    ]
    # Of XML, pm4py reads an empty value as the word None.
    assert sorted((*told, "" if value in {None, "None"} else value) for *told, value in changed    ) == [
        ("changed_by", 2, 12, "u1"), ("field.Need__c", 2, 12, "<b>"),
        ("field.amount", 2, 12, "12.5"), ("field.amount", 3, 12, ""),
    ]  # fmt: skip


_NAMED = {"type": "object", "required": ["name", "attributes"], "properties": {
    "name": {"type": "string"},
    "attributes": {"type": "array", "items": {
        "type": "object", "required": ["name", "type"],
        "properties": {"type": {"enum": ["string", "time", "integer", "float", "boolean"]}},
    }},
}}  # fmt: skip
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
_VALUED = {"name": {"type": "string"}, "value": {"type": ["string", "number", "boolean"]}, "time": _MOMENT}
_LINKS = {"type": "array", "items": {"type": "object", "required": ["objectId", "qualifier"]}}


def _listed(needed: list[str], *values: str) -> dict[str, Any]:
    valued = {"type": "array", "items": {"type": "object", "required": list(values), "properties": _VALUED}}
    properties = {"attributes": valued, "relationships": _LINKS, "time": _MOMENT}
    return {"type": "array", "items": {"type": "object", "required": needed, "properties": properties}}


OCEL_SCHEMA = {"type": "object", "required": ["objectTypes", "eventTypes", "objects", "events"], "properties": {
    "objectTypes": {"type": "array", "items": _NAMED}, "eventTypes": {"type": "array", "items": _NAMED},
    "objects": _listed(["id", "type"], "name", "value", "time"),
    "events": _listed(["id", "type", "time"], "name", "value"),
}}  # fmt: skip
"""The rules of OCEL 2.0 on JSON: what must be there, and of which kind."""


def test_ocel_keeps_to_the_standard_and_declares_what_it_uses(tmp_path: Path) -> None:
    import jsonschema

    changes = {"x": [("Amount", 1.5, "10", "", "u1"), ("amount", 1.6, "x"), ("tab\tbed", 1.7, "x")]}
    log = log_of({"x": ["A", "Won"], "y": [("A", 2)]}, tasks={"x": [("Call", 0.5)]}, changes=changes)
    convert(log, tmp_path / "log.json")
    said = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    jsonschema.validate(said, OCEL_SCHEMA)
    for things, types in (("objects", "objectTypes"), ("events", "eventTypes")):
        declared = {kind["name"]: {one["name"] for one in kind["attributes"]} for kind in said[types]}
        assert all({told["name"] for told in one["attributes"]} <= declared[one["type"]] for one in said[things])
    known = {one["id"] for one in said["objects"]}
    links = [link["objectId"] for one in (*said["objects"], *said["events"]) for link in one["relationships"]]
    assert set(links) <= known
    (x,) = (one for one in said["objects"] if one["id"] == "deal:x")
    amounts = [(told["time"][:10], told["value"]) for told in x["attributes"] if told["name"] == "field.amount"]
    assert amounts == [("1970-01-01", "10"), ("2026-01-02", ""), ("2026-01-02", "x")]


@pytest.mark.parametrize("name", ["log.json", "log.xmlocel", "log.sqlite"])
def test_more_fields_than_a_table_has_columns_are_kept(tmp_path: Path, name: str) -> None:
    many = [(f"Field {number:04}", 0.1, "", f"v{number}", "u1") for number in range(2_100)]
    often = [("Often", 0.2 + day / 10, "a" * day, "a" * (day + 1), "") for day in range(1, 4)]
    log = log_of({"x": ["A", "Won"]}, changes={"x": [*many, *often, ("Field 2099", 0.7, "other", "last", "u2")]})
    convert(log, tmp_path / name)
    query = "SELECT occurred_at, field, old, new, actor FROM field_rows ORDER BY occurred_at, position, field"
    told = log.relations.rows(query)
    assert len(told) == 2_104
    assert read_log(tmp_path / name).relations.rows(query) == told


def test_what_pm4py_writes_is_read(tmp_path: Path) -> None:
    import pm4py

    source = EXPORTS / "ocel" / "export" / "crm.json"
    read = pm4py.read_ocel2_json(str(source))
    pm4py.write_ocel2_sqlite(read, str(tmp_path / "log.sqlite"))
    pm4py.write_ocel2_xml(read, str(tmp_path / "log.xml"))
    expected = paths(read_log(source))
    assert paths(read_log(tmp_path / "log.sqlite")) == expected
    assert paths(read_log(tmp_path / "log.xml")) == expected


def test_stages_and_activities_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    log = log_of({"x": ["Demo", ("Demo (activity)", 2), "Won"]}, tasks={"x": [("Demo", 1.5)]})
    convert(log, tmp_path / "log.json")
    back = read_log(tmp_path / "log.json")
    assert paths(back) == {("Demo", "Demo (activity)", "Won"): 1}
    assert back.relations.rows("SELECT name FROM task_events") == [("Demo",)]


def sqlite_bytes(folder: Path, script: str) -> bytes:
    path = folder / "made.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path.read_bytes()


WHOLE = json.dumps(document(thing("a", "Deal"), thing("b", "Deal"), events=list(TWO)))

BROKEN: dict[str, bytes] = {
    "cut off": WHOLE[:-40].encode(),
    "a list of numbers": b'{"objectTypes": [], "eventTypes": [], "objects": [1, 2], "events": []}',
    "events that are a text": b'{"objectTypes": [], "eventTypes": [], "objects": [], "events": "none"}',
    "nothing in it": b'{"objectTypes": [], "eventTypes": [], "objects": [], "events": []}',
    "deep as a well": b'{"objectTypes": ' + b"[" * 5000 + b"]" * 5000 + b', "objects": [], "events": []}',
    "XML cut off": b'<?xml version="1.0"?><log><object-types></object-types><objects><object id="a"',
    "XML with a document type": b'<!DOCTYPE log [<!ENTITY x "y">]><log><object-types/><objects/></log>',
    "a database cut off": b"SQLite format 3\x00" + b"\x10\x00" * 40,
}


@pytest.mark.parametrize("kind", list(BROKEN))
def test_a_broken_file_is_refused_in_words(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "log.dat"
    path.write_bytes(BROKEN[kind])
    with pytest.raises(LogError) as caught:
        read_log(path)
    assert caught.value.hint
    assert "Traceback" not in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE customers (id TEXT)",
        "CREATE TABLE object (ocel_id TEXT); CREATE TABLE event (ocel_id TEXT, ocel_type TEXT)",
        "CREATE VIEW object AS SELECT 1 AS ocel_id, 'Deal' AS ocel_type",
    ],
)
def test_a_database_of_another_kind_is_refused_in_words(tmp_path: Path, script: str) -> None:
    path = tmp_path / "log.sqlite"
    path.write_bytes(sqlite_bytes(tmp_path, script))
    with pytest.raises(EngineError, match=r"not OCEL 2\.0 in SQLite: no such (table|column)"):
        read_ocel(Relations(), path)


def test_times_that_cannot_be_read_and_events_without_a_deal_are_counted(tmp_path: Path) -> None:
    events = [*TWO, {**event(6, "Demo", 9, "a"), "time": "soon"}, event(7, "Demo", 9), {"id": "e8", "type": "Demo"}]
    log = read(tmp_path, document(thing("a", "Deal"), thing("b", "Deal"), events=events))
    assert log.ingest.set_aside == {"no-deal": 2, "unreadable-time": 1}
    assert {place for problem in log.ingest.problems if problem.set_aside for place in problem.examples} == {
        "a (log.json, event e6)", "log.json, event e7", "log.json, event e8",
    }  # fmt: skip
