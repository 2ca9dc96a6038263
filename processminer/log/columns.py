"""SQL expressions that read a column of an export as what it means: a time, a number, a yes or no, a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.engines.relations import quoted
from processminer.errors import LogError, Place

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.tables.table import Table

DateOrder = Literal["dmy", "mdy"]


@dataclass(frozen=True, slots=True)
class Conventions:
    """What the user says of how dates, times and numbers are written, where the columns do not show it."""

    date_order: DateOrder | None = None
    timezone: str | None = None
    """The zone of times that are written without one, by its IANA name; UTC if not said."""
    decimal: Literal[",", "."] | None = None
    """The decimal mark of numbers such as 1.234, which could be written either way."""


_SLASHED = r"^\s*\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"


def text_of(column: str | None) -> str:
    """Return the expression of a column's trimmed text, null where empty or where there is no such column."""
    return "NULL::VARCHAR" if column is None else f"nullif(trim({quoted(column)}::VARCHAR), '')"


def yes_of(column: str | None) -> str:
    """Return the expression that is true where a column says yes."""
    return f"coalesce(lower({text_of(column)}) IN ('true', '1', 'yes', 't'), false)"


def number_of(column: str | None) -> str:
    """Return the expression of a column's number, null where it is none."""
    if column is None:
        return "NULL::DOUBLE"
    number = f"try_cast({text_of(column)} AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


FIRST_TIME, LAST_TIME = "TIMESTAMP '1900-01-01'", "TIMESTAMP '2200-01-01'"
"""What lies outside is no time of a deal but a placeholder (9999-12-31) or a slip, and would not fit a packed step."""


def time_of(relations: Relations, table: Table, column: str | None, conventions: Conventions) -> str:
    """Return the expression of a column's time in UTC, null where it cannot be read; a time without zone is UTC.

    ISO 8601 with or without zone, day and month in the order that the column's own values prove (or the conventions
    say), and seconds or milliseconds since 1970; what lies before 1900 or after 2200 is no time. Raises LogError where the column
    leaves the order of day and month open.
    """
    if column is None:
        return "NULL::TIMESTAMP"
    time = _time_of(relations, table, column, conventions.date_order)
    return f"CASE WHEN {time} BETWEEN {FIRST_TIME} AND {LAST_TIME} THEN {time} END"


def _time_of(relations: Relations, table: Table, column: str, order: DateOrder | None) -> str:
    if table.columns[column].startswith("TIMESTAMP"):
        zoned = table.columns[column].endswith("TIME ZONE")
        return f"timezone('UTC', {quoted(column)})" if zoned else f"{quoted(column)}::TIMESTAMP"
    if table.columns[column] == "DATE":
        return f"{quoted(column)}::TIMESTAMP"
    text = text_of(column)
    readings = [f"timezone('UTC', try_cast({text} AS TIMESTAMPTZ))"]
    order = _date_order(relations, table, column, order)
    if order is not None:
        readings.append(f"try_strptime(regexp_replace({text}, '[.-]', '/', 'g'), {_formats(order)})")
    readings.append(
        f"CASE WHEN regexp_full_match({text}, '\\d{{10}}') THEN make_timestamp({text}::BIGINT * 1000000) END"
    )
    readings.append(f"CASE WHEN regexp_full_match({text}, '\\d{{13}}') THEN make_timestamp({text}::BIGINT * 1000) END")
    return f"coalesce({', '.join(readings)})"


def untimed_of(table: Table, column: str) -> str:
    """Return the expression that is true where a time column is empty; a typed one is not turned into text for it."""
    typed = table.columns[column] != "VARCHAR"
    return f"{quoted(column)} IS NULL" if typed else f"{text_of(column)} IS NULL"


def _formats(order: DateOrder) -> list[str]:
    day_month = "%d/%m" if order == "dmy" else "%m/%d"
    clocks = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", ", %H:%M", ", %I:%M %p")
    # Two-digit years come first: %Y would read 25 as the year 25.
    return [f"{day_month}/{year}{clock}" for year in ("%y", "%Y") for clock in clocks]


def _date_order(relations: Relations, table: Table, column: str, order: DateOrder | None) -> DateOrder | None:
    """Return whether the day or the month comes first in a column, None where no value is written that way."""
    name = quoted(table.name)
    text = text_of(column)
    slashed, first, second = relations.row(
        f"SELECT count(*), max(try_cast(regexp_extract(v, '^\\d+') AS INT)), "
        f"max(try_cast(regexp_extract(v, '^\\d+[./-](\\d+)', 1) AS INT)) "
        f"FROM (SELECT {text} AS v FROM {name}) WHERE regexp_matches(v, '{_SLASHED}')"
    )
    if not slashed or order is not None:
        return order if slashed else None
    if first > 12 and second > 12:
        message = f"column {column!r} writes some dates day first and some month first."
        raise LogError(message, Place(table.file, 1), "Say which rule holds with --date-order dmy or --date-order mdy.")
    if first <= 12 and second <= 12:
        message = f"column {column!r} does not show whether the day or the month comes first."
        raise LogError(message, Place(table.file, 1), "Say it with --date-order dmy or --date-order mdy.")
    return "dmy" if first > 12 else "mdy"
