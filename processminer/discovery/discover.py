"""One pass over the paths, and everything that can be counted from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.discovery.discovery import Discovery, LeadTime, Move, StageFlow, TaskCount, Totals, Variant
from processminer.discovery.late_stays import mark_late_stays
from processminer.discovery.silence import silence_of
from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from processminer.engines.relations import Relations, Row
    from processminer.log.eventlog import EventLog


def discover(log: EventLog) -> Discovery:
    """Return what happened, counted, and leave `stays`, `variants` and `deal_variants` in the log's database."""
    relations = log.relations
    made = ["stays"]
    if relations.row("SELECT count(*) FROM untimed_steps")[0]:
        made.append("untimed_stays")
    for name in made:
        relations.run(read_sql("processminer.discovery", f"{name}.sql"))
    mark_late_stays(log)
    for name in ("untimed_leads", "variants", "deal_variants"):
        relations.run(read_sql("processminer.discovery", f"{name}.sql"))
    return Discovery(
        log=log,
        totals=_totals(relations),
        stages=tuple(StageFlow(*row) for row in _fact(relations, "stages")),
        moves=tuple(Move(*row) for row in _fact(relations, "moves")),
        variants=_variants(log),
        tasks=tuple(TaskCount(*row) for row in _fact(relations, "touch_points")),
        lead_times=tuple(LeadTime(*row) for row in _fact(relations, "lead_times")),
        silence=silence_of(log),
    )


PATHLESS = {
    "left-truncated": "history begins too late",
    "merged": "merged of two deals",
    "interleaved": "looks like two deals in one",
}
"""Why a deal counts by its outcome alone, as the log marks it, in words."""


def _fact(relations: Relations, name: str) -> list[Row]:
    return relations.rows(read_sql("processminer.discovery", f"{name}.sql"))


def _totals(relations: Relations) -> Totals:
    ((deals, won, lost, opened, undated, created_closed, since),) = _fact(relations, "totals")
    excluded = {"no dated event": undated, "first seen when closed": created_closed}
    without_path = relations.rows(
        "SELECT why, count(*) FROM pathless JOIN deals USING (deal_id) GROUP BY why ORDER BY why"
    )
    excluded |= {PATHLESS[str(why)]: int(deals) for why, deals in without_path}
    return Totals(deals, won, lost, opened, {reason: count for reason, count in excluded.items() if count}, since)


def _variants(log: EventLog) -> tuple[Variant, ...]:
    names = [stage.name for stage in log.stages]
    rows = log.relations.rows(
        "SELECT path, variants.deals, won, lost, open, deal_id "
        "FROM variants JOIN deals ON deal = first_deal ORDER BY variant"
    )
    paths: list[list[int]] = [row[0] for row in rows]
    return tuple(Variant(tuple(names[code] for code in path), *row[1:]) for path, row in zip(paths, rows, strict=True))
