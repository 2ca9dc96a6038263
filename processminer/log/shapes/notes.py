"""What a shape reports of its rows: how many show a quirk, the first deals that do, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.log.eventlog import EXAMPLES

if TYPE_CHECKING:
    from processminer.engines.relations import Relations


@dataclass(frozen=True, slots=True)
class Note:
    """What a shape repaired, made up or set aside while turning its rows into stage rows, for the ingest report."""

    kind: str
    """A slug, such as `first-stage-inferred`."""
    rows: int
    treatment: str
    """What was done about it, as a sentence; empty where the catalogue of quirks says it."""
    examples: tuple[str, ...] = ()
    """At most EXAMPLES: deal ids, or places as `file:line`."""
    set_aside: bool = False
    """Whether the rows are left out of the log (else they are used, as treated)."""


def note_of(
    relations: Relations, kind: str, relation: str, condition: str, *, deal: str = "deal_id", treatment: str = ""
) -> Note:
    """Return the note on the rows of a relation that meet a condition; `deal` is its column of deal ids."""
    rows, examples = relations.row(
        f"SELECT count(*), coalesce(min(DISTINCT {deal}, {EXAMPLES}), []) FROM {relation} WHERE {condition}"
    )
    return Note(kind, int(rows), treatment, tuple(examples))
