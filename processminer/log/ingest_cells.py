"""What the ingest report says of how cells were read: what was lent or left open, and amounts below nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.log.cells.readings import kept
from processminer.log.eventlog import Problem
from processminer.log.tables.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part

NEGATIVE = "Kept as they are: sums of money count them as less than nothing (refunds, or slips)."


def readings_of_cells(relations: Relations, deals: Part | None) -> Iterator[Problem]:
    """Yield what was decided of columns whose cells alone do not say it all, and the amounts below nothing."""
    for reading in kept(relations):
        yield Problem(reading.kind, reading.cells, reading.said, (f"{reading.file}: {reading.column}",))
    if deals is None:
        return
    rows, positions = relations.row("SELECT count(*), coalesce(min(position, 5), []) FROM records WHERE amount < 0")
    if rows:
        named = places(relations, deals.table, [int(position) for position in positions])
        yield Problem("negative-amount", int(rows), NEGATIVE, named, deals=int(rows))
