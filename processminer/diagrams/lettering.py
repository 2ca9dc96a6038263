"""How much room text takes, and how it is made to fit, without asking any font."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from processminer.words import say_days

_ASCII = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
)  # fmt: skip
"""Advance widths of the printable ASCII characters in DejaVu Sans, in thousandths of the size.

It is the widest of the fonts that `sans-serif` usually stands for: what fits in it fits in Arial and Helvetica."""
_BOLD = 1.13
"""Bold letters are so much wider."""
_JOINS = ("Mn", "Me", "Cf")


@lru_cache(maxsize=4096)
def _advance(letter: str) -> int:
    code = ord(letter)
    if 32 <= code < 127:
        return _ASCII[code - 32]
    category = unicodedata.category(letter)
    if category in _JOINS:
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1300 if category == "So" else 1000
    return 1000 if category in ("So", "Sm") or letter == "…" else 780 if letter.isupper() else 660


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line of text, in the unit of its size; rather too wide than too narrow."""
    return sum(map(_advance, text)) * size / 1000 * (_BOLD if bold else 1)


def shorten(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return the text, cut and ended by an ellipsis if it would be wider than `width`."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size, bold=bold) > width:
        kept = kept[:-1]
    # A joiner or an accent left alone at the cut would change the letter before it.
    while kept and unicodedata.category(kept[-1]) in _JOINS:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrap(text: str, width: float, size: float, *, lines: int = 2, bold: bool = False) -> list[str]:
    """Break the text between words into at most so many lines; what does not fit is shortened."""
    wrapped = [""]
    for word in text.split():
        longer = f"{wrapped[-1]} {word}".strip()
        if not wrapped[-1] or len(wrapped) == lines or text_width(longer, size, bold=bold) <= width:
            wrapped[-1] = longer
        else:
            wrapped.append(word)
    return [shorten(line, width, size, bold=bold) for line in wrapped]


_UNITS = {"day": "d", "hour": "h", "minute": "min"}


def short_days(days: float | None) -> str:
    """Say a length of time in the room of a label.

    >>> short_days(2.26), short_days(0.25), short_days(0.0002), short_days(None)
    ('2.3 d', '6 h', '< 1 min', '?')
    """
    if days is None:
        return "?"
    if days < 0.5 / 1440:
        return "< 1 min"
    amount, unit = say_days(days).split()
    return f"{amount} {_UNITS[unit.rstrip('s')]}"


def short_count(count: int) -> str:
    """Say a count in the room of a label.

    >>> short_count(1240), short_count(98765), short_count(1_234_567)
    ('1,240', '98.8k', '1.2M')
    """
    if count >= 999_950:
        return f"{count / 1e6:.1f}M"
    return f"{count:,}" if count < 10_000 else f"{count / 1e3:.1f}k"
