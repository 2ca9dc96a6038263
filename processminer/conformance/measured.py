"""What is measured of deals against a playbook as a whole: how well it fits, how much of it is used, who leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from processminer.playbook.parts.upkeep import DeviationKind
    from processminer.statistics.interval import Interval


@dataclass(frozen=True, slots=True)
class Group:
    """Deals that have something in common, and how they keep to the playbook."""

    attribute: str
    """`owner`, the name of an attribute of the log, or `quarter` (in which the deals closed)."""
    value: str | None
    """None for the deals of groups that are too small to be told by themselves."""
    groups: int
    """1, or how many small ones are told together."""
    deals: int
    fitness: float
    """Mean over these deals."""
    violating: int
    share: Interval
    """violating / deals, Wilson."""


@dataclass(frozen=True, slots=True)
class QuarterTrend:
    """Whether the share of deals that leave the playbook changes from quarter to quarter of their close."""

    quarters: int
    deals: int
    change: Interval
    """Of the share, by quarter."""
    p_value: float
    """Cochran (1954), Armitage (1955), two-sided."""


@dataclass(frozen=True, slots=True)
class Generalisation:
    """Whether the newest deals fit the playbook as well as those before them."""

    newest: int
    rest: int
    difference: Interval
    """Mean fitness of the newest 30 % of deals by their begin, minus that of the rest (Welch, 1947)."""
    newest_open: int
    """Of the newest: deals still open, which have had less time to leave the playbook."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures of deals with a path against the playbook; accepted deviations are set aside."""

    deals: int
    fitness: Interval | None
    """Mean over deals; None where there are none. Limits by the normal approximation."""
    value_fitness: float | None
    """Mean over amounts; None where no deal has one."""
    value_deals: int
    """Deals with an amount above nothing in `currency`: those that `value_fitness` is about."""
    currency: str | None
    """The currency of most deals with an amount."""
    moves_allowed: int
    """Moves that the newest playbook allows, beginnings and wins included."""
    moves_used: int
    """Those of them that any deal took."""
    precision: float | None
    """Of what might follow at a stage, the share that ever follows, weighted by how often deals are there."""
    visits: int
    """Those weights, summed."""
    generalisation: Generalisation | None
    """None where either side has fewer than two deals."""
    owners: tuple[Group, ...]
    """The most deals first."""
    segments: tuple[Group, ...]
    quarters: tuple[Group, ...]
    """In their order; deals that closed at a moment of their own."""
    trend: QuarterTrend | None


@dataclass(frozen=True, slots=True)
class Concentration:
    """A group in which a deviation is more frequent than among the other deals that came to it, beyond chance."""

    attribute: str
    value: str
    deals: int
    """Deals of the group that deviated."""
    reached: int
    """Deals of the group for which the obligation came due."""
    rest_deals: int
    rest_reached: int
    p_value: float
    q_value: float
    """The false discovery rate at which it is told, among all groups of all deviations (Benjamini & Hochberg, 1995)."""


@dataclass(frozen=True, slots=True)
class DealMove:
    """One way in which a deal left the playbook, and when."""

    moment: datetime | None
    """In UTC; see `put_moments` for which moment it is."""
    kind: DeviationKind
    subject: str
    stage: str | None
    days_over: float | None
    """For a time limit: by how many days at most."""
    accepted: bool


@dataclass(frozen=True, slots=True)
class DealTold:
    """What one deal did against the playbook."""

    deal: str
    owner: str | None
    verdict: str
    sentence: str
    """In the order of its moves, such as `skipped Demo; 12 days over the limit in Proposal`."""
    moves: tuple[DealMove, ...]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A deviation that the playbook accepts, and the deals that it accepted it of."""

    kind: DeviationKind
    subject: str
    because: str
    until: date | None
    where: str
    """The deals it is for, in words; empty if all."""
    deals: int
    """Deals that deviated in this way and are excused by it; of several acceptances the first excuses a deal."""
    expired: bool
    """Whether its last day has passed at `as_of`: then nothing is excused by it."""
    matches: int
    """Deals that deviated in this way and that it is for, whether it has expired, or another excused them, or not."""
    unknown: tuple[str, ...]
    """Attributes of `where` that the log does not know."""
    line: int | None
