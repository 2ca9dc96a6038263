"""What a shape reports of its rows: how many show a quirk, the first deals that do, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.log.shapes.source import Note

if TYPE_CHECKING:
    from processminer.engines.relations import Relations

EXAMPLES = 5


def note_of(relations: Relations, kind: str, relation: str, condition: str, *, deal: str = "deal_id") -> Note:
    """Return the note on the rows of a relation that meet a condition; `deal` is its column of deal ids."""
    rows, examples = relations.row(
        f"SELECT count(*), coalesce(min(DISTINCT {deal}, {EXAMPLES}), []) FROM {relation} WHERE {condition}"
    )
    return Note(kind, int(rows), "", tuple(examples))
