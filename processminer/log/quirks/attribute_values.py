"""What the table of deals says of each deal, by column, and which name or value a user meant."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.errors import InputError
from processminer.log.columns import text_of
from processminer.log.names import fold
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part


def meant(said: str, known: Mapping[str, object], what: str) -> str:
    """Return the known name that was meant. Raises InputError, naming the nearest, where there is none."""
    folded = {fold(name): name for name in known}
    if fold(said) in folded:
        return folded[fold(said)]
    near = get_close_matches(fold(said), list(folded), 1)
    hint = f"Did you mean {folded[near[0]]!r}?" if near else f"There are: {say_list(known, 12) or 'none'}."
    message = f"The export has no {what} {said!r}."
    raise InputError(message, hint=hint)


def _told(part: Part, column: str) -> str:
    """Return the query of what a column says of each deal that counts."""
    table = part.table
    return (
        f"SELECT deal_id, told.value FROM (SELECT {table.row_number} AS position, {text_of(column)} AS value "
        f"FROM {quoted(table.name)}) AS told JOIN records USING (position)"
    )


def values_of(relations: Relations, part: Part, column: str) -> Counter[str]:
    """Return the values of a column of the deals table and how many deals have each, the most first."""
    rows = relations.rows(
        f"SELECT value, count(*) AS deals FROM ({_told(part, column)}) WHERE value IS NOT NULL "
        "GROUP BY value ORDER BY deals DESC, value"
    )
    return Counter({str(value): int(deals) for value, deals in rows})


def deals_of(relations: Relations, part: Part, column: str, values: tuple[str, ...]) -> list[str]:
    """Return the deals of which a column says one of these values, in alphabetical order."""
    listed = ", ".join(literal(value) for value in values)
    rows = relations.rows(f"SELECT deal_id FROM ({_told(part, column)}) WHERE value IN ({listed}) ORDER BY deal_id")
    return [str(deal) for (deal,) in rows]


def deals_by_value(relations: Relations, part: Part, column: str) -> dict[str, list[str]]:
    """Return the deals that have each value of a column of the deals table, the most frequent value first."""
    rows = relations.rows(
        f"SELECT value, list(deal_id ORDER BY deal_id) AS deals FROM ({_told(part, column)}) WHERE value IS NOT NULL "
        "GROUP BY value ORDER BY len(deals) DESC, value"
    )
    return {str(value): [str(deal) for deal in deals] for value, deals in rows}
