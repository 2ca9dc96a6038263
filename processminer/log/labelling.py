"""Every stage that the rows hold gets its label, and every label its number: the step from text to stages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.errors import LogError, Place
from processminer.log.dictionaries import BETWEEN, read_dictionary
from processminer.log.inline_tasks import activities_among, put_inline_tasks
from processminer.log.names import fold
from processminer.log.records import stage_outcomes
from processminer.log.stage_keys import Meanings, meanings
from processminer.log.stage_labels import Labels, read_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageClass, StageName
    from processminer.log.names import Names
    from processminer.log.shapes.source import Source
    from processminer.log.sources.profile import Role
    from processminer.log.sources.recognise import Part


def write_labels(
    relations: Relations, source: Source, parts: Mapping[Role, Part], names: Names
) -> tuple[Source, Labels]:
    """Make `labels(raw, code)` and `read_codes(code, stage, class)`; return the source, keyed alike, and the labels.

    Needs `records`. Raises LogError where no row has a stage, or the labels cannot be stages.
    """
    if source.ended is not None:
        relations.run(
            "UPDATE records SET stage = ended.stage, is_closed = true, is_won = ended.kind = 'won' "
            f"FROM {source.ended} AS ended WHERE records.deal_id = ended.deal_id"
        )
    dictionary = read_dictionary(relations, parts)
    if source.pipeline is not None or any(entry.pipeline for entry in dictionary.entries):
        relations.run(f"UPDATE records SET stage = {_key('stage', 'pipeline')} WHERE stage IS NOT NULL")
    if source.pipeline is not None:
        source = replace(source, stage=_key(source.stage, source.pipeline))
    declared = source.declared
    counts = {**({stage.name: 0 for stage in declared.stages} if declared else {}), **_counted(relations, source)}
    told = meanings(counts, dictionary, names)
    rows: Counter[str] = Counter()
    for raw, count in counts.items():
        rows[told.label_of[raw]] += count
    outcomes: dict[str, StageClass] = {**stage_outcomes(relations, told.label_of), **told.kind_of}
    order = told.order
    if declared is not None:
        outcomes.update((fold(stage.name), stage.kind) for stage in declared.stages)
        order = tuple(stage.name for stage in declared.stages) if declared.ordered or not names.order else ()
    looked_for = declared is None and names.tasks
    among = activities_among(rows, names, _stood_in(relations, told)) if looked_for else frozenset[str]()
    activities = {raw: label for raw, label in told.label_of.items() if label in among}
    put_inline_tasks(relations, activities)
    done = {label: rows.pop(label) for label in sorted(among)}
    labels = read_labels(rows, names, outcomes, Place(source.table.file), order, settled=declared is not None)
    code = {stage.name: at for at, stage in enumerate(labels.stages)}
    relations.put(
        "labels",
        {
            "raw": [raw for raw in told.label_of if raw not in activities],
            "code": [code[labels.stage_of[label]] for raw, label in told.label_of.items() if raw not in activities],
        },
        {"raw": "VARCHAR", "code": "SMALLINT"},
    )
    put_stages(relations, "read_codes", labels.stages)
    return source, replace(labels, unknown=told.unknown, activities=done)


def _stood_in(relations: Relations, told: Meanings) -> frozenset[str]:
    """Return the labels, folded, of the stages that deals stand in by their records."""
    rows = relations.rows("SELECT DISTINCT stage FROM records WHERE stage IS NOT NULL")
    return frozenset(fold(told.label_of[str(raw)]) for (raw,) in rows if str(raw) in told.label_of)


def _key(stage: str, pipeline: str) -> str:
    """Return the expression that makes one key of a stage and its pipeline, the stage alone where that is unknown."""
    return f"CASE WHEN {pipeline} IS NULL THEN {stage} ELSE concat({stage}, chr({ord(BETWEEN)}), {pipeline}) END"


def _counted(relations: Relations, source: Source) -> dict[str, int]:
    counted = relations.rows(
        f"SELECT label, sum(n)::BIGINT FROM (SELECT {source.stage} AS label, count(*) AS n FROM {source.relation} "
        "GROUP BY ALL UNION ALL SELECT stage, 0 FROM records) WHERE label IS NOT NULL GROUP BY label ORDER BY label"
    )
    if not counted:
        message = "has no row with a stage."
        hint = "Is the stage column filled? --column stage=... names another."
        raise LogError(message, Place(source.table.file), hint)
    return {str(label): int(rows) for label, rows in counted}


def put_stages(relations: Relations, table: str, stages: tuple[StageName, ...]) -> None:
    """Make the relation `table(code, stage, class)` of the stages, numbered as they stand."""
    relations.put(
        table,
        {
            "code": list(range(len(stages))),
            "stage": [stage.name for stage in stages],
            "class": [stage.kind for stage in stages],
        },
        {"code": "SMALLINT", "stage": "VARCHAR", "class": "VARCHAR"},
    )
