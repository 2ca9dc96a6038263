"""What was seen of a quirk in one log: how often, in how many deals, and a few of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.engines.relations import Relations


@dataclass(frozen=True, slots=True)
class Example:
    """A deal in which a quirk was seen, and the row of the history (or of the records) that shows it."""

    deal: str
    row: int | None = None
    """Position in its table; None where it is still to be looked up."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A quirk that was seen."""

    kind: str
    count: int
    """In the unit that the catalogue names."""
    deals: int | None = None
    """In how many deals; None where it is not about deals."""
    examples: tuple[Example, ...] = ()
    told: tuple[str, ...] = ()
    """Examples that are no deals: labels, currencies."""
    detail: str = ""
    """One more sentence on this log."""


def told_by(
    relations: Relations, name: str, values: Mapping[str, object] | None = None, detail: str = ""
) -> Iterator[Sighting]:
    """Yield what a query sees: kind, count, deals, example deals, their rows (or null); nothing where none."""
    for kind, count, deals, examples, rows in relations.rows(read_sql("processminer.log.quirks", name), values):
        if count:
            places = rows or [None] * len(examples)
            pairs = tuple(Example(str(deal), row) for deal, row in zip(examples, places, strict=True))
            yield Sighting(str(kind), int(count), int(deals), pairs, detail=detail)
