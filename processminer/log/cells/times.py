"""SQL expressions that read a column as times in UTC, decided by what the whole column shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.engines.relations import literal, quoted
from processminer.errors import LogError, Place
from processminer.log.cells.date_order import settled_order
from processminer.log.cells.readings import keep
from processminer.log.cells.texts import text_of
from processminer.log.cells.written_times import NUMBER, NUMBERED, PLAIN, WRITINGS, ZONED, bound, moment, spelled

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.cells.conventions import Conventions
    from processminer.log.tables.table import Table

Precision = Literal["second", "minute", "day"]

FIRST_TIME, LAST_TIME = "TIMESTAMP '1900-01-01'", "TIMESTAMP '2200-01-01'"
"""What lies outside is no time of a deal but a placeholder (9999-12-31) or a slip, and would not fit a packed step."""

MOST_MASKS = 1000
"""Ways of writing that are looked at, the commonest first; a column with more of them holds no times."""

COUNTS = {
    # Excel's day 60 is a 29 February 1900 that never was; from day 61 on, its days count from 30 December 1899.
    "days": (20_000, 80_000, "TIMESTAMP '1899-12-30' + to_milliseconds(round({} * 86400000)::BIGINT)"),
    "seconds": (315_360_000, 7_258_118_400, "make_timestamp(round({} * 1000000)::BIGINT)"),
    "milliseconds": (315_360_000_000, 7_258_118_400_000, "make_timestamp(round({} * 1000)::BIGINT)"),
    "microseconds": (315_360_000_000_000, 7_258_118_400_000_000, "make_timestamp(round({})::BIGINT)"),
    "nanoseconds": (315_360_000_000_000_000, 7_258_118_400_000_000_000, "make_timestamp(round({} / 1000)::BIGINT)"),
}
"""Numbers that are times: the smallest and the largest of them (1954 to 2119 in Excel's days, 1980 to 2200 in counts
since 1970), and how they are read."""


def known_time(time: str) -> str:
    """Return the expression of a moment that is null where it is no time of a deal."""
    return f"CASE WHEN {time} BETWEEN {FIRST_TIME} AND {LAST_TIME} THEN {time} END"


def time_of(relations: Relations, table: Table, column: str | None, conventions: Conventions) -> str:
    """Return the expression of a column's time in UTC, null where it cannot be read.

    ISO 8601; day, month and year as numbers, in the order that the column's own values prove (or the conventions say,
    or another column of the export written alike proves), or with the month's name; Excel's days, and seconds to
    nanoseconds since 1970. A time that says its zone is read by it, any other in the conventions' zone: one that the
    clocks there skip moves on by the hour that is missing, one that they show twice is the later. What lies before 1900
    or after 2200 is no time. Raises LogError where the order of day and month is left open, or the zone is not known.
    """
    if column is None:
        return "NULL::TIMESTAMP"
    local = _local(relations, table, conventions.timezone)
    kind = table.columns[column]
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        zoned = kind.endswith("TIME ZONE")
        time = f"timezone('UTC', {quoted(column)})" if zoned else local.format(f"{quoted(column)}::TIMESTAMP")
        # A typed time is cheap enough to name twice, and binding it is not: the biggest logs are typed.
        return known_time(time)
    text = text_of(column)
    shown = _shown(relations, table, text)
    if 0 < shown.zoned < shown.timed:
        said = (
            f"{shown.zoned:,} of {shown.timed:,} times of the column say their zone; the others were read as times of "
            f"{conventions.timezone or 'UTC'}; --timezone says otherwise."
        )
        keep(relations, "zone-left-out", table, column, shown.timed - shown.zoned, said)
    quick = _plain_time(text, shown, local)
    if shown.plain == shown.written:
        return quick if shown.in_bounds else _within(quick)
    odd = _odd_time(relations, table, column, conventions, local, mixed=shown.plain > 0)
    if shown.plain == 0:
        return _within(odd)
    return _within(f"CASE WHEN {_is_plain(text)} THEN {quick} ELSE {odd} END")


def _local(relations: Relations, table: Table, timezone: str | None) -> str:
    """Return how a time without zone becomes UTC; `{}` stands for its expression."""
    if timezone is None or timezone == "UTC":
        return "{}"
    if relations.row("SELECT count(*) FROM pg_timezone_names() WHERE name = $zone", {"zone": timezone}) == (0,):
        message = f"cannot be read in the time zone {timezone!r}, which is not known."
        raise LogError(message, Place(table.file), "Name it as Europe/Rome or America/New_York.")
    return f"timezone('UTC', timezone({literal(timezone)}, {{}}))"


def _within(time: str) -> str:
    return bound(time, "t", known_time("t"))


def _is_plain(text: str) -> str:
    return f"regexp_full_match({text}, {literal(PLAIN)})"


@dataclass(frozen=True, slots=True)
class _Shown:
    """How many cells are written at all, plainly, of these with a time of day, and of these with their zone."""

    written: int
    plain: int
    timed: int
    zoned: int
    in_bounds: bool
    """Whether all plain ones lie well between the first and the last time."""


def _shown(relations: Relations, table: Table, text: str) -> _Shown:
    # Of a plain time only a zone has a sign or a Z behind the hour: far cheaper to see than a second pattern.
    after = "substring(v, 12)"
    zone = f"(ends_with(v, 'Z') OR contains({after}, '+') OR contains({after}, '-'))"
    written, plain, timed, zoned, first, last = relations.row(
        f"SELECT count(v), count(*) FILTER (plain), count(*) FILTER (plain AND length(v) > 10), "
        f"count(*) FILTER (plain AND length(v) > 10 AND {zone}), min(v) FILTER (plain), max(v) FILTER (plain) "
        f"FROM (SELECT v, {_is_plain('v')} AS plain FROM (SELECT {text} AS v FROM {quoted(table.name)}))"
    )
    # A day off the bounds, so that no zone can carry a time over them.
    in_bounds = plain > 0 and str(first) >= "1900-01-02" and str(last) < "2199-12-30"
    return _Shown(written, plain, timed, zoned, in_bounds)


def _plain_time(text: str, shown: _Shown, local: str) -> str:
    aware = f"timezone('UTC', try_cast({text} AS TIMESTAMPTZ))"
    if local == "{}" or shown.zoned == shown.plain:
        return aware
    naive = local.format(f"try_cast({text} AS TIMESTAMP)")
    if shown.zoned == 0:
        return naive
    return f"CASE WHEN regexp_matches({text}, {literal(ZONED)}) THEN {aware} ELSE {naive} END"


def _odd_time(
    relations: Relations, table: Table, column: str, conventions: Conventions, local: str, *, mixed: bool
) -> str:
    """Return the expression of the cells that are not plain, by the ways of writing that they show."""
    even = spelled(relations, table, column)
    relation = f"(SELECT {even} AS v FROM {quoted(table.name)} WHERE NOT {_is_plain(text_of(column))})"
    masks = [
        str(mask)
        for mask, _ in relations.rows(
            f"SELECT translate(v, '012345678', '999999999') AS mask, count(*) FROM {relation} "
            f"WHERE v <> '' GROUP BY mask ORDER BY 2 DESC, 1 LIMIT {MOST_MASKS}"
        )
    ]
    writings = [writing for writing in WRITINGS if any(writing.fits(mask) for mask in masks)]
    order = None
    if NUMBERED in writings:
        order = settled_order(relations, table, column, conventions)
    readings = [moment(writing, "even", order, local) for writing in writings]
    if any(re.fullmatch(NUMBER, mask) for mask in masks):
        count = _count_time(relations, relation, local, days=not writings and not mixed)
        readings += [] if count is None else [count]
    return bound(even, "even", f"coalesce({', '.join(readings)})") if readings else "NULL::TIMESTAMP"


def _count_time(relations: Relations, relation: str, local: str, *, days: bool) -> str | None:
    """Return how the numbers of a column are times: by the one unit that fits most of them; days only where all are."""
    value = "try_cast(replace(even, ',', '.') AS DECIMAL(30, 9))"
    number = f"CASE WHEN regexp_full_match(even, {literal(NUMBER)}) THEN {value} END"
    units = [unit for unit in COUNTS if days or unit != "days"]
    fits = ", ".join(f"count(*) FILTER (n BETWEEN {COUNTS[unit][0]} AND {COUNTS[unit][1]})" for unit in units)
    counts = relations.row(f"SELECT {fits} FROM (SELECT {number} AS n FROM (SELECT v AS even FROM {relation}))")
    most = max(counts)
    if most == 0:
        return None
    unit = units[counts.index(most)]
    smallest, largest, reading = COUNTS[unit]
    time = reading.format("n")
    # Excel's days tell the clock on the wall; counts since 1970 are UTC.
    time = local.format(time) if unit == "days" else time
    return bound(number, "n", f"CASE WHEN n BETWEEN {smallest} AND {largest} THEN {time} END")


def precision_of(relations: Relations, relation: str, time: str, *, timezone: str = "UTC") -> Precision | None:
    """Return how exactly the times of a relation are known: to the second, the minute or the day; None without any.

    They are known to the day where all of them say midnight in the zone given; so are three or more that say one and
    the same time of day, or two an hour apart (midnight elsewhere, with and without summer time).
    """
    local = f"timezone({literal(timezone)}, timezone('UTC', {time}))"
    rows, clocks, first, last, odd = relations.row(
        f"SELECT count(t), count(DISTINCT t), min(t), max(t), count(*) FILTER (t % 60000000 <> 0) "
        f"FROM (SELECT epoch_us({local}) % 86400000000 AS t FROM {relation})"
    )
    if not rows:
        return None
    alike = clocks == 1 or (clocks == 2 and last - first == 3_600_000_000)
    if (clocks == 1 and first == 0) or (rows >= 3 and alike and first % 900_000_000 == 0):
        return "day"
    return "second" if odd else "minute"
