"""What the ingest report says of how cells were read: what was lent or left open, and amounts below nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.cells.readings import kept
from processminer.log.columns import text_of, untimed_of
from processminer.log.eventlog import Problem
from processminer.log.quirks.catalogue import quirks
from processminer.log.tables.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.sources.profile import Role
    from processminer.log.sources.recognise import Part, Recognition

DATES: tuple[tuple[Role, str], ...] = (("history", "entered"), ("deals", "created"), ("deals", "closed"))
"""The columns of dates that are looked at, by the part that has them."""

NEGATIVE = "Kept as they are: sums of money count them as less than nothing (refunds, or slips)."
UNREADABLE = "Kept without that date: it cannot be read as one between 1900 and 2200."


def readings_of_cells(relations: Relations, found: Recognition) -> Iterator[Problem]:
    """Yield what was decided of columns whose cells alone do not say it all, and odd cells of the deals' records."""
    for reading in kept(relations):
        yield Problem(reading.kind, reading.cells, reading.said, (f"{reading.file}: {reading.column}",))
    yield from _mixed_dates(relations, found)
    deals = found.parts.get("deals")
    if deals is not None:
        yield from _odd_records(relations, deals, "negative-amount", NEGATIVE, "records WHERE amount < 0")
        # Where two dates are all there is, they are stage rows, and counted as such.
        if found.profile.shape != "two-dates":
            yield from _unreadable(relations, deals, "created", "created_at")
            yield from _unreadable(relations, deals, "closed", "close_date")


def _mixed_dates(relations: Relations, found: Recognition) -> Iterator[Problem]:
    """Yield the dates that begin with the year among others that do not, or the other way round."""
    for role, column in DATES:
        part = found.parts.get(role)
        if part is None or part.within is not None or part.table.columns.get(part.columns.get(column, "")) != "VARCHAR":
            continue
        told = text_of(part.columns[column])
        rows = (
            f"SELECT {part.table.row_number} AS position, regexp_matches({told}, '^[0-9]{{4}}[-/.]') AS by_year "
            f"FROM {quoted(part.table.name)} WHERE substring({told}, 1, 1) BETWEEN '0' AND '9'"
        )
        by_year, others = relations.row(
            f"SELECT count(*) FILTER (by_year), count(*) FILTER (NOT by_year) FROM ({rows})"
        )
        fewer = min(by_year, others)
        if fewer:
            (positions,) = relations.row(
                f"SELECT min(position, 5) FROM ({rows}) WHERE by_year = $fewer", {"fewer": by_year <= others}
            )
            named = places(relations, part.table, [int(position) for position in positions])
            yield Problem("mixed-dates", int(fewer), quirks()["mixed-dates"].treatments["read"], named)


def _unreadable(relations: Relations, deals: Part, role: str, column: str) -> Iterator[Problem]:
    if role in deals.columns:
        untimed = untimed_of(deals.table, deals.columns[role])
        told = f"SELECT {deals.table.row_number} AS position, {untimed} AS untimed FROM {quoted(deals.table.name)}"
        where = f"records JOIN ({told}) AS told USING (position) WHERE NOT untimed AND {column} IS NULL"
        yield from _odd_records(relations, deals, f"unreadable-{role}-date", UNREADABLE, where)


def _odd_records(relations: Relations, deals: Part, kind: str, treatment: str, where: str) -> Iterator[Problem]:
    rows, positions = relations.row(f"SELECT count(*), coalesce(min(position, 5), []) FROM {where}")
    if rows:
        # Records that are told within another table have no lines of their own.
        named = () if deals.within is not None else places(relations, deals.table, [int(one) for one in positions])
        yield Problem(kind, int(rows), treatment, named, deals=int(rows))
