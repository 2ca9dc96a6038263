"""Our own clean log, read back: what was settled when it was written is restored, and not judged a second time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.errors import LogError, Place
from processminer.log.arrange import arrange, close, pack, settle_order, write_deals
from processminer.log.columns import text_of
from processminer.log.eventlog import EventLog, StageName, TableRead
from processminer.log.labelling import put_stages, write_labels
from processminer.log.looked_at import refuse_too_early
from processminer.log.records import write_attributes
from processminer.log.restore.cells import moment_in, number_in, text_in, unguard
from processminer.log.restore.report import report_of
from processminer.log.restore.stored import write_fields, write_records, write_tasks, write_untimed
from processminer.log.shapes.source import DeclaredStages, Source
from processminer.log.shapes.stage_rows import write_stage_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageClass
    from processminer.log.options import Options
    from processminer.log.sources.recognise import Part, Recognition
    from processminer.log.stage_labels import Labels

PACKAGE = "processminer.log"


def restore(relations: Relations, found: Recognition, options: Options, said: str) -> EventLog:
    """Return the event log that a clean log holds.

    What the user says of stages, outcomes and the moment to look at holds here too; without it, deals stand as they
    stood when the log was written. Raises LogError where no row can be used.
    """
    _nothing_to_choose(found, options)
    for part in found.parts.values():
        unguard(relations, part.table)
    about = _about(relations, found.parts.get("about"))
    write_records(relations, found.parts.get("deals"))
    source, labels = write_labels(relations, _source(relations, found, about), {}, options.names)
    write_stage_rows(relations, source)
    told, as_of = _as_of(relations, source, about, options.as_of)
    event_log = about.get("event_log") == "true"
    stages = _write_paths(relations, source, labels, as_of, looks_back=as_of < told, reopens=not event_log)
    if as_of >= told:
        _settle(relations, source, stages)
    write_untimed(relations, found.parts["history"], about.get("click_limit_us", ""))
    write_tasks(relations, found.parts.get("tasks"), as_of)
    write_fields(relations, found.parts.get("field_events"), as_of)
    relations.run(read_sql("processminer.log.restore", "stored_pathless.sql"))
    attributes = write_attributes(relations, found.parts.get("deals"), ())
    relations.run(read_sql(PACKAGE, "events.sql"))
    return EventLog(
        relations=relations,
        as_of=as_of,
        ingest=report_of(relations, found, source, about),
        stages=stages,
        source=said,
        has_tasks=bool(relations.row("SELECT count(*) FROM task_events")[0]),
        attributes=attributes,
        tables=tuple(
            TableRead(role, part.table.file, part.columns, tuple(part.table.columns))
            for role, part in found.parts.items()
        ),
        repeats=event_log,
    )


def _nothing_to_choose(found: Recognition, options: Options) -> None:
    """Refuse options that were decided for good when the log was written, rather than pass them over in silence."""
    asked = {"--pipeline": options.pipeline, "--only": options.only, "--treat": options.treat}
    for option, said in asked.items():
        if said:
            message = f"is a clean log, for which {option} was decided when it was written."
            raise LogError(
                message, Place(found.parts["history"].table.file), f"Convert the export again, with {option}."
            )


def _about(relations: Relations, part: Part | None) -> Mapping[str, str]:
    if part is None:
        return {}
    key, value = text_of(part.columns["key"]), text_of(part.columns["value"])
    rows = relations.rows(f"SELECT {key} AS key, {value} AS value FROM {quoted(part.table.name)} WHERE key IS NOT NULL")
    return {str(one): str(said) for one, said in rows if said is not None}


def _source(relations: Relations, found: Recognition, about: Mapping[str, str]) -> Source:
    part = found.parts["history"]
    entered = part.columns["entered"]
    return Source(
        relation=quoted(part.table.name),
        deal=text_in(part, "deal"),
        stage=text_in(part, "stage"),
        entered=moment_in(part, "entered"),
        untimed=f"{text_of(entered)} IS NULL",
        position=part.table.row_number,
        actor=text_in(part, "actor"),
        table=part.table,
        rows=part.table.rows,
        collapses=about.get("repeats") != "true",
        file_order=about.get("ties") != "stages",
        declared=_declared(relations, found.parts.get("stages"), ordered=about.get("stages") == "declared"),
    )


def _declared(relations: Relations, part: Part | None, *, ordered: bool) -> DeclaredStages | None:
    """Return the stages as the log lists them, in its order; one without a name or a class is passed over."""
    if part is None:
        return None
    told = relations.rows(
        f"SELECT {text_in(part, 'stage')} AS name, {text_in(part, 'class')} AS kind, "
        f"{number_in(part, 'usual_place')} AS place FROM {quoted(part.table.name)} "
        f"ORDER BY {number_in(part, 'position')}, {part.table.row_number}"
    )
    known: dict[str, tuple[StageClass, float | None]] = {}
    for name, kind, place in told:
        if name is not None and kind in {"open", "won", "lost"}:
            known.setdefault(str(name), (kind, place))
    stages = tuple(StageName(name, kind) for name, (kind, _) in known.items())
    return DeclaredStages(stages, {name: place for name, (_, place) in known.items() if place is not None}, ordered)


def _as_of(
    relations: Relations, source: Source, about: Mapping[str, str], given: datetime | None
) -> tuple[datetime, datetime]:
    """Return the moment at which the log was seen when it was written, and the one it is looked at."""
    first, last = relations.row("SELECT min(occurred_at), max(occurred_at) FROM stage_rows WHERE fault = 0")
    if first is None:
        message = "has no row with a deal, a stage and a time that can be read."
        raise LogError(message, Place(source.table.file), "Convert the log again.")
    refuse_too_early(given, first, last, source.table.file)
    try:
        told = datetime.fromisoformat(about["as_of"]).astimezone(UTC).replace(tzinfo=None)
    except (KeyError, ValueError, OverflowError):
        told = last
    return told, told if given is None else given


def _write_paths(
    relations: Relations, source: Source, labels: Labels, as_of: datetime, *, looks_back: bool, reopens: bool
) -> tuple[StageName, ...]:
    """Make stage_names, deal_histories, deals and paths, and return the stages in the log's order."""
    relations.run("UPDATE stage_rows SET fault = 6 WHERE fault = 0 AND occurred_at > $as_of", {"as_of": as_of})
    pack(relations, as_of, file_order=source.file_order)
    places = None if source.declared is None else source.declared.places
    order = settle_order(relations, labels.stages, labels.placed, places)
    stages = tuple(labels.stages[code] for code in order)
    put_stages(relations, "stage_names", stages)
    arrange(relations, order, file_order=source.file_order, collapses=source.collapses)
    close(relations, stages, reopens=reopens)
    write_deals(relations, as_of, looks_back=looks_back)
    return stages


def _settle(relations: Relations, source: Source, stages: tuple[StageName, ...]) -> None:
    """Let the deals stand as they stood when the log was written, where nobody has told otherwise of their stages."""
    declared = () if source.declared is None else source.declared.stages
    kinds = {stage.name: stage.kind for stage in stages}
    if all(kinds.get(stage.name, stage.kind) == stage.kind for stage in declared):
        relations.run(read_sql("processminer.log.restore", "settled_deals.sql"))
