"""Numbers that carry their uncertainty: of stages, of wins, and of what a stage would gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from processminer.statistics.interval import Interval


@dataclass(frozen=True, slots=True)
class Exit:
    """Where deals go from a stage: one of several competing next stages."""

    target: str
    kind: Literal["open", "won", "lost"]
    probability: Interval
    """Aalen-Johansen cumulative incidence at `tau`."""


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long deals stay in a stage, open stays counted as censored. Lengths are in days."""

    stage: str
    deals: int
    visits: int
    open: int
    """Stays that had not ended at `as_of`."""
    median_days: float | None
    """Kaplan-Meier; None where it is not reached."""
    p90_days: float | None
    quartiles: tuple[float | None, float | None, float | None, float | None, float | None]
    """p10, p25, p50, p75, p90."""
    mean_days: Interval
    """Restricted mean up to `tau`."""
    tau_days: float
    grid: Literal["day", "hour", "minute"]
    share_of_deal_days: float
    """Of all days that deals spent in stages up to `as_of`."""
    share_of_losses: float
    """Of the lost deals with a path, those lost from here."""
    exits: tuple[Exit, ...]
    """The likeliest first."""
    median_limits: tuple[float | None, float | None] = (None, None)
    """95 % limits of the median (Brookmeyer & Crowley, 1982); None where not reached."""
    late: int = 0
    """First stays that had begun before the history did, at risk only from the age at which they came to be seen."""
    begin_unknown: int = 0
    """First stays that had begun before the history did, nobody knows when: they have no length here."""


@dataclass(frozen=True, slots=True)
class WinRate:
    """Share of deals won, with the definition that makes it comparable."""

    rate: Interval
    won: int
    closed: int
    definition: str
    within: Interval | None = None
    """Share of all deals with a path, open ones too, won within `within_days` of their first event."""
    within_days: float | None = None


@dataclass(frozen=True, slots=True)
class ValueGain:
    """The change of the value won within the time, if deals advanced from a stage faster."""

    a_deal: Interval
    """Per new deal whose amount is known, in `currency`, with 95 % bootstrap limits."""
    a_week: Interval
    """Per week at the present arrivals, if deals without an amount are worth as much as the others."""
    base_a_deal: float
    """What a new deal brings within the time as things are, those that are not won as 0."""
    base_a_week: float
    currency: str | None
    deals: int
    """Deals whose beginning was seen and whose amount is known."""


@dataclass(frozen=True, slots=True)
class StageGain:
    """The change of the share of new deals won within `within_days`, if deals advanced from a stage faster."""

    stage: str
    gain: Interval
    """In points of the win share (0.02: two more wins of a hundred new deals), with 95 % bootstrap limits."""
    rank_1: float
    """The share of resamples in which no other stage gains more."""
    base: float
    """The share won within the time as things are."""
    within_days: float
    deals: int
    """Deals whose beginning was seen."""
    times_faster: float
    """At so many times the rate of now deals are taken to go on from the stage."""
    wins_a_week: Interval | None = None
    """The throughput that this adds: wins within the time of the deals that begin in a week, at the present arrivals,
    with 95 % limits that hold the chance of the arrivals too; None where no arrivals were counted."""
    base_wins_a_week: float | None = None
    """The same as things are."""
    value: ValueGain | None = None
    """None where no amount is known."""
