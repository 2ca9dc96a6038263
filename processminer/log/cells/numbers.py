"""SQL expressions that read a column as numbers and money, its decimal mark decided by what the whole column shows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.cells.lexicon import lexicon
from processminer.log.cells.readings import keep
from processminer.log.cells.texts import text_of
from processminer.log.cells.written_times import bound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processminer.engines.relations import Relations
    from processminer.log.cells.conventions import Conventions, DecimalMark
    from processminer.log.tables.table import Table

NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
NUMERIC_KINDS = (*NUMERIC, "FLOAT", "DOUBLE", "DECIMAL")

_ALIKE = "\u2019\u02bc`\u00b4\u2212\u2013"
"""Marks that stand for an apostrophe (the first four) or a minus."""

MOST_MASKS = 2000
"""Ways of writing that are looked at, the commonest first."""

_PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"


def number_of(column: str | None) -> str:
    """Return the expression of a number as programs write it (12500.5), null where it is none."""
    if column is None:
        return "NULL::DOUBLE"
    return bound(f"try_cast({text_of(column)} AS DOUBLE)", "n", "CASE WHEN isfinite(n) THEN n END")


def amount_of(relations: Relations, table: Table, column: str | None, conventions: Conventions) -> str:
    """Return the expression of a number or an amount of money as people write it, null where it cannot be read.

    Groups of thousands, signs and names of currencies, sizes (45k, 1,5 Mio), brackets for less than nothing, and shares
    (20 % is 0.2). Which mark stands before the decimals is decided for the column: by the conventions, else by its
    cells. Where they leave it open (all like 1.234), the mark is read as one of thousands, and the question is kept for
    the ingest report; where they contradict each other, so is what most of them prove.
    """
    if column is None:
        return "NULL::DOUBLE"
    if table.columns[column].startswith(NUMERIC_KINDS):
        return bound(f"{quoted(column)}::DOUBLE", "n", "CASE WHEN isfinite(n) THEN n END")
    text = text_of(column)
    masks = _masks(relations, table, text)
    mark = conventions.decimal or _settled_mark(relations, table, column, masks)
    if mark == "." and all(re.fullmatch(_PLAIN, mask) for mask in masks):
        return number_of(column)
    return bound(_even(text), "even", _amount("even", mark))


def currency_of(table: Table, column: str | None) -> str:
    """Return the expression of the currency written with an amount: a code, or the sign where several share it."""
    if column is None or table.columns[column].startswith(NUMERIC_KINDS):
        return "NULL::VARCHAR"
    words = rf"regexp_extract_all({_even(text_of(column))}, '(?:us|r|c|ca|a|au)?\p{{Sc}}|\p{{L}}+')"
    named = (
        f"list_filter(list_transform({words}, lambda w: {_map(lexicon().currencies)}[w]), lambda w: w IS NOT NULL)[1]"
    )
    return f"CASE WHEN regexp_matches({text_of(column)}, '\\d') THEN {named} END"


def _map(meanings: Mapping[str, object]) -> str:
    said = (
        f"{literal(word)}: {meant if isinstance(meant, int) else literal(str(meant))}"
        for word, meant in meanings.items()
    )
    return f"MAP {{{', '.join(said)}}}"


def _even(text: str) -> str:
    """Return the expression of a text in lower case, one kind of blank, apostrophe and minus, and no idle marks."""
    blanks = rf"regexp_replace({text}, '[\s\x{{00A0}}\x{{202F}}\x{{2009}}]+', ' ', 'g')"
    alike = f"lower(translate({blanks}, '{_ALIKE}', '''''''''--'))"
    # A price of whole units may end in a dash (500,-), an abbreviation in a point (5 Mio.).
    return rf"regexp_replace(regexp_replace({alike}, '(\p{{L}})\.', '\1', 'g'), '[.,]-+( |$)', '\1')"


def _masks(relations: Relations, table: Table, text: str) -> dict[str, int]:
    """Return how cells are written, every digit a 9, and how many are written so."""
    rows = relations.rows(
        f"SELECT translate(lower(v), '012345678', '999999999') AS mask, count(*) "
        f"FROM (SELECT {text} AS v FROM {quoted(table.name)}) WHERE v IS NOT NULL "
        f"GROUP BY mask ORDER BY 2 DESC, 1 LIMIT {MOST_MASKS}"
    )
    return {str(mask): int(cells) for mask, cells in rows}


@dataclass(frozen=True, slots=True)
class _Proof:
    """How many cells prove each mark to be the one before the decimals, and how many could be read with either."""

    comma: int
    point: int
    open_comma: int
    open_point: int


def _proof(masks: Mapping[str, int]) -> _Proof:
    counts: Counter[str] = Counter()
    for mask, cells in masks.items():
        number = re.search(rf"9[9.,'{_ALIKE[:4]}\s]*|[.,]9+", mask)
        if number is not None:
            counts[_proves(number.group().rstrip())] += cells
    return _Proof(counts[","], counts["."], counts["?,"], counts["?."])


def _proves(number: str) -> str:
    """Return the mark that a number, its digits all 9, proves to stand before decimals; `?` and the mark if it may."""
    marks = [letter for letter in number if letter in ".,"]
    if not marks:
        return ""
    last = marks[-1]
    if len(marks) == 1:
        return f"?{last}" if re.fullmatch(r"9{1,3}[.,]999", number) else last
    # The same mark twice parts thousands; of two different ones the last stands before the decimals.
    return _other(last) if set(marks) == {last} else last


def _other(mark: str) -> DecimalMark:
    return "." if mark == "," else ","


def _settled_mark(relations: Relations, table: Table, column: str, masks: Mapping[str, int]) -> DecimalMark:
    proof = _proof(masks)
    if proof.comma or proof.point:
        mark: DecimalMark = "," if proof.comma > proof.point else "."
        cells = min(proof.comma, proof.point)
        if cells:
            said = f"Read with {mark!r} before the decimals, as most cells have it; --decimal says otherwise."
            keep(relations, "two-decimal-marks", table, column, cells, said)
        return mark
    if proof.open_comma or proof.open_point:
        return _open_mark(relations, table, column, proof)
    return "."


def _open_mark(relations: Relations, table: Table, column: str, proof: _Proof) -> DecimalMark:
    """Return the mark before decimals where marked cells are all like 1.234: the other, unless one begins with 0."""
    shown: DecimalMark = "," if proof.open_comma > proof.open_point else "."
    begins_with_nothing = literal(rf"(?:^|[^0-9.,])0+\{shown}[0-9]{{3}}(?:[^0-9]|$)")
    (decimals,) = relations.row(
        f"SELECT count(*) FROM {quoted(table.name)} WHERE regexp_matches({text_of(column)}, {begins_with_nothing})"
    )
    if decimals:
        return shown
    cells = proof.open_comma + proof.open_point
    said = f"Read with {shown!r} between thousands, as nothing shows its meaning; before decimals: --decimal {shown}"
    keep(relations, "ambiguous-number", table, column, cells, said)
    return _other(shown)


def _amount(even: str, mark: DecimalMark) -> str:
    """Return the expression of the number in an even text, its parts put together as a program would write it."""
    group = r"[.' ]" if mark == "," else r"[,' ]"
    whole = rf"\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}|\d+"
    number = rf"({whole})?(?:\{mark}(\d+)?)?(e[+-]?\d+)?"
    money, size = _any_of(lexicon().currencies), _any_of(lexicon().sizes)
    pattern = rf"^(\()?([+-])? ?{money}? ?([+-])? ?{number} ?({size})? ?{money}? ?(%)?([+-])?(\))? ?{money}?$"
    names = ("open", "s1", "s2", "whole", "frac", "power", "size", "percent", "s3", "closed")
    parts = f"regexp_extract({even}, {literal(pattern)}, [{', '.join(map(literal, names))}])"
    times = f"CASE WHEN g.percent <> '' THEN -2 ELSE coalesce({_map(lexicon().sizes)}[g.size], 0) END"
    power = f"CASE WHEN g.power <> '' THEN g.power ELSE 'e' || ({times})::VARCHAR END"
    signs = "(g.s1 || g.s2 || g.s3)"
    sign = f"CASE WHEN g.open <> '' OR {signs} = '-' THEN '-' ELSE '' END"
    written = rf"{sign} || '0' || regexp_replace(g.whole, '\D', '', 'g') || '.' || g.frac || '0' || {power}"
    sound = f"(g.open = '') = (g.closed = '') AND length({signs}) <= 1 AND g.whole || g.frac <> ''"
    value = bound(f"try_cast({written} AS DOUBLE)", "n", "CASE WHEN isfinite(n) THEN n END")
    return bound(parts, "g", f"CASE WHEN {sound} THEN {value} END")


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))})"
