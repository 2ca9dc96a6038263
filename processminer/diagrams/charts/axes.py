"""Axes: round marks for lengths, shares, counts and dates, and where a value stands between two ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10
from typing import TYPE_CHECKING

from processminer.diagrams.charts.paper import SIZE, write_text
from processminer.diagrams.colours import GRID, QUIET
from processminer.diagrams.lettering import text_width
from processminer.diagrams.markup import add, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

Mark = tuple[float, str]
"""A value and how it is written."""

_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Axis:
    """Values to pixels: `low` stands at `start`, `high` at `end`; an upright axis starts below where it ends."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value stands; what lies beyond an end stands at it."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return self.start + (self.end - self.start) * min(1.0, max(0.0, share))


def round_marks(most: float, many: int = 6) -> list[float]:
    """Return round values from 0 to `most`, at most so many steps.

    >>> round_marks(100, 5), round_marks(0.7, 4)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [0.0, 0.2, 0.4, 0.6])
    """
    raw = most / many
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-9))
    return [round(place * step, 9) for place in range(int(most / step + 1e-9) + 1)]


def share_marks(most: float = 1.0) -> list[Mark]:
    """Return shares from 0 on, said in per cent."""
    marks = round_marks(most, 5)
    return [(share, f"{round(100 * share, 6):g} %") for share in marks]


def count_marks(most: float, many: int = 5) -> list[Mark]:
    """Return whole numbers from 0 on."""
    return [(value, f"{value:,.0f}") for value in round_marks(max(most, 1.0), many) if value == round(value)]


def length_marks(days: float, many: int = 6) -> tuple[list[Mark], str]:
    """Return lengths of time from 0 on, given in days, and the unit in which they are said.

    >>> length_marks(40, 4)[0][-1], length_marks(0.5)[1], length_marks(0.01)[1]
    ((40.0, '40'), 'hours', 'minutes')
    """
    unit, scale = next((u, s) for u, s in (("days", 1), ("hours", 24), ("minutes", 1440)) if days * s >= 2 or s > 24)
    return [(mark / scale, f"{round(mark, 6):,g}") for mark in round_marks(days * scale, many)], unit


def date_marks(first: date, last: date, many: int = 6) -> list[Mark]:
    """Return the first days of months between two days as ordinals, at most so many; weeks where months are too few.

    >>> [said for _, said in date_marks(date(2025, 11, 3), date(2026, 4, 1))]
    ['Dec', '2026', 'Feb', 'Mar', 'Apr']
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    if months < 3:
        return _week_marks(first, last, many)
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months / step <= many), 240)
    return list(_month_marks(first, last, step))


def _month_marks(first: date, last: date, step: int) -> Iterator[Mark]:
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = date(month // 12, month % 12 + 1, 1)
        if month % step == 0 and first <= day <= last:
            yield day.toordinal(), str(day.year) if day.month == 1 else _SHORT[day.month - 1]


def _week_marks(first: date, last: date, many: int) -> list[Mark]:
    monday = first + timedelta(days=-first.weekday() % 7)
    weeks = max(0, (last - monday).days // 7)
    step = max(1, -(-(weeks + 1) // many))
    days = [monday + timedelta(days=7 * week) for week in range(0, weeks + 1, step)]
    return [(day.toordinal(), f"{day.day} {_SHORT[day.month - 1]}") for day in days if day <= last]


def draw_across(parent: Element, axis: Axis, marks: Sequence[Mark], top: float, bottom: float, said: str = "") -> None:
    """Draw upright grid lines with their marks below them, those left out that would run into another."""
    free = float("-inf")
    room = axis.end + 19
    for value, text in marks:
        x, half = axis.at(value), text_width(text, SIZE - 1) / 2
        add(parent, "path", d=f"M{number(x)} {number(top)}V{number(bottom)}", stroke=GRID, stroke_width=1)
        if x - half > free and x + half <= room:
            write_text(parent, text, x, bottom + 15, ink=QUIET, anchor="middle", size=SIZE - 1)
            free = x + half + 5
    if said:
        write_text(parent, said, axis.end, bottom + 30, ink=QUIET, anchor="end", size=SIZE - 1)


def draw_up(parent: Element, axis: Axis, marks: Sequence[Mark], left: float, right: float) -> None:
    """Draw level grid lines with their marks to the left."""
    for value, text in marks:
        y = axis.at(value)
        add(parent, "path", d=f"M{number(left)} {number(y)}H{number(right)}", stroke=GRID, stroke_width=1)
        write_text(parent, text, left - 6, y + 4, ink=QUIET, anchor="end", size=SIZE - 1)
