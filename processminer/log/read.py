"""The front door of the room: a path in, an EventLog out, and nothing lost in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from processminer.engines.address import is_address
from processminer.engines.relations import Relations, read_sql
from processminer.errors import LogError, Place
from processminer.log.activities import write_task_rows
from processminer.log.arrange import arrange, close, pack, settle_order
from processminer.log.database import read_database, shown
from processminer.log.dictionaries import name_people, read_merges, read_people
from processminer.log.eventlog import EventLog, IngestReport, SourceFile, StageName, TableRead
from processminer.log.ids import join_ids
from processminer.log.ingest import Reading, answers_of, problems_of
from processminer.log.labelling import put_stages, write_labels
from processminer.log.options import Options, words
from processminer.log.records import write_attributes, write_records
from processminer.log.shapes.field_rows import view_field_rows
from processminer.log.shapes.stage_rows import stage_source, write_stage_rows
from processminer.log.shapes.xes import xes_recognition, xes_source
from processminer.log.sources.recognise import Recognition, Wanted, recognise
from processminer.log.told_deals import with_told_deals
from processminer.log.tables.places import place_of
from processminer.log.tables.read_tables import read_tables

if TYPE_CHECKING:
    from datetime import datetime

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
    options = with_mapping(given, said)
    relations = Relations()
    if is_address(str(source)):
        found = read_database(relations, str(source), wanted_by(options))
        found = with_told_deals(relations, found, options.conventions)
        rows = stage_source(relations, found, options.conventions)
        log = _assemble(relations, found, rows, options, said)
        return replace(log, words=words(said, given))
    gathered = read_tables(relations, source)
    if gathered.logs:
        found = xes_recognition(relations, gathered.logs[0])
        rows = xes_source(relations, found, options.lifecycle)
    else:
        found = replace(recognise(gathered.tables, wanted_by(options)), passed_over=gathered.passed_over)
        found = with_told_deals(relations, found, options.conventions)
        rows = stage_source(relations, found, options.conventions)
    log = _assemble(relations, found, rows, options, said)
    return replace(log, words=words(said, given))


def with_mapping(options: Options, source: str) -> Options:
    """Return the options with what the mapping file says that is named, or that lies in the folder of the export."""
    beside = Path(source) / "mapping.yaml"
    path = Path(options.mapping) if options.mapping is not None else beside if beside.is_file() else None
    if path is None:
        return options
    # Its model takes a tenth of a second to import, which a log without one need not pay.
    from processminer.log.mapping import mapped, read_mapping

    return mapped(replace(options, mapping=None), read_mapping(path))


def wanted_by(options: Options) -> Wanted:
    """Return what the user says of the tables."""
    return Wanted(options.profile, options.tables, options.columns, options.role_columns)


def _assemble(relations: Relations, found: Recognition, source: Source, options: Options, said: str) -> EventLog:
    write_records(relations, found.parts.get("deals"), options.conventions)
    source, labels = write_labels(relations, source, found.parts, options.names)
    write_stage_rows(relations, source)
    write_task_rows(relations, found.parts.get("tasks"), options.conventions, found.parts.get("task_deals"))
    join_ids(relations)
    relations.run(read_sql("processminer.log", "deleted_deals.sql"))
    read_merges(relations, found.parts)
    _name_people(relations, found)
    lagging = _catch_up(relations, options)
    as_of = _as_of(relations, source, options.as_of)
    relations.run("UPDATE stage_rows SET fault = 6 WHERE fault = 0 AND occurred_at > $as_of", {"as_of": as_of})
    stages, collapsed = _write_paths(relations, source, labels, options, as_of)
    attributes = write_attributes(relations, found.parts.get("deals"), found.stage_columns)
    view_field_rows(relations, found, as_of)
    relations.run(read_sql("processminer.log", "events.sql"))
    reading = Reading(relations, found, source, labels, stages, collapsed, lagging, as_of)
    return EventLog(
        relations=relations,
        as_of=as_of,
        ingest=_report(reading),
        stages=stages,
        source=said,
        has_tasks=bool(relations.row("SELECT count(*) FROM task_events")[0]),
        attributes=attributes,
        tables=tuple(
            TableRead(role, part.table.file, part.columns, tuple(part.table.columns))
            for role, part in found.parts.items()
        ),
    )


def _name_people(relations: Relations, found: Recognition) -> None:
    part = found.parts.get("owners")
    read_people(relations, part)
    for relation, column in (("records", "owner"), ("stage_rows", "actor"), ("task_rows", "actor")):
        name_people(relations, part, relation, column)


def _catch_up(relations: Relations, options: Options) -> int:
    """Add the closing of deals whose history lags behind their record; return how many.

    Not where a moment is given: records tell how deals stand at the export, not at that moment.
    """
    if options.as_of is not None:
        return 0
    relations.run(read_sql("processminer.log", "lagging_history.sql"))
    relations.run("INSERT INTO stage_rows BY NAME SELECT deal_id, occurred_at, code, 0 AS fault FROM lagging")
    (added,) = relations.row("SELECT count(*) FROM lagging")
    return int(added)


def _as_of(relations: Relations, source: Source, given: datetime | None) -> datetime:
    """Return when the log is looked at: as given, else its last event; a due date is no event."""
    first, last = relations.row(
        "SELECT min(first), max(last) FROM "
        "(SELECT min(occurred_at) AS first, max(occurred_at) AS last FROM stage_rows WHERE fault = 0 "
        "UNION ALL SELECT NULL, max(occurred_at) FROM task_rows WHERE fault = 0 AND stamped "
        "UNION ALL SELECT NULL, $seen_until::TIMESTAMP)",
        {"seen_until": source.seen_until},
    )
    if first is None:
        raise _nothing_dated(relations, source)
    if given is not None and given < first:
        message = f"begins on {first:%Y-%m-%d}, after the moment to look at."
        raise LogError(
            message, Place(source.table.file), f"Its events lie between {first:%Y-%m-%d} and {last:%Y-%m-%d}."
        )
    return given if given is not None else last


def _nothing_dated(relations: Relations, source: Source) -> LogError:
    unreadable = relations.rows("SELECT position FROM stage_rows WHERE fault = 3 ORDER BY position LIMIT 1")
    place = place_of(relations, source.table, int(unreadable[0][0])) if unreadable else Place(source.table.file)
    message = "has no row with a deal, a stage and a time that can be read."
    hint = "Write times as 2026-01-31 14:05, or name another column with --column entered=YOUR_DATE."
    return LogError(message, place, hint)


def _write_paths(
    relations: Relations, source: Source, labels: Labels, options: Options, as_of: datetime
) -> tuple[tuple[StageName, ...], int]:
    """Make packed, ends, stage_names, deals, paths and task_events; return the stages and the rows collapsed."""
    pack(relations, as_of, file_order=source.file_order)
    order = settle_order(relations, labels.stages, labels.placed)
    stages = tuple(labels.stages[code] for code in order)
    put_stages(relations, "stage_names", stages)
    collapsed = arrange(relations, order, file_order=source.file_order, collapses=source.collapses)
    close(relations, stages, reopens=source.collapses)
    relations.run(read_sql("processminer.log", "known_deals.sql"), {"as_of": as_of})
    relations.run(read_sql("processminer.log", "deals.sql"), {"as_of": as_of, "looks_back": options.as_of is not None})
    for view in ("paths", "deal_facts"):
        relations.run(read_sql("processminer.log", f"{view}.sql"))
    for spent in ("packed", "ends", "known_deals"):
        relations.run(f"DROP TABLE {spent}")
    relations.run(read_sql("processminer.log", "task_events.sql"), {"as_of": as_of})
    return stages, collapsed


def _report(reading: Reading) -> IngestReport:
    found = reading.found
    problems = problems_of(reading)
    set_aside = {problem.kind: problem.rows for problem in problems if problem.set_aside}
    own = {role: part for role, part in found.parts.items() if part.within is None}
    used = [SourceFile(part.table.file, role, part.table.rows) for role, part in own.items()]
    files = (*used, *(SourceFile(table.file, "not used", table.rows) for table in found.unused))
    rows_read = sum(file.rows for file in files)
    return IngestReport(
        profile=found.profile.name,
        title=found.profile.title,
        reasons=found.reasons,
        files=files,
        rows_read=rows_read,
        rows_used=rows_read - sum(set_aside.values()),
        set_aside=set_aside,
        problems=problems,
        answers=answers_of(reading, problems),
    )
