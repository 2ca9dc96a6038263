"""Deals whose path is not their whole path, or not theirs alone: they count by outcome, and their paths do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.eventlog import EXAMPLES
from processminer.log.quirks.sighting import Example, Sighting
from processminer.words import say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.shapes.source import Source

PACKAGE = "processminer.log.quirks"


def leave_out_of_paths(relations: Relations, source: Source, treatments: Treatments) -> Iterator[Sighting]:
    """Take away the paths that are not whole, or mixed of two deals, and yield what was seen of them.

    Makes `pathless(deal_id, why)`. Needs `deal_histories`.
    """
    relations.run("CREATE OR REPLACE TABLE pathless (deal_id VARCHAR, why VARCHAR)")
    merged = relations.row("SELECT count(*) FROM merged_deals")[0]
    if merged and treatments.of("merged") == "set-aside":
        relations.run(read_sql(PACKAGE, "survivors.sql"))
    yield from _truncated(relations, source, treatments)
    if source.collapses:
        yield from _interleaved(relations, source, treatments)
    if relations.row("SELECT count(*) FROM pathless")[0]:
        relations.run(read_sql(PACKAGE, "without_paths.sql"))


def _truncated(relations: Relations, source: Source, treatments: Treatments) -> Iterator[Sighting]:
    """Yield the deals whose history begins too late; where most do, their creation is no beginning of the process."""
    known = relations.row("SELECT count(created_at) FROM records")[0]
    if not source.collapses or source.loses_returns or not (known or source.keeps_changes):
        return
    relations.run(read_sql(PACKAGE, "truncated.sql"), {"kept_changes": source.keeps_changes})
    count, examples, late, capped, known = relations.row(read_sql(PACKAGE, "truncated_counts.sql"), {"most": EXAMPLES})
    if not count:
        return
    detail = f"{say_share(late, known)} deals were created more than a day before the first thing known of them."
    if capped:
        detail += f" {capped:,} hold exactly {source.keeps_changes} changes."
    if 2 * late > known:
        detail += " That is most of them, so creation is no beginning here: their paths are kept all the same."
    elif treatments.of("left-truncated") == "leave-out-of-paths":
        relations.run("INSERT INTO pathless SELECT deal_id, 'left-truncated' FROM truncated")
    yield Sighting("left-truncated", count, count, tuple(Example(str(deal)) for deal in examples), detail=detail)


def _interleaved(relations: Relations, source: Source, treatments: Treatments) -> Iterator[Sighting]:
    relations.run(read_sql(PACKAGE, "interleaved.sql"))
    if source.left is not None:
        relations.run(read_sql(PACKAGE, "created_twice.sql"))
    deals = [str(deal) for (deal,) in relations.rows("SELECT deal_id FROM interleaved ORDER BY deal_id")]
    if deals:
        yield Sighting("interleaved", len(deals), len(deals), tuple(map(Example, deals[:EXAMPLES])))
    if deals and treatments.of("interleaved") == "leave-out-of-paths":
        relations.run("INSERT INTO pathless SELECT deal_id, 'interleaved' FROM interleaved")
