"""The stage flow that really happened, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.discovery.silence import Silence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from processminer.log.eventlog import EventLog, StageClass


@dataclass(frozen=True, slots=True)
class Totals:
    """How the deals of the log stand at `as_of`."""

    deals: int
    won: int
    lost: int
    open: int
    excluded: Mapping[str, int]
    """Deals that are counted above but left out of paths and times, by reason."""
    since: datetime | None = None
    """The first dated event of any deal."""


@dataclass(frozen=True, slots=True)
class StageFlow:
    """What passed through one stage (terminal stages included, so that every move has two ends)."""

    stage: str
    kind: StageClass
    deals: int
    """Deals that ever visited it."""
    visits: int
    open: int
    """Open deals that are in it at `as_of`."""
    starts: int
    """Deals whose path begins here."""
    lost_here: int
    """Deals lost straight from it (by their deciding terminal event)."""
    won_here: int
    won: int
    """Deals that visited it and were won in the end."""
    lost: int


@dataclass(frozen=True, slots=True)
class Move:
    """One stage directly after another: an edge of the directly-follows graph."""

    source: str
    target: str
    count: int
    deals: int
    median_days: float
    """From entering the source to entering the target; of timed stays, of all where none is."""
    won: int
    """Deals with this move that were won in the end."""
    lost: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A path of stages shared by deals, terminal stage included, with how those deals ended."""

    path: tuple[str, ...]
    deals: int
    won: int
    lost: int
    open: int
    example: str
    """The first deal_id, in alphabetical order, that took it."""


@dataclass(frozen=True, slots=True)
class TaskCount:
    """An activity that was logged for deals: a touch point."""

    name: str
    events: int
    deals: int
    won: int
    """Deals with it that were won in the end."""
    stage: str | None
    """The stage in which most of its events fell."""


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from first event to outcome of the deals that closed (plain counts: nothing is estimated here)."""

    outcome: str
    deals: int
    median_days: float


@dataclass(frozen=True, slots=True)
class Discovery:
    """What happened, counted; everything later is aggregated from these and from the relations below.

    Relations it adds to those of the log:

    - `stays(deal, position, stage, entered_at, left_at, next_stage, after_close, clicked, timed)`: one row a step of a
      path; stage and next_stage are codes of `stage_names`; left_at and next_stage are null for the last step;
      after_close marks steps at or after the terminal event that decided a closed deal (never used for stage times);
      clicked those left so soon that they have no time of their own; timed is
      false where the stay begins or ends at a moment
      that is not the deal's (`untimed_steps`), so that it has no length. position counts from 1.
    - `late_stays(deal, began_at, seen_at)`: deals whose first stay had begun before their history did; it came to be
      seen at seen_at, began_at is null where it is not known, and timed is false in `stays`. Usually empty.
    - `untimed_leads(deal)`: deals whose whole length is not known, for one of these reasons.
    - `variants(variant, path, deals, won, lost, open, close_step, first_deal)`: deals of one path (a list of codes)
      ended alike, at the same step; first_deal is the first of them by deal_id.
    - `deal_variants(deal, variant)`: which deal took which.
    """

    log: EventLog
    totals: Totals
    stages: tuple[StageFlow, ...]
    """In the log's stage order."""
    moves: tuple[Move, ...]
    """The most travelled first."""
    variants: tuple[Variant, ...]
    """All of them, the most frequent first, equal ones by path."""
    tasks: tuple[TaskCount, ...]
    lead_times: tuple[LeadTime, ...]
    silence: Silence = Silence(0, (), None)  # noqa: RUF009 - it is frozen
    """How long open deals have been without any event."""
