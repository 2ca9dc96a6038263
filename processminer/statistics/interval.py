"""An estimate and the limits it may lie between."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between two limits, 95 % unless its maker says otherwise."""

    estimate: float
    low: float
    high: float
