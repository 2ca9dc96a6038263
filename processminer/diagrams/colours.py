"""The palette, and which of its colours a number gets.

The hues stay apart under simulated deuteranopia and protanopia and in greyscale; each keeps a contrast of at least
3 to 1 on white as a line, and 4.5 to 1 as text.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Colouring = Literal["frequency", "days", "playbook"]
COLOURINGS: tuple[Colouring, ...] = ("frequency", "days", "playbook")

INK = "#1e293b"
QUIET = "#52606f"
SLATE = "#64748b"
BLUE = "#0072B2"
VERMILION = "#D55E00"
VERMILION_TEXT = "#b34700"
WON = "#00785a"
AMBER = "#a8750a"
HAIR = "#cbd5e1"
PAPER = "#ffffff"
LOSS_GROUND = "#fdf1e7"
BADGE_GROUND = "#e8eef5"
UNUSED = "#8a97a8"

FREQUENCY_RAMP = ("#8a97a8", "#64748b", "#27364a")
DAYS_RAMP = ("#a08d7c", "#c4500f", "#8c2d04")


def thirds(values: Iterable[float]) -> tuple[float, float]:
    """Return the two values that part the given ones into thirds by rank, so that no outlier can turn the scale.

    Nearest rank (Hyndman & Fan 1996, type 1). Without values both are 0.

    >>> thirds([1, 2, 3, 4, 5, 10_000])
    (2, 4)
    """
    ranked = sorted(values)
    if not ranked:
        return (0.0, 0.0)
    count = len(ranked)
    return (ranked[-(-count // 3) - 1], ranked[-(-2 * count // 3) - 1])


def shade(value: float, limits: tuple[float, float], ramp: Sequence[str]) -> str:
    """Return the ramp's colour for a value: the first up to the first limit, the last above the second."""
    return ramp[bisect_left(limits, value)]
