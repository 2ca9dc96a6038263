"""The front door of the room: a path in, an EventLog out, and nothing lost in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from processminer.engines.address import is_address
from processminer.engines.relations import Relations, read_sql
from processminer.errors import LogError, Place
from processminer.log.activities import write_task_rows
from processminer.log.contacts import write_contacts
from processminer.log.database import read_database, shown
from processminer.log.dictionaries import name_people, read_merges, read_people
from processminer.log.eventlog import EventLog, TableRead
from processminer.log.ids import join_ids
from processminer.log.ingest import FAR_AWAY, IMPOSSIBLY_FAR, Reading, report_of
from processminer.log.inline_tasks import write_inline_tasks
from processminer.log.labelling import write_labels
from processminer.log.looked_at import refuse_too_early
from processminer.log.looks import with_looks
from processminer.log.options import MAPPING_FILE, Options, words
from processminer.log.paths import write_paths
from processminer.log.quirks.aside import set_deals_aside, set_far_times_aside
from processminer.log.quirks.catalogue import choose_treatments
from processminer.log.quirks.endings import catch_up
from processminer.log.quirks.moments import mark_moments
from processminer.log.quirks.people import hide_people, hide_people_in_attributes, see_owners
from processminer.log.quirks.records_seen import see_gaps, see_records
from processminer.log.quirks.spellings import join_spellings
from processminer.log.quirks.stages_seen import see_labels
from processminer.log.quirks.writers import mark_writers
from processminer.log.records import write_attributes, write_records
from processminer.log.restore.restore import restore
from processminer.log.shapes.field_rows import view_field_rows
from processminer.log.shapes.ocel import ocel_recognition, ocel_source
from processminer.log.shapes.stage_rows import stage_source, write_stage_rows
from processminer.log.shapes.xes import xes_recognition, xes_source
from processminer.log.sources.recognise import Recognition, Wanted, recognise
from processminer.log.stacked_tasks import with_stacked_tasks
from processminer.log.tables.places import place_of
from processminer.log.tables.read_tables import read_tables
from processminer.log.told_deals import with_told_deals

if TYPE_CHECKING:
    from datetime import datetime

    from processminer.log.names import Names
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.quirks.sighting import Sighting
    from processminer.log.shapes.source import Source
    from processminer.log.stage_labels import Labels


def read_log(source: str | Path, options: Options | None = None) -> EventLog:
    """Return the event log that an untouched export holds.

    `source` is a file (CSV, TSV, Parquet, XES; gzipped too), a folder of export files that belong together, or a
    database: its file, or its URL.
    Raises LogError, with file, line and the next move, where it cannot be read as one.
    """
    given = options or Options()
    said = shown(str(source))
    options = _with_mapping(given, said)
    relations = Relations()
    found = _recognised(relations, source, options)
    log = (restore if found.profile.shape == "clean" else _made)(relations, found, options, said)
    return replace(log, words=words(said, given))


def _recognised(relations: Relations, source: str | Path, options: Options) -> Recognition:
    """Load what was given, and return what it is."""
    wanted = Wanted(options.profile, options.tables, options.columns, options.role_columns)
    if is_address(str(source)):
        return read_database(relations, str(source), wanted)
    gathered = read_tables(relations, source)
    if gathered.log is not None and gathered.log.kind == "ocel":
        return ocel_recognition(relations, gathered.log, options.object_type)
    if gathered.log is not None:
        return xes_recognition(relations, gathered.log)
    return replace(recognise(with_looks(relations, gathered.tables), wanted), passed_over=gathered.passed_over)


def _made(relations: Relations, found: Recognition, options: Options, said: str) -> EventLog:
    """Return the event log made of an export, or of an event log of another program."""
    if found.profile.shape == "ocel":
        return _assemble(relations, found, ocel_source(found), options, said)
    if found.profile.shape == "xes":
        return _assemble(relations, found, xes_source(relations, found, options.lifecycle), options, said)
    # A column may prove how those of the tables beside it are written.
    tables = tuple(part.table for part in found.parts.values())
    options = replace(options, conventions=replace(options.conventions, beside=tables))
    found = with_stacked_tasks(relations, with_told_deals(relations, found, options.conventions))
    return _assemble(relations, found, stage_source(relations, found, options.conventions), options, said)


def _with_mapping(options: Options, source: str) -> Options:
    """Return the options with what the mapping file says that is named, or that lies in the folder of the export."""
    beside = Path(source) / MAPPING_FILE
    path = Path(options.mapping) if options.mapping is not None else beside if beside.is_file() else None
    if path is None:
        return options
    # Its model takes a tenth of a second to import, which a log without one need not pay.
    from processminer.log.mapping import mapped, read_mapping

    return mapped(replace(options, mapping=None), read_mapping(path))


def _assemble(
    relations: Relations,
    found: Recognition,
    source: Source,
    options: Options,
    said: str,
    before: tuple[Sighting, ...] = (),
) -> EventLog:
    """Make the log; `before` is what an earlier making saw that this one can no longer see."""
    treatments = choose_treatments(options.treat)
    write_records(relations, found.parts.get("deals"), options.conventions)
    given = source
    source, labels = write_labels(relations, source, found.parts, _names(found, options, treatments))
    _write_rows(relations, source, labels, found, options)
    join_ids(relations)
    relations.run(read_sql("processminer.log", "deleted_deals.sql"))
    read_merges(relations, found.parts)
    _name_people(relations, found)
    seen = _treat_rows(relations, found, source, labels, options, treatments)
    as_of = _as_of(relations, source, options.as_of)
    relations.run("UPDATE stage_rows SET fault = 6 WHERE fault = 0 AND occurred_at > $as_of", {"as_of": as_of})
    seen += mark_writers(relations, source, treatments, options.machines)
    seen += mark_moments(relations, source, treatments, options.conventions.timezone)
    looks_back = options.as_of is not None
    paths = write_paths(relations, source, labels, treatments, as_of, looks_back=looks_back)
    if paths.renamed and treatments.of("renamed-stage") == "join":
        newer = {old: new for old, new, _ in paths.renamed}
        names = replace(options.names, aliases={**options.names.aliases, **newer})
        renamed = tuple(one for one in paths.sightings if one.kind == "renamed-stage")
        return _assemble(relations, found, given, replace(options, names=names), said, renamed)
    attributes = write_attributes(relations, found.parts.get("deals"), found.stage_columns)
    attributes = tuple(sorted((*attributes, *write_contacts(relations, found.parts.get("contacts")))))
    seen += [*join_spellings(relations, treatments), *see_gaps(relations, found.parts.get("deals"))]
    hide_people_in_attributes(relations, treatments)
    view_field_rows(relations, found, as_of, hidden=treatments.of("people") == "hide")
    relations.run(read_sql("processminer.log", "events.sql"))
    seen += [*before, *paths.sightings, *see_owners(relations)]
    reading = Reading(relations, found, source, labels, treatments, tuple(seen), as_of)
    return EventLog(
        relations=relations,
        as_of=as_of,
        ingest=report_of(reading),
        stages=paths.stages,
        source=said,
        has_tasks=bool(relations.row("SELECT count(*) FROM task_events")[0]),
        attributes=attributes,
        repeats=not source.collapses,
        tables=tuple(
            TableRead(role, part.table.file, part.columns, tuple(part.table.columns))
            for role, part in found.as_given.items()
        ),
    )


def _write_rows(relations: Relations, source: Source, labels: Labels, found: Recognition, options: Options) -> None:
    """Make `stage_rows` and `task_rows`."""
    write_stage_rows(relations, source, without_tasks=bool(labels.activities))
    write_task_rows(relations, found.parts.get("tasks"), options.conventions, found.parts.get("task_deals"))
    if labels.activities:
        write_inline_tasks(relations, source)


def _names(found: Recognition, options: Options, treatments: Treatments) -> Names:
    """Return the names to read by: tasks are looked for among the stages where they have no table of their own."""
    apart = "tasks" in found.parts or treatments.of("activities-among-stages") == "keep"
    return replace(options.names, tasks=()) if apart else options.names


def _name_people(relations: Relations, found: Recognition) -> None:
    part = found.parts.get("owners")
    read_people(relations, part)
    for relation, column in (("records", "owner"), ("stage_rows", "actor"), ("task_rows", "actor")):
        name_people(relations, part, relation, column)


def _treat_rows(
    relations: Relations,
    found: Recognition,
    source: Source,
    labels: Labels,
    options: Options,
    treatments: Treatments,
) -> list[Sighting]:
    """Treat the rows and the records before paths are made of them, and return what was seen of quirks.

    Records tell how deals stand at the export, so they add nothing where an earlier moment is given.
    """
    part = found.parts.get("deals")
    seen = [*hide_people(relations, source, treatments), *see_labels(relations, labels, options.names)]
    seen += see_records(relations, treatments)
    seen += set_deals_aside(relations, part, treatments, options)
    set_far_times_aside(relations, treatments, IMPOSSIBLY_FAR)
    relations.run(
        "CREATE OR REPLACE TABLE lagging (deal_id VARCHAR, occurred_at TIMESTAMP, code SMALLINT, told BOOLEAN)"
    )
    if options.as_of is None:
        seen += catch_up(relations, part, options.conventions, treatments, whole_history=not source.made)
    return seen


def _as_of(relations: Relations, source: Source, given: datetime | None) -> datetime:
    """Return when the log is looked at: as given, else its last event; a due date is no event.

    A deal that was created after the last event is one too, save where that lies too far away to be true.
    """
    first, last = relations.row(
        "SELECT min(first), max(last) FROM "
        "(SELECT min(occurred_at) AS first, max(occurred_at) AS last FROM stage_rows WHERE fault = 0 "
        "UNION ALL SELECT NULL, max(occurred_at) FROM task_rows WHERE fault = 0 AND stamped "
        "UNION ALL SELECT NULL, max(created_at) FROM records WHERE created_at < "
        "(SELECT max(occurred_at) FROM stage_rows WHERE fault = 0) + to_days($far::INTEGER) "
        "UNION ALL SELECT NULL, $seen_until::TIMESTAMP)",
        {"seen_until": source.seen_until, "far": FAR_AWAY},
    )
    if first is None:
        raise _nothing_dated(relations, source)
    refuse_too_early(given, first, last, source.table.file)
    return given if given is not None else last


def _nothing_dated(relations: Relations, source: Source) -> LogError:
    unreadable = relations.rows("SELECT position FROM stage_rows WHERE fault = 3 ORDER BY position LIMIT 1")
    place = place_of(relations, source.table, int(unreadable[0][0])) if unreadable else Place(source.table.file)
    message = "has no row with a deal, a stage and a time that can be read."
    hint = "Write times as 2026-01-31 14:05, or name another column with --column entered=YOUR_DATE."
    return LogError(message, place, hint)
