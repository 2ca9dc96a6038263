"""How thick a line is drawn, and how large its arrowhead."""

from __future__ import annotations

from math import sqrt

THINNEST, THICKEST = 1.2, 6.0


def thickness(count: int, most: int) -> float:
    """Return the width of a line from its count alone: its square root, so that rare moves stay visible."""
    return THINNEST + (THICKEST - THINNEST) * sqrt(count / most) if most else THINNEST


def head(width: float) -> tuple[float, float]:
    """Return length and half breadth of the arrowhead of a line of this width."""
    return (6.5 + width * 0.7, 3.4 + width * 0.6)
