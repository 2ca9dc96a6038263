"""What the ingest report says of how cells were read: what was lent or left open, and amounts below nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.cells.readings import kept
from processminer.log.columns import untimed_of
from processminer.log.eventlog import Problem
from processminer.log.tables.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part, Recognition

NEGATIVE = "Kept as they are: sums of money count them as less than nothing (refunds, or slips)."
UNREADABLE = "Kept without that date: it cannot be read as one between 1900 and 2200."


def readings_of_cells(relations: Relations, found: Recognition) -> Iterator[Problem]:
    """Yield what was decided of columns whose cells alone do not say it all, and odd cells of the deals' records."""
    for reading in kept(relations):
        yield Problem(reading.kind, reading.cells, reading.said, (f"{reading.file}: {reading.column}",))
    deals = found.parts.get("deals")
    if deals is not None:
        yield from _odd_records(relations, deals, "negative-amount", NEGATIVE, "records WHERE amount < 0")
        # Where two dates are all there is, they are stage rows, and counted as such.
        if found.profile.shape != "two-dates":
            yield from _unreadable(relations, deals, "created", "created_at")
            yield from _unreadable(relations, deals, "closed", "close_date")


def _unreadable(relations: Relations, deals: Part, role: str, column: str) -> Iterator[Problem]:
    if role in deals.columns:
        untimed = untimed_of(deals.table, deals.columns[role])
        told = f"SELECT {deals.table.row_number} AS position, {untimed} AS untimed FROM {quoted(deals.table.name)}"
        where = f"records JOIN ({told}) AS told USING (position) WHERE NOT untimed AND {column} IS NULL"
        yield from _odd_records(relations, deals, f"unreadable-{role}-date", UNREADABLE, where)


def _odd_records(relations: Relations, deals: Part, kind: str, treatment: str, where: str) -> Iterator[Problem]:
    rows, positions = relations.row(f"SELECT count(*), coalesce(min(position, 5), []) FROM {where}")
    if rows:
        named = places(relations, deals.table, [int(position) for position in positions])
        yield Problem(kind, int(rows), treatment, named, deals=int(rows))
