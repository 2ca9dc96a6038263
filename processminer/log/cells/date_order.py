"""Whether the day or the month comes first in a column: its own dates prove it, else a column written alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.errors import LogError, Place
from processminer.log.cells.readings import keep
from processminer.log.cells.texts import text_of
from processminer.log.cells.written_times import NUMBERED, PLAIN, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.cells.conventions import Conventions, DateOrder
    from processminer.log.tables.table import Table


@dataclass(frozen=True, slots=True)
class _Proof:
    """How many dates of a column can only be read day first, only month first, and both ways to different days."""

    day_first: int
    month_first: int
    either: int
    marks: str
    """What stands between the parts of its dates."""

    @property
    def order(self) -> DateOrder | None:
        if bool(self.day_first) == bool(self.month_first):
            return None
        return "dmy" if self.day_first else "mdy"


def settled_order(relations: Relations, table: Table, column: str, conventions: Conventions) -> DateOrder:
    """Return whether the day or the month comes first in a column that writes both as numbers.

    Raises LogError where it is left open, or where the column writes some dates one way and some the other.
    """
    if conventions.date_order is not None:
        return conventions.date_order
    proof = _proof(relations, table, column)
    if proof.day_first and proof.month_first:
        message = f"column {column!r} writes some dates day first and some month first."
        raise LogError(message, Place(table.file, 1), "Say which rule holds with --date-order dmy or --date-order mdy.")
    if proof.order is not None or not proof.either:
        return proof.order or "dmy"
    lent = next(_lenders(relations, table, column, conventions, proof.marks), None)
    if lent is None:
        message = f"column {column!r} does not show whether the day or the month comes first."
        raise LogError(message, Place(table.file, 1), "Say it with --date-order dmy or --date-order mdy.")
    lender, order = lent
    first = "day" if order == "dmy" else "month"
    said = f"Read with the {first} first, as {lender} is written, which proves it; --date-order says otherwise."
    keep(relations, "lent-date-order", table, column, proof.either, said)
    return order


def _lenders(
    relations: Relations, table: Table, column: str, conventions: Conventions, marks: str
) -> Iterator[tuple[str, DateOrder]]:
    """Yield columns that prove an order and write dates with the same marks, those of the table itself first.

    Columns that disagree prove nothing.
    """
    beside = [other for other in conventions.beside if other.name != table.name]
    for tables in ([table], beside):
        proofs: list[tuple[str, DateOrder]] = [
            (f"{name!r} of {other.file}", proof.order)
            for other in tables
            for name, kind in other.columns.items()
            if kind == "VARCHAR" and (other.name, name) != (table.name, column)
            for proof in [_proof(relations, other, name)]
            if proof.order is not None and proof.marks == marks
        ]
        if len({order for _, order in proofs}) == 1:
            yield from proofs


def _proof(relations: Relations, table: Table, column: str) -> _Proof:
    text = text_of(column)
    # A glance at the raw text first: most columns hold no such date, and making a text even costs more.
    glance = rf"regexp_matches({text}, '\d{{1,2}}[-/., \x{{00A0}}]+\d{{1,2}}[-/., \x{{00A0}}]+\d')"
    odd = f"{glance} AND NOT regexp_full_match({text}, {literal(PLAIN)})"
    cells = f"SELECT {spelled(relations, table, column)} AS v FROM {quoted(table.name)} WHERE {odd}"
    parts = f"SELECT regexp_extract(v, {literal(NUMBERED.pattern)}, ['a', 'b', 'y']) AS g, v FROM ({cells})"
    day_first, month_first, either, marks = relations.row(
        "SELECT count(*) FILTER (a BETWEEN 13 AND 31 AND b BETWEEN 1 AND 12), "
        "count(*) FILTER (b BETWEEN 13 AND 31 AND a BETWEEN 1 AND 12), "
        "count(*) FILTER (a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 12 AND a <> b), "
        r"coalesce(string_agg(DISTINCT mark, '' ORDER BY mark), '') FROM "
        r"(SELECT g.a::INT AS a, g.b::INT AS b, regexp_extract(v, '^[ ,.]*\d+([-/., ])', 1) AS mark "
        f"FROM ({parts}) WHERE g.y <> '')"
    )
    return _Proof(day_first, month_first, either, str(marks))
