"""A sales organisation that does not exist: what is true in it, and everything that can happen to one of its deals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

START = datetime(2024, 1, 1)  # noqa: DTZ001 - a Monday; the organisation's clock knows no zone
AS_OF = datetime(2026, 6, 30, 18)  # noqa: DTZ001
DAY = 86_400
AS_OF_SECOND = int((AS_OF - START).total_seconds())
FORGOTTEN = 200 * DAY
"""A deal that died longer ago than this and is still open was abandoned."""

STAGES = ("Prospecting", "Qualification", "Discovery", "Demo", "Proposal", "Negotiation")
"""What the playbook declares, in its order."""
REVIEW = "Security Review"
WON, LOST = "Closed Won", "Closed Lost"
OWNERS = 12

Segment = Literal["SMB", "Mid-market", "Enterprise"]
Source = Literal["Web", "Outbound", "Event", "Partner", "Referral"]


@dataclass(frozen=True, slots=True)
class World:
    """What is true in the organisation: each share can be set alone, 0 for never, 1 for always."""

    seed: int = 10
    deals: int = 3000
    skips_demo: float = 0.40
    """Of deals going on from Discovery; more in Enterprise and by owner's habit, never by the deal's prospects."""
    lost_in_demo: float = 0.078
    """Of deals that come to Demo, good and bad ones alike. That is all it does: later on, nobody misses it."""
    security_review: float = 0.32
    """Of deals going on from Proposal; more in the larger segments."""
    returns_to_discovery: float = 0.20
    """Of deals that reach Proposal, once each."""
    returns_to_qualification: float = 0.0
    """Of deals that reach Negotiation, once each."""
    negotiation_days: float = 30.0
    """Median stay in Negotiation."""
    negotiation_most: float = 120.0
    """Longest stay in Negotiation, in days."""
    brochure: float = 0.45
    """Of stays in Qualification; by owner's habit alone."""
    dinner: float = 0.80
    """Of stays in Proposal of Enterprise deals; less in the smaller segments."""
    task_done: float = 0.985
    """Of stays in Qualification with a discovery call, and of stays in Demo with a demo."""
    proposal_sent: float = 0.97
    """Of stays in Proposal."""
    qualified: float = 0.985
    """Of deals leaving Qualification: those with at least three of the four BANT fields."""
    abandoned: float = 0.04
    """Of all deals: long dead, and nobody closed them."""
    clicked_through: float = 0.015
    """Of stays in Prospecting and Discovery: entered and left within one second."""


def conforming(world: World) -> World:
    """Return the same organisation keeping every rule of the shipped playbook and using every move it allows."""
    return replace(
        world, skips_demo=0.0, security_review=0.0, returns_to_discovery=0.0, returns_to_qualification=0.08,
        negotiation_days=5.0, negotiation_most=11.0, brochure=1.0, dinner=0.0, task_done=1.0, proposal_sent=1.0,
        qualified=1.0, abandoned=0.0,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a stage, in seconds since `START`, whether or not its end was ever recorded."""

    stage: str
    entered: int
    left: int

    @property
    def days(self) -> float:
        """How long it lasted."""
        return (self.left - self.entered) / DAY


@dataclass(frozen=True, slots=True)
class Touch:
    """An activity and the second at which it is done, or was meant to be done."""

    at: int
    kind: str
    subject: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of one field that leaves the deal in its stage."""

    at: int
    field: Literal["Amount", "CloseDate", "Probability"]
    by: float
    """A factor for Amount, days for CloseDate, points for Probability."""


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal and its whole life, also what lies beyond `AS_OF`."""

    number: int
    segment: Segment
    source: Source
    owner: int
    amount: int
    """At creation."""
    priced_at_creation: bool
    visits: tuple[Visit, ...]
    won: bool
    """How it ends, whenever that is."""
    abandoned: bool
    """It is dead, but nobody closed it."""
    touches: tuple[Touch, ...]
    changes: tuple[Change, ...]
    bant: tuple[bool, bool, bool, bool]

    @property
    def history(self) -> tuple[tuple[int, str], ...]:
        """Seconds and names of the stages entered until `AS_OF`, the outcome included."""
        steps = [(visit.entered, visit.stage) for visit in self.visits]
        if not self.abandoned:
            steps.append((self.visits[-1].left, WON if self.won else LOST))
        return tuple(step for step in steps if step[0] <= AS_OF_SECOND)

    @property
    def path(self) -> tuple[str, ...]:
        """Names of the stages entered until `AS_OF`, the outcome included."""
        return tuple(stage for _, stage in self.history)

    @property
    def outcome(self) -> Literal["won", "lost", "open"]:
        """How it stands at `AS_OF`."""
        last = self.path[-1]
        return "won" if last == WON else "lost" if last == LOST else "open"
