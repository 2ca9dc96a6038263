"""OCEL 2.0 logs: the objects of one type are the deals; what happened to them are stage rows and activities.

Where deals have an attribute called stage that changes in time, its changes are the stages, and events are activities.
Else each type of event most of whose events concern exactly one deal is a stage, as in a log of one kind of case; a
type that mostly concerns several deals at once (a review of the pipeline) is an activity of each of them.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted, read_sql
from processminer.errors import EngineError, LogError, Place
from processminer.log.columns import known_time, text_of
from processminer.log.shapes.source import Source
from processminer.log.shapes.written_ocel import is_ours, written_ocel
from processminer.log.sources.profile import Profile, header_key, profiles
from processminer.log.sources.recognise import Part, Recognition
from processminer.log.tables.table import Piece, Table
from processminer.words import say_list

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.profile import Role
    from processminer.log.tables.table import EventFile

PACKAGE = "processminer.log.shapes"

DEALS = (
    "deal", "opportunity", "salesopportunity", "salesdeal", "lead", "saleslead", "prospect", "case", "application",
    "offer", "quote", "salesorder", "order", "customerorder", "ticket",
)  # fmt: skip
"""What the object that is the deal is called, the surest first."""

PEOPLE = (
    "person", "people", "owner", "user", "employee", "salesrep", "salesperson", "salesagent", "rep", "agent",
    "resource", "accountexecutive", "accountmanager", "teammember",
)  # fmt: skip
"""What the people are called that own deals and do things for them."""

STAGE = ("stage", "stagename", "dealstage", "opportunitystage", "salesstage", "pipelinestage", "phase")

HISTORY = {"deal": "ocel deal", "stage": "stage", "entered": "ocel time", "actor": "actor"}


def ocel_recognition(relations: Relations, log: EventFile, object_type: str | None) -> Recognition:
    """Read an OCEL 2.0 file and return its tables: the history, the deals and the activities.

    A log that we wrote ourselves becomes the tables of a clean log. Raises LogError for a file that is none, and where
    it cannot be told which type of object is the deal.
    """
    from processminer.engines.ocel import read_ocel

    try:
        read_ocel(relations, log.path)
    except EngineError as error:
        place = Place(log.file, error.place.line if error.place is not None else None)
        raise LogError(error.message, place, error.hint) from error
    if object_type is None and is_ours(relations):
        return written_ocel(relations, log)
    counted = relations.rows(
        "SELECT type, count(*) FROM ocel_objects WHERE type IS NOT NULL GROUP BY type ORDER BY count(*) DESC, type"
    )
    deals = _deal_type({str(name): int(objects) for name, objects in counted}, object_type, log)
    people = [str(name) for name, _ in counted if _singular(str(name)) in PEOPLE]
    relations.run(read_sql(PACKAGE, "ocel_people.sql"), {"people": people})
    relations.run(read_sql(PACKAGE, "ocel_deals.sql"), {"type": deals})
    relations.run(read_sql(PACKAGE, "ocel_happened.sql"))
    (profile,) = (profile for profile in profiles() if profile.shape == "ocel")
    stage = _stage_attribute(relations)
    if stage is not None:
        _stages_by_change(relations, stage)
    else:
        _stages_by_event(relations)
    relations.run(read_sql(PACKAGE, "ocel_changes.sql"), {"stage": stage})
    told = "the types of events" if stage is None else f"the changes of {stage!r}"
    title = f"{profile.title}; the deals are its objects of type {deals!r}, the stages {told}"
    return _recognition(relations, log, replace(profile, title=title), stage)


def _singular(name: str) -> str:
    """Return a type's name as a key, without the s of a plural."""
    key = header_key(name)
    if key.endswith("ies"):
        return key[:-3] + "y"
    return key.removesuffix("s") if key not in DEALS and key not in PEOPLE else key


def _deal_type(counted: dict[str, int], asked: str | None, log: EventFile) -> str:
    """Return the type of object that is the deal: as asked for, the only one, or the surest by its name."""
    listed = say_list([f"{name} ({objects:,})" for name, objects in counted.items()], 12)
    if asked is not None:
        keys = {header_key(name): name for name in counted}
        if header_key(asked) not in keys:
            near = get_close_matches(header_key(asked), list(keys), 1)
            message = f"has no type of object {asked!r}."
            hint = f"Did you mean {keys[near[0]]!r}? " if near else ""
            raise LogError(message, Place(log.file), f"{hint}Its types: {listed}.")
        return keys[header_key(asked)]
    if len(counted) == 1:
        return next(iter(counted))
    for word in DEALS:
        named = [name for name in counted if _singular(name) == word]
        if len(named) == 1:
            return named[0]
    message = f"holds objects of {len(counted)} types, and none is called deal, opportunity, case or lead."
    raise LogError(message, Place(log.file), f"Say which is the deal: --object-type NAME. Its types: {listed}.")


