"""Moments that are not those of the deals: which steps of the paths bear none, and what else is known of the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import literal, read_sql
from processminer.log.eventlog import EXAMPLES
from processminer.log.quirks.sighting import Sighting, told_by
from processminer.words import say_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.shapes.source import Source

PACKAGE = "processminer.log.quirks"

CLICK = 60_000_000
"""Microseconds within which nobody does what a stage asks for."""

LONG_GAP = 2
"""Times the usual gap between two looks at the pipeline, from which on a move between them is dated too roughly."""


def mark_moments(
    relations: Relations, source: Source, treatments: Treatments, timezone: str | None
) -> Iterator[Sighting]:
    """Put rows whose moment is known too roughly into `untimed_rows`, and yield them.

    Also makes `click_limit(us, dates_only)`: a stay that is shorter has no length of its own, be it 0 where all have.
    """
    zoned = timezone not in {None, "UTC"}
    local = f"timezone({literal(str(timezone))}, timezone('UTC', occurred_at))" if zoned else "occurred_at"
    rows, whole_days = relations.row(read_sql(PACKAGE, "whole_days.sql").format(local=local))
    dates_only = bool(rows) and rows == whole_days
    if dates_only:
        yield Sighting("day-precision", int(rows))
        if treatments.of("day-precision") == "leave-out-of-times":
            relations.run(read_sql(PACKAGE, "untimed_days.sql"))
    relations.run(read_sql(PACKAGE, "untimed_lagging.sql"))
    if source.not_before is not None:
        yield from _between_looks(relations, treatments)
    keeps = dates_only or treatments.of("clicked-through") == "keep"
    limit = {"us": [0 if keeps else CLICK], "dates_only": [dates_only]}
    relations.put("click_limit", limit, {"us": "BIGINT", "dates_only": "BOOLEAN"})


def _between_looks(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    (usual,) = relations.row(read_sql(PACKAGE, "usual_gap.sql"))
    if usual is None:
        return
    most = max(1.0, LONG_GAP * float(usual))
    detail = f"The pipeline was usually looked at every {say_days(float(usual))}."
    yield from told_by(relations, "between_looks.sql", {"days": most, "most": EXAMPLES}, detail)
    if treatments.of("between-looks") == "leave-out-of-times":
        relations.run(read_sql(PACKAGE, "untimed_looks.sql"), {"days": most})


def write_untimed_steps(relations: Relations) -> None:
    """Make `untimed_steps(deal, place, why)` of the untimed rows, deals and closings: usually none. Needs `paths`."""
    relations.run("CREATE OR REPLACE TABLE untimed_steps (deal INTEGER, place INTEGER, why VARCHAR)")
    (rows,) = relations.row(
        "SELECT (SELECT count(*) FROM untimed_rows) + (SELECT count(*) FROM untimed_deals) "
        "+ (SELECT count(*) FROM untimed_closings)"
    )
    if rows:
        relations.run(read_sql(PACKAGE, "untimed_steps.sql"))
