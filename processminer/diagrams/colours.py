"""The palette, and which of its colours a number gets.

The hues stay apart under simulated deuteranopia and protanopia and in greyscale; each keeps a contrast of at least
3 to 1 on white as a line, and 4.5 to 1 as text.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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

GRID = "#e6ebf1"
TAIL, BODY = "#cdd7e2", "#8da3bb"
"""Of a strip: its ends, and its middle half."""
TINTS = ("#a9bdd3", "#d3dfeb")
"""Of layers upon each other, in turn."""
WON_GROUND, LOST_GROUND, LOST_HATCH = "#cfe8df", "#fbe3d2", "#f4c3a2"
WON_BOX, LOST_BOX = "#9fd0bf", "#f0b48a"
REACH = "#9cc9e6"
"""Of what may come."""

FREQUENCY_RAMP = ("#8a97a8", "#64748b", "#27364a")
DAYS_RAMP = ("#a08d7c", "#c4500f", "#8c2d04")

DARK: Mapping[str, str] = {
    INK: "#e5ebf2", QUIET: "#a9b6c6", SLATE: "#9aabbf", BLUE: "#56b0e8", VERMILION: "#f08040",
    VERMILION_TEXT: "#f59a5e", WON: "#3fbf96", AMBER: "#d9a441", HAIR: "#3a4759", PAPER: "#121a24",
    LOSS_GROUND: "#3a2415", BADGE_GROUND: "#26344a", UNUSED: "#7388a0", GRID: "#243041", TAIL: "#34455a",
    BODY: "#6f8aa8", TINTS[0]: "#48607d", TINTS[1]: "#31435a", WON_GROUND: "#173d33", LOST_GROUND: "#43260f",
    LOST_HATCH: "#7a4420", WON_BOX: "#2b7d66", LOST_BOX: "#a8642f", REACH: "#1f5b80", FREQUENCY_RAMP[2]: "#e1e8f0",
    DAYS_RAMP[0]: "#8d7b6b", DAYS_RAMP[1]: "#f07f3c", DAYS_RAMP[2]: "#ffb38a",
}  # fmt: skip
"""Each colour of a drawing on a dark page: grounds become dark and lines light, and what stood out still does."""


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