def _stage_attribute(relations: Relations) -> str | None:
    """Return the attribute that says in which stage a deal is, if its changes are told for most deals that have it."""
    told = relations.rows(
        "SELECT name, count(DISTINCT id) AS deals, count(DISTINCT id) FILTER (WHERE changed IS NOT NULL) AS moved "
        "FROM ocel_object_values SEMI JOIN ocel_deals USING (id) GROUP BY name ORDER BY deals DESC, name"
    )
    for name, deals, moved in told:
        if header_key(str(name)) in STAGE and 2 * int(moved) > int(deals):
            return str(name)
    return None


def _stages_by_change(relations: Relations, attribute: str) -> None:
    relations.run(
        'CREATE OR REPLACE TABLE ocel_history AS SELECT id AS "ocel deal", value AS stage, changed AS "ocel time", '
        "NULL::VARCHAR AS actor, name AS field, concat('object ', id) AS \"ocel row\" "
        "FROM ocel_object_values SEMI JOIN ocel_deals USING (id) WHERE name = $attribute ORDER BY position",
        {"attribute": attribute},
    )
    relations.run("CREATE OR REPLACE TABLE ocel_tasks AS " + _TASKS)


_TASKS = (
    'SELECT deal AS "ocel deal", type AS "ocel activity", subject, occurred AS "ocel time", actor AS "ocel actor", '
    "concat('event ', id) AS \"ocel row\" FROM ocel_happened"
)


def _stages_by_event(relations: Relations) -> None:
    kinds = relations.rows(
        "SELECT type FROM (SELECT DISTINCT id, type, deals FROM ocel_happened WHERE deals > 0) "
        "GROUP BY type HAVING 2 * count(*) FILTER (WHERE deals > 1) > count(*) ORDER BY type"
    )
    shared = [str(kind) for (kind,) in kinds]
    relations.run(
        'CREATE OR REPLACE TABLE ocel_history AS SELECT deal AS "ocel deal", '
        'CASE WHEN deal IS NOT NULL THEN type END AS stage, occurred AS "ocel time", '
        "actor, concat('event ', id) AS \"ocel row\" FROM ocel_happened "
        "WHERE NOT list_contains($shared, coalesce(type, ''))",
        {"shared": shared},
    )
    relations.run(
        f"CREATE OR REPLACE TABLE ocel_tasks AS {_TASKS} WHERE list_contains($shared, coalesce(type, ''))",
        {"shared": shared},
    )


def _recognition(relations: Relations, log: EventFile, profile: Profile, stage: str | None) -> Recognition:
    names = relations.rows(
        "SELECT DISTINCT name FROM ocel_object_values SEMI JOIN ocel_deals USING (id) "
        "WHERE name IS NOT NULL ORDER BY name"
    )
    # Two attributes may differ in case alone; as columns of one table they cannot.
    columns = {str(name).casefold(): str(name) for (name,) in names if name != stage}
    told = "".join(
        f", arg_max(value, (coalesce(try_cast(changed AS TIMESTAMPTZ), TIMESTAMPTZ '1970-01-01 00:00:00+00'), "
        f"ocel_object_values.position)) FILTER (WHERE name = {literal(name)}) AS {quoted(name)}"
        for name in columns.values()
    )
    relations.run(
        f'CREATE OR REPLACE TABLE ocel_records AS SELECT id AS "ocel deal", owner AS "ocel owner"{told} '
        "FROM ocel_deals LEFT JOIN ocel_object_values USING (id) GROUP BY id, owner, ocel_deals.position "
        "ORDER BY ocel_deals.position"
    )
    history, records, tasks = (_table(relations, log, name) for name in ("history", "records", "tasks"))
    parts: dict[Role, Part] = {
        "history": Part(history, HISTORY | ({"field": "field"} if stage is not None else {})),
        "deals": Part(records, profile.tables["deals"].match(records.columns)),
    }
    if tasks.rows:
        parts["tasks"] = Part(tasks, profile.tables["tasks"].match(tasks.columns))
    return Recognition(profile, parts, (), (profile.rank, len(records.columns)))


def _table(relations: Relations, log: EventFile, name: str) -> Table:
    columns = relations.columns(f"ocel_{name}")
    row = columns.pop("ocel row", None)
    (rows,) = relations.row(f"SELECT count(*) FROM ocel_{name}")
    return Table(
        name=f"ocel_{name}",
        path=log.path,
        file=log.file,
        columns=columns,
        rows=int(rows),
        row_number="rowid",
        pieces=(Piece(log.file, log.path, 0, int(rows)),),
        place="concat('object ', \"ocel deal\")" if row is None else '"ocel row"',
    )


def ocel_source(found: Recognition) -> Source:
    """Return the source of stage rows of an OCEL log: events, or the changes of an attribute as in a CRM's history."""
    table = found.parts["history"].table
    time = "timezone('UTC', try_cast(\"ocel time\" AS TIMESTAMPTZ))"
    return Source(
        relation=quoted(table.name),
        deal=text_of("ocel deal"),
        stage=text_of("stage"),
        entered=known_time(time),
        untimed=f"{text_of('ocel time')} IS NULL",
        position="rowid",
        actor=text_of("actor"),
        table=table,
        rows=table.rows,
        collapses="field" in found.parts["history"].columns,
        file_order=True,
    )
