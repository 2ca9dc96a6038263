"""A proposed change of the playbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from processminer.findings.finding import Grade
    from processminer.playbook.edits import Edit
    from processminer.statistics.interval import Interval

RevisionKind = Literal[
    "make-stage-optional", "remove-stage", "add-stage", "require-stage", "allow-skip", "forbid-skip", "allow-return",
    "limit-returns", "add-exit-criterion", "require-task", "drop-task", "add-task", "set-time-limit", "give-up-rule",
    "check-earlier", "set-probability", "set-handover-limit", "add-alias", "merge-stages", "split-by-segment",
]  # fmt: skip

Corner = Literal["time", "cost", "quality", "flexibility"]
"""The four measures of a process of which each change pays with one (the devil's quadrangle: Brand & van der Kolk,
1995; Reijers & Liman Mansar, 2005)."""


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """How a revision is tried so that it can fail: by teams, one after the other, and judged on a day told before."""

    design: str
    """Who changes and who stays as they are."""
    measure: str
    """What is compared, from which moment, within how many days."""
    needed_deals: int | None
    """Deals of both kinds in all; None where no number of deals decides it."""
    judged_on: date | None
    """When so many have come, at the pace of the log, and been followed; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What must be true for an end of a predicted range to come about."""

    low: str
    high: str


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
    crude: Interval | None = None
    """The difference of the share won with nothing held equal; never an argument, told beside the adjusted one."""
    older: Interval | None = None
    """The adjusted difference among the older deals, which found it; the effect rests on the newest ones."""
    population: str = ""
    """The deals that the effect is about, as a phrase."""
    beliefs: Mapping[str, Belief] = field(default_factory=dict[str, "Belief"])
    """By measure, what each end of its range needs."""
    pays: tuple[Corner, ...] = ()
    plan: TrialPlan | None = None
    migration: tuple[str, ...] = ()
    """What to do in the CRM and in reports on the day it comes into force."""
    examples: tuple[str, ...] = ()
    """A few of the deals behind it."""
    conflicts: tuple[str, ...] = ()
    """Ids of the revisions that cannot be applied together with it."""

    @property
    def against(self) -> str:
        """What its test speaks against, as the end of a clause; empty where that is "it makes no difference"."""
        return " against its being worth 5 points or more" if self.kind in DISPENSABLE and self.q is not None else ""


DISPENSABLE: frozenset[RevisionKind] = frozenset({"make-stage-optional", "drop-task", "allow-skip"})
"""Kinds that rest on a test that what people may leave out is not worth much, and not on a gain."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A change that this log can neither support nor rule out."""

    kind: RevisionKind
    subject: str
    needed_deals: int
    """Eligible deals in all that would settle it."""
    because: str
    there_on: date | None = None
    """When so many will be there at the pace of the log; None where that is not known."""
