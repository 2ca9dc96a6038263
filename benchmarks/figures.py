"""What every tool must find in the same log before its time counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and times in an order, and in units, that do not depend on the tool."""

    edges: list[tuple[str, str, int, int]]
    """Source, target, count, and the median time between them in half seconds: whole, since all times are seconds."""
    variants: list[tuple[int, str]]
    """Deals and path of every variant."""
    lead_seconds: float
    """Median of first to last event over all deals."""
