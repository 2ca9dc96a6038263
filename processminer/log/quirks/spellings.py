"""Values of a deal's attributes that are written in several ways, read as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.eventlog import EXAMPLES
from processminer.log.quirks.sighting import Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.quirks.catalogue import Treatments

PACKAGE = "processminer.log.quirks"

FEW = 100
"""Values that an attribute may have in all its spellings to be one that groups deals."""


def join_spellings(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    """Yield the values written in several ways, and give each its usual spelling unless told not to.

    Needs `attributes`.
    """
    if not relations.row("SELECT count(*) FROM attributes")[0]:
        return
    relations.run(read_sql(PACKAGE, "respelled.sql"), {"few": FEW})
    found = relations.rows("SELECT attribute, value, usual, deals FROM respelled ORDER BY attribute, usual, value")
    if not found:
        return
    if treatments.of("value-spellings") == "join":
        relations.run(
            "UPDATE attributes SET value = respelled.usual FROM respelled "
            "WHERE attributes.attribute = respelled.attribute AND attributes.value = respelled.value"
        )
    told = tuple(f"{attribute}: {value!r} beside {usual!r}" for attribute, value, usual, _ in found)
    yield Sighting("value-spellings", sum(int(deals) for *_, deals in found), told=told[:EXAMPLES])
