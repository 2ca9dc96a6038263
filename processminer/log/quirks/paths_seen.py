"""What the finished paths show of quirks, counted in one look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.eventlog import EXAMPLES
from processminer.log.quirks.sighting import Example, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.shapes.source import Source

PACKAGE = "processminer.log.quirks"

UNSEEN = "What a deal did between two lists is not seen, so it may have been there."
"""Said of stages passed over where the pipeline was looked at now and then."""


def look_at_paths(relations: Relations) -> None:
    """Make `looked(deal, quick, tied, skips, returned)` of the deals whose path shows any of it. Needs `paths`."""
    (opened,) = relations.row("SELECT count(*) FROM stage_names WHERE class = 'open'")
    relations.run(read_sql(PACKAGE, "paths_looked.sql"), {"opened": opened})


def mark_short_deals(relations: Relations, treatments: Treatments) -> None:
    """Make `untimed_deals(deal_id, why)`: deals none of whose moments is to be measured by; and room for closings.

    `untimed_closings(deal_id, why)` are deals whose closing alone has no true moment.
    """
    for name in ("untimed_deals", "untimed_closings"):
        relations.run(f"CREATE OR REPLACE TABLE {name} (deal_id VARCHAR, why VARCHAR)")
    if treatments.of("closed-within-a-day") == "leave-out-of-times":
        relations.run(read_sql(PACKAGE, "untimed_short.sql"))


def fill_by_machine(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    """Yield the chains of quick moves that a machine made, and take their moments for none. Needs `deal_histories`."""
    if not relations.row("SELECT count(*) FROM written WHERE how = 'machine'")[0]:
        return
    relations.run(read_sql(PACKAGE, "machine_filled.sql"))
    steps, deals, examples = relations.row(
        "SELECT count(*), count(DISTINCT deal_id), coalesce(min(DISTINCT deal_id, $most), []) FROM machine_filled",
        {"most": EXAMPLES},
    )
    if steps:
        if treatments.of("machine-filled") == "leave-out-of-times":
            relations.run(
                "INSERT INTO untimed_rows SELECT deal_id, occurred_at, code, 'machine-filled' FROM machine_filled"
            )
        yield Sighting("machine-filled", steps, deals, tuple(Example(str(deal)) for deal in examples))


def see_paths(relations: Relations, source: Source, *, chains: tuple[int, int]) -> Iterator[Sighting]:
    """Yield what the paths show: ties, clicks, skips, returns, deals opened again, or closed before anything else.

    `chains` are the tied moments and those settled by the stages left. Needs `looked`.
    """
    unseen = _cannot_be_seen(relations, source)
    moments, settled = chains
    details = {
        "tied-timestamps": f"{settled:,} of {moments:,} moments were settled by the stage that was left."
        if moments
        else "",
        "skipped-stages": "" if source.not_before is None else UNSEEN,
    }
    for kind, count, deals, examples in relations.rows(read_sql(PACKAGE, "paths_seen.sql"), {"most": EXAMPLES}):
        if not count or kind in unseen:
            continue
        yield Sighting(
            str(kind),
            int(count),
            int(deals),
            tuple(Example(str(deal)) for deal in examples),
            detail=details.get(str(kind), ""),
        )


def _cannot_be_seen(relations: Relations, source: Source) -> set[str]:
    """Return what the paths seem to show, and the export cannot tell."""
    (dates_only,) = relations.row("SELECT dates_only FROM click_limit")
    return {
        # Moves of one day have no time between them that anybody knows.
        *(("clicked-through",) if dates_only else ()),
        *(("skipped-stages", "returns") if not source.whole_paths else ()),
        *(("reopened", "closed-within-a-day") if not source.collapses else ()),
    }
