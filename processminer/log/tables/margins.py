"""Where a table begins and ends among the rows of a report: titles stand above the column names, totals below."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOKED_AT = 60
"""Rows in which the column names must stand."""

LONGEST_FOOT = 20
"""Rows below a table. More than that, all alike, are rows of the table."""

MOST = 0.7
"""Share of the usual cells that a row must fill to be the column names; a title fills one or two."""

_VALUE = re.compile(
    r"[-+(]?[\d.,'\u2019\s]*\d[\d.,'\u2019\s]*[)%€$£¥]?|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}([T ,].*)?|true|false",
    re.IGNORECASE,
)
"""What is a number, a date or a yes: the cell of a row, hardly the name of a column."""


def header_at(rows: Sequence[Sequence[str]]) -> int | None:
    """Return which of the first rows names the columns, None where all are empty.

    It is the first that fills about as many cells as the rows below it and holds no plain values; a first row that
    fills the table's width is taken as it is.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    places = [at for at, cells in enumerate(filled) if cells]
    if not places:
        return None
    first = places[0]
    widths = Counter(len(row) for row, cells in zip(rows, filled, strict=True) if cells > 1)
    if not widths:
        return first
    width = max(widths, key=lambda one: (widths[one], one))
    if len(rows[first]) == width == filled[first]:
        return first
    usual = sorted(cells for row, cells in zip(rows, filled, strict=True) if cells > 1 and len(row) == width)
    least = max(2.0, MOST * usual[len(usual) // 2])
    able = [at for at in places if filled[at] >= least and len(rows[at]) >= MOST * width]
    named = [at for at in able if not any(_VALUE.fullmatch(cell.strip()) for cell in rows[at])]
    return next(iter(named or able), first)


def foot_length(rows: Sequence[Sequence[str | None]], width: int) -> int:
    """Return how many of the last rows of a table stand below it: totals, notices, the mark of the program.

    Such a row fills one cell of a table of three columns or more, or begins with a word for totals and the like and
    leaves half of its cells empty. `rows` are the last rows, in order.
    """
    foot = 0
    for back, row in enumerate(reversed(rows), 1):
        cells = [cell.strip() for cell in row if cell is not None and cell.strip()]
        if not _may_stand_below(cells, width):
            break
        if cells:
            foot = back
    return 0 if foot > LONGEST_FOOT or foot == len(rows) else foot


def _may_stand_below(cells: Sequence[str], width: int) -> bool:
    if len(cells) <= 1:
        return width >= 3 or not cells
    return len(cells) <= max(2, width / 2) and _foot_words().search(cells[0]) is not None


@cache
def _foot_words() -> re.Pattern[str]:
    lines = resources.files("processminer.log.tables").joinpath("foot_words.txt").read_text(encoding="utf-8")
    words = [line for line in lines.splitlines() if line and not line.startswith("#")]
    return re.compile(rf"^\W*({'|'.join(re.escape(word) for word in words)})(?!\w)", re.IGNORECASE)
