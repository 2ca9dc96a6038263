"""Plain tables for a terminal: columns that line up, names cut where the screen ends, nothing hostile let through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.cells import cell_width, cut, pad, pad_left, wrap
from processminer.report.escape import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = "  "


def table(titles: Sequence[str], rows: Sequence[Sequence[object]], width: int, *, most: int | None = None) -> list[str]:
    """Return the lines of a table, numbers to the right, the widest text column cut where `width` would be exceeded.

    At most `most` rows are shown; a last line says how many are not.
    """
    shown = [[_cell(cell) for cell in row] for row in rows[:most]]
    right = [bool(rows) and isinstance(rows[0][column], (int, float)) for column in range(len(titles))]
    widths = [max(cell_width(line[column]) for line in ([*titles], *shown)) for column in range(len(titles))]
    over = sum(widths) + len(GAP) * (len(widths) - 1) - width
    if over > 0:
        widest = max((column for column in range(len(titles)) if not right[column]), key=lambda column: widths[column])
        widths[widest] = max(widths[widest] - over, 12)
    lines = [_line(line, widths, right) for line in ([*titles], *shown)]
    left = len(rows) - len(shown)
    return [*lines, f"... and {left:,} more"] if left else lines


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    laid = [
        pad_left(cut(cell, width), width) if to_right else pad(cut(cell, width), width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    ]
    return GAP.join(laid).rstrip()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}" if isinstance(value, float) else plain(str(value))


def paragraph(text: str, width: int, head: str = "") -> list[str]:
    """Return text wrapped beside its head."""
    return wrap(plain(text), width, head, " " * cell_width(head))
