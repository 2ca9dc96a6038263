"""SQL expressions that read a column as a text, or as a yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.cells.lexicon import lexicon

if TYPE_CHECKING:
    from processminer.log.tables.table import Table


def text_of(column: str | None) -> str:
    """Return the expression of a column's trimmed text, null where empty or where there is no such column."""
    return "NULL::VARCHAR" if column is None else f"nullif(trim({quoted(column)}::VARCHAR), '')"


def ids_of(column: str | None) -> str:
    """Return the expression that gives a row for each id that a cell lists: `123;456`, or `["123", "456"]`."""
    return f"unnest(regexp_extract_all({text_of(column)}, '[^;,\\s\\[\\]\"]+'))"


def yes_of(column: str | None) -> str:
    """Return the expression that is true where a column says yes, in any of the languages we know."""
    said = ", ".join(literal(word) for word in lexicon().yes)
    return f"coalesce(lower({text_of(column)}) IN ({said}), false)"


def untimed_of(table: Table, column: str) -> str:
    """Return the expression that is true where a time column is empty; a typed one is not turned into text for it."""
    typed = table.columns[column] != "VARCHAR"
    return f"{quoted(column)} IS NULL" if typed else f"{text_of(column)} IS NULL"
