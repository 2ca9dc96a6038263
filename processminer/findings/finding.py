"""What a rule says: what, where, how bad, how sure, and on which numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["high", "medium", "low"]
Grade = Literal["A", "B", "C", "D"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ground a finding stands on."""

    population: str
    """Which deals were looked at, and what was left out."""
    n: int
    of: int
    """n deals of so many that could have shown it."""
    share: tuple[float, float, float] | None
    """Estimate, low, high (Wilson, 95 %)."""
    numbers: Mapping[str, float | int | str | None]
    """Whatever else the message rests on, by a speaking name."""
    examples: tuple[str, ...]
    """A few deal ids."""
    command: str
    """The one command that prints the numbers again; a rule says LOG and PLAYBOOK, a study what they are called."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An opinion with its ground."""

    id: str
    """F1, F2, ... in the order of the report."""
    rule: str
    subject: str
    severity: Severity
    grade: Grade
    """A: from an experiment or as good; B: adjusted and significant; C: a pattern, described; D: too few deals."""
    message: str
    evidence: Evidence
