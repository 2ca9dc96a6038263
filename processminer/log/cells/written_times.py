"""The ways in which people and programs write a time, each a pattern and how its parts become a moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.cells.lexicon import lexicon
from processminer.log.cells.texts import text_of

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.cells.conventions import DateOrder
    from processminer.log.tables.table import Table

PLAIN = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?"
"""ISO 8601 as programs write it, which the database reads by itself."""

ZONED = r":.*(?:Z|[+-]\d\d(?::?\d\d)?)$"
"""A plain time that says its zone."""

NUMBER = r"\d+(?:[.,]\d+)?(?:e[+]?\d+)?"
"""A count of days or seconds."""

# The clock may follow a blank, a comma or a T; its half of the day may stand on either side of it.
_CLOCK = (
    r"(?:[t ,]+(?:([ap])m +)?(\d{1,2}) *[:.h] *(\d{2})(?:[:.] *(\d{2})(?:[.,](\d{1,9}))?)?:?(?: *([ap])m)?"
    r"(?: *(z?(?:[+-]\d{1,2}(?::?\d{2})?)?))(?: *\([^)]*\))?)?"
)
_CLOCK_PARTS = ("before", "h", "mi", "s", "f", "after", "zone")


@dataclass(frozen=True, slots=True)
class Writing:
    """One way of writing a date."""

    date: str
    """The pattern of the date, on text that `spelled` made even."""
    parts: tuple[str, ...]
    """What its groups are: y, mo and d; a and b where the column must tell which of them is the day."""
    clock: str = _CLOCK
    clock_parts: tuple[str, ...] = _CLOCK_PARTS

    @property
    def pattern(self) -> str:
        """The pattern of a whole cell."""
        return f"^[ ,.]*{self.date}{self.clock}[ .]*$"

    def fits(self, mask: str) -> bool:
        """Tell whether cells of this mask (every digit a 9) are written so."""
        return re.match(self.pattern, mask) is not None


_ = r"[-/., ]+"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|º|ª)?"
NUMBERED = Writing(rf"(\d{{1,2}}){_}(\d{{1,2}}){_}(\d{{4}}|\d{{2}})", ("a", "b", "y"))
"""Day and month as numbers, in an order that only the column as a whole can show."""
WRITINGS = (
    Writing(rf"(\d{{4}}){_}(\d{{1,2}}){_}(\d{{1,2}})", ("y", "mo", "d")),
    NUMBERED,
    Writing(rf"{_DAY}[-/., ]*<(\d{{1,2}})>[-/., ]*(\d{{4}}|\d{{2}})", ("d", "mo", "y")),
    Writing(rf"<(\d{{1,2}})>[-/., ]*{_DAY}{_}(\d{{4}}|\d{{2}})", ("mo", "d", "y")),
    Writing(r"(\d{4})[-/., ]*<(\d{1,2})>[-/., ]*(\d{1,2})", ("y", "mo", "d")),
    Writing(
        r"(\d{4})(\d{2})(\d{2})",
        ("y", "mo", "d"),
        r"(?:[t ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?(z?(?:[+-]\d{2}(?::?\d{2})?)?))?",
        ("h", "mi", "s", "f", "zone"),
    ),
)


_BLANKS = "\u00a0\u202f\u2009\u3000\t"
_UNSEEN = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff"
_TOKEN = r"[ap]\. ?m\.?|\p{L}+"


def spelled(relations: Relations, table: Table, column: str) -> str:
    """Return the expression of a column's text made even.

    Lower case, one kind of blank, no marks of direction, months as <1> to <12>, am and pm for their like.
    """
    even = f"lower({text_of(column)})"
    foreign = f"regexp_matches({text_of(column)}, '[^ -~]')"
    if relations.row(f"SELECT count(*) FROM {quoted(table.name)} WHERE {foreign}") != (0,):
        halves = f"replace(replace({even}, '上午', ' am '), '下午', ' pm ')"
        alike = literal(f"{_BLANKS}年月日时時点點分秒{_UNSEEN}")
        even = f"CASE WHEN {foreign} THEN translate({halves}, {alike}, '{' ' * len(_BLANKS)}-- :::::') ELSE {even} END"
    known = lexicon().time_words
    words = relations.rows(
        f"SELECT DISTINCT word FROM (SELECT unnest(regexp_extract_all({even}, '{_TOKEN}')) AS word "
        f"FROM {quoted(table.name)} WHERE regexp_matches({text_of(column)}, '\\p{{L}}')) "
        f"WHERE word IN ({', '.join(map(literal, known))}) ORDER BY word"
    )
    if not words:
        return f"trim({even})"
    meant = ", ".join(f"{literal(str(word))}: {literal(known[str(word)])}" for (word,) in words)
    tokens = f"regexp_extract_all({even}, '{_TOKEN}|[^\\p{{L}}]+')"
    put = f"list_transform({tokens}, lambda token: coalesce(MAP {{{meant}}}[token], token))"
    return f"trim(array_to_string({put}, ''))"


def moment(writing: Writing, text: str, order: DateOrder | None, local: str) -> str:
    """Return the expression of the moment that an even text writes so, null where it does not.

    `local` turns the expression of a time without zone, for which `{}` stands in it, into UTC.
    """
    names = [*writing.parts, *writing.clock_parts]
    if "a" in names:
        day, month = ("a", "b") if order == "dmy" else ("b", "a")
        names[names.index(day)], names[names.index(month)] = "d", "mo"
    parts = f"regexp_extract({text}, {literal(writing.pattern)}, [{', '.join(map(literal, names))}])"
    # Two digits of a year mean 1969 to 2068, as POSIX has it.
    year = "CASE WHEN length(g.y) = 2 THEN CASE WHEN g.y >= '69' THEN '19' ELSE '20' END ELSE '' END || g.y"
    hour = "g.h"
    if "before" in names:
        half = "(g.before || g.after)"
        noon = f"CASE {half} WHEN 'p' THEN 12 ELSE 0 END"
        twelve = f"CASE WHEN g.h::INT BETWEEN 1 AND 12 THEN (g.h::INT % 12 + {noon})::VARCHAR END"
        hour = f"CASE WHEN {half} = '' THEN g.h ELSE {twelve} END"
    seconds = "CASE WHEN g.s = '' THEN '' ELSE ':' || g.s END || CASE WHEN g.f = '' THEN '' ELSE '.' || g.f END"
    clock = f"CASE WHEN g.h = '' THEN '' ELSE ' ' || {hour} || ':' || g.mi || {seconds} END"
    written = f"({year} || '-' || g.mo || '-' || g.d || {clock})"
    zone = "regexp_replace(ltrim(g.zone, 'z'), '^([+-])(\\d)$', '\\10\\2')"
    zoned = f"timezone('UTC', try_cast({written} || CASE WHEN g.zone = 'z' THEN 'Z' ELSE {zone} END AS TIMESTAMPTZ))"
    naive = local.format(f"try_cast({written} AS TIMESTAMP)")
    return bound(parts, "g", f"CASE WHEN g.y = '' THEN NULL WHEN g.zone = '' THEN {naive} ELSE {zoned} END")


def bound(expression: str, name: str, body: str) -> str:
    """Return `body` with `name` standing for an expression, which is so evaluated once."""
    return f"list_transform([{expression}], lambda {name}: {body})[1]"
