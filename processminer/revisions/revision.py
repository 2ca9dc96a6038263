"""A proposed change of the playbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.findings.finding import Grade
    from processminer.playbook.edits import Edit
    from processminer.statistics.interval import Interval

RevisionKind = Literal[
    "make-stage-optional", "remove-stage", "add-stage", "require-stage", "allow-skip", "forbid-skip", "allow-return",
    "limit-returns", "add-exit-criterion", "require-task", "drop-task", "add-task", "set-time-limit", "give-up-rule",
    "check-earlier", "set-probability", "set-handover-limit", "add-alias", "merge-stages", "split-by-segment",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revision:
    """The smallest edit that answers a finding, with what it rests on and what would refute it."""

    id: str
    """R1, R2, ... in the order of the report."""
    kind: RevisionKind
    subject: str
    grade: Grade
    because: tuple[str, ...]
    """Ids of the findings it answers."""
    n: int
    """Deals it rests on."""
    q: float | None
    """Adjusted p-value; None where nothing was tested."""
    effect: Mapping[str, Interval]
    """Measure (win_rate, won_cycle_days) to its predicted change; empty where it cannot be estimated."""
    why: str
    losers: str
    """Who or what pays for it."""
    refutation: str
    """What would show it to be wrong."""
    trial: str
    """How to try it."""
    edits: tuple[Edit, ...]
    diff: str
    """Unified diff of this revision alone."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A change that this log can neither support nor rule out."""

    kind: RevisionKind
    subject: str
    needed_deals: int
    """Eligible deals in all that would settle it."""
    because: str
