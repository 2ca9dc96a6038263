"""The rows that say which stage a deal entered and when, whatever the shape of the export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.log.shapes.changes import read_changes
from processminer.log.shapes.durations import read_durations
from processminer.log.shapes.history import read_history
from processminer.log.shapes.snapshots import read_snapshots
from processminer.log.shapes.status_changes import read_status_changes
from processminer.log.shapes.two_dates import read_two_dates
from processminer.log.shapes.wide import read_wide

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from processminer.engines.relations import Relations
    from processminer.log.columns import Conventions
    from processminer.log.shapes.source import Source
    from processminer.log.sources.profile import Shape
    from processminer.log.sources.recognise import Recognition

FAULTS = {
    1: "no-deal",
    2: "no-time",
    3: "unreadable-time",
    4: "no-stage",
    5: "deleted",
    6: "after-as-of",
}
"""Why a row is set aside, by the number it is marked with."""

READERS: Mapping[Shape, Callable[[Relations, Recognition, Conventions], Source]] = {
    "history": read_history,
    "changes": read_changes,
    "status-changes": read_status_changes,
    "wide": read_wide,
    "two-dates": read_two_dates,
    "durations": read_durations,
    "snapshots": read_snapshots,
}
"""How each shape of tables is read."""


def stage_source(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source of stage rows of a recognised export."""
    return READERS[found.profile.shape](relations, found, conventions)


def write_stage_rows(relations: Relations, source: Source, *, without_tasks: bool = False) -> None:
    """Make `stage_rows(deal_id, occurred_at, code, position, actor, ..., fault)`; fault 0 marks the rows that count.

    Between stands what else the source says of a change, null where it does not: left_stage (as written), pipeline,
    writer, and not_before, the last moment without it. Rows that are activities by
    `inline_tasks` may be left out. Needs the relation `labels(raw, code)`.
    """
    told = {
        "left_stage": ("VARCHAR", source.left),
        "pipeline": ("VARCHAR", source.pipeline),
        "writer": ("VARCHAR", source.writer),
        "not_before": ("TIMESTAMP", source.not_before),
    }
    # What the source does not say is generated: a column of nulls that is kept costs as much as any.
    columns = "".join(f", {name} {kind}{' AS (NULL)' if said is None else ''}" for name, (kind, said) in told.items())
    relations.run(
        "CREATE OR REPLACE TABLE stage_rows (deal_id VARCHAR, occurred_at TIMESTAMP, code SMALLINT, position BIGINT, "
        f"actor VARCHAR{columns}, fault UTINYINT)"
    )
    kept = "".join(f", {name}" for name, (_, said) in told.items() if said is not None)
    read = "".join(f", {said} AS {name}" for name, (_, said) in told.items() if said is not None)
    others = " WHERE stage IS NULL OR stage NOT IN (SELECT raw FROM inline_tasks)" if without_tasks else ""
    relations.run(
        f"""INSERT INTO stage_rows BY NAME
        SELECT deal_id, occurred_at, code, position, actor{kept},
               CASE WHEN deal_id IS NULL THEN 1 WHEN untimed THEN 2 WHEN occurred_at IS NULL THEN 3
                    WHEN code IS NULL THEN 4 WHEN deleted THEN 5 ELSE 0 END::UTINYINT AS fault
        FROM (SELECT {source.deal} AS deal_id, {source.entered} AS occurred_at, {source.untimed} AS untimed,
                     {source.stage} AS stage, {source.position} AS position, {source.actor} AS actor,
                     {source.deleted} AS deleted{read}
              FROM {source.relation}) LEFT JOIN labels ON labels.raw = stage{others}"""
    )
