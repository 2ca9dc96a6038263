"""A metric of the playbook, measured and held against its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from processminer.playbook.parts.metrics import Measure

Verdict = Literal["met", "missed", "cannot tell", "no target", "not measured", "people count it"]
"""`cannot tell`: the target lies within the limits. `not measured`: this log does not show it."""


@dataclass(frozen=True, slots=True)
class HeldMetric:
    """What a log says of a metric: an estimate with limits, and what that means for its target."""

    name: str
    measure: Measure | None
    """None for what people count themselves."""
    stage: str | None
    owner: str | None
    target: str | None
    """As the playbook says it."""
    unit: Literal["days", "share"]
    estimate: float | None
    low: float | None
    """95 % limits; None where not known."""
    high: float | None
    n: int
    """How many deals (stays, for a conversion) it rests on."""
    of: str
    """What was counted, as a phrase; for what is not measured, why."""
    verdict: Verdict
