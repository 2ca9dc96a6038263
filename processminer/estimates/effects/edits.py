"""What follows when a deal gets a new owner, is handed back, loses value, or is to close later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.estimates.effects.actions import Action, followed
from processminer.estimates.effects.asked import PACKAGE

if TYPE_CHECKING:
    from processminer.estimates.effects.actions import ActionEffect
    from processminer.log.eventlog import EventLog

EDITS = ("owner changed", "owner changed twice", "owner changed back", "amount lowered", "close date moved back")
"""In the order of their numbers in `edit_moments.sql`."""

FEWEST = 30
"""Deals; of fewer, what follows is a matter of those few."""


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What follows one kind of edit, and how many deals had it."""

    edit: str
    """One of EDITS."""
    deals: int
    followed: ActionEffect


def edit_effects(log: EventLog) -> tuple[EditEffect, ...]:
    """Return what follows each kind of edit that enough deals had; nothing where the log keeps no changes of fields.

    As with any action, deals are compared by time at risk with deals as old in the same stage, and the first two weeks
    behind the edit are told apart: what is edited because the end is near does not bring it about. Needs `stays`.
    """
    ((edits,),) = log.relations.rows("SELECT count(*) FROM field_rows WHERE field IN ('owner', 'amount', 'close_date')")
    if not edits:
        return ()
    log.relations.run(read_sql(PACKAGE, "edit_moments.sql"))
    rows = log.relations.rows(
        "SELECT practice, count(DISTINCT deal) FROM action_moments GROUP BY practice ORDER BY practice"
    )
    deals = {int(place): int(many) for place, many in rows}
    asked = {place: Action(EDITS[place], ()) for place, many in deals.items() if many >= FEWEST}
    found = followed(log, asked) if asked else ()
    return tuple(EditEffect(EDITS[place], deals[place], one) for place, one in zip(asked, found, strict=True))
