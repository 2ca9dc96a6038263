"""How far deals are from the playbook, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from processminer.conformance.measured import Acceptance, Concentration, DealTold, Measures
    from processminer.playbook.parts.upkeep import DeviationKind
    from processminer.statistics.interval import Interval

Verdict = Literal["kept", "broken", "pending", "unchecked"]

ObligationKind = Literal[
    "path",
    "start",
    "visits",
    "time-limit",
    "task",
    "entry-criterion",
    "exit-criterion",
    "owner",
    "handover",
    "silence",
    "contacts",
    "service",
    "loss-reason",
]
"""The kinds of rules that deals are held against."""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of an alignment."""

    kind: Literal["sync", "log", "model"]
    """A synchronous move, a move on log (done, not declared there), or a move on model (declared, not done)."""
    stage: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest explanation of one variant by the playbook."""

    path: tuple[str, ...]
    """Stages without the terminal one."""
    ending: Literal["won", "lost", "open"]
    """Lost and open paths are aligned to a prefix of what the playbook allows."""
    cost: int
    worst: int
    """Cost of having nothing in common: every move on log, plus the playbook's shortest way (none for a prefix)."""
    steps: tuple[Step, ...]

    @property
    def fitness(self) -> float:
        """1 for a path that the playbook allows, 0 for one that shares nothing with it."""
        return 1.0 if self.worst == 0 else 1.0 - self.cost / self.worst


@dataclass(frozen=True, slots=True)
class Deviation:
    """One way in which deals leave the playbook."""

    kind: DeviationKind
    subject: str
    """The stage, task or criterion by its declared name, or a move as `Proposal -> Discovery`."""
    deals: int
    reached: int
    """Deals for which the obligation came due: the denominator."""
    share: Interval
    """deals / reached, Wilson."""
    won: int
    lost: int
    open: int
    examples: tuple[str, ...]
    sentence: str
    """What a sales manager would say, standing alone."""
    line: int | None
    """Line of the playbook it refers to; null for what the playbook does not mention."""
    stage: str | None = None
    """The stage it concerns, for a task, a criterion or a limit."""
    version: str | None = None
    """The older version of the playbook by which it is one, where the newest no longer says it."""
    accepted: int = 0
    """Further deals that did it, of which the playbook accepts it: in none of the counts above."""
    amount: float | None = None
    """What the deals are worth, of those with an amount in `currency`; None where none has one."""
    currency: str | None = None
    valued: int = 0
    """How many deals `amount` sums."""
    first_seen: date | None = None
    last_seen: date | None = None
    others_won: int = 0
    """Of the deals that came to it and did not deviate: won."""
    others_lost: int = 0
    concentrations: tuple[Concentration, ...] = ()
    """Owners and segments in which it is more frequent than among other deals, the surest first."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """A required stage, or another rule of the playbook, and how the deals that it concerns stand.

    Whom it concerns is said where it is counted (`path_obligations.py` and `rules/` of this room); each of these deals
    is in one of the four counts.
    """

    kind: ObligationKind
    subject: str
    stage: str | None
    kept: int
    broken: int
    pending: int
    unchecked: int
    needs: str | None
    """What would make it checkable, if it cannot be checked with this log."""
    line: int | None
    warned: int = 0
    """Of the pending: deals that the playbook says somebody should look at by now."""
    now: int = 0
    """Of the broken: open deals that break it at this very moment."""
    note: str | None = None
    """What its verdicts rest on, where that is less than one would wish."""
    version: str | None = None
    """The older version of the playbook that has it, where the newest no longer does."""
    accepted: int = 0
    """Further deals that broke it, of which the playbook accepts it: in none of the counts above."""

    @property
    def reached(self) -> int:
        """Deals that kept or broke it: the denominator."""
        return self.kept + self.broken

    @property
    def share(self) -> Interval | None:
        """Share of `reached` that kept it, Wilson; None where no deal has come to keep or break it."""
        return wilson(self.kept, self.reached) if self.reached else None


@dataclass(frozen=True, slots=True)
class OverNow:
    """An open deal that is over the limit of the stage it is in."""

    deal: str
    stage: str
    owner: str | None
    amount: float | None
    currency: str | None
    days: float
    """In the stage, until now."""
    days_over: float


@dataclass(frozen=True, slots=True)
class OverLimit:
    """The open deals that are over a time limit right now."""

    deals: int = 0
    amount: float | None = None
    """What they are worth; None where no amount is known, or they are of several currencies."""
    currency: str | None = None
    longest: tuple[OverNow, ...] = ()
    """The longest over the limit first; at most twenty."""


@dataclass(frozen=True, slots=True)
class VersionShare:
    """How many deals with a path a version of the playbook judged."""

    version: str
    file: str
    valid_from: date | None
    deals: int


@dataclass(frozen=True, slots=True)
class Conformance:
    """The verdicts.

    Relations it adds: `deal_verdicts(deal, verdict VARCHAR, cost INTEGER, fitness DOUBLE)` (verdict: conforming,
    violating or pending; deals without a path are absent) and `deal_deviations(deal, kind VARCHAR, subject VARCHAR,
    stage VARCHAR)`. A deal is violating exactly if it has a deviation.
    """

    fitness: float
    """Mean over deals with a path; 1 if there are none."""
    deals_conforming: int
    deals_violating: int
    deals_pending: int
    """Open deals that have broken nothing so far."""
    deviations: tuple[Deviation, ...]
    """The most frequent first."""
    obligations: tuple[Obligation, ...]
    alignments: tuple[Alignment, ...]
    """One per distinct path and ending, the costliest first."""
    declared_moves: frozenset[tuple[str, str]]
    """Moves that the playbook allows, by declared names; terminal stages are included under their names in the log."""
    move_counts: Mapping[tuple[str, str], int]
    """How many deals took each declared move (0 where none did)."""
    over_limit: OverLimit = OverLimit()
    """Open deals over a time limit at `as_of`."""
    versions: tuple[VersionShare, ...] = ()
    """The versions of the playbook, newest first, each with the deals it judged."""
    before_any: int = 0
    """Deals that entered before any known version was in force; the oldest one judged them."""
    fitness_accepted: float | None = None
    """Mean over deals with a path, what is accepted forgiven; None where the playbook accepts nothing."""
    deals_accepted: int = 0
    """Of the conforming and pending deals: those that would be violating if nothing were accepted."""
    accepted: tuple[Acceptance, ...] = ()
    """What the playbook accepts, in its order."""
    measures: Measures | None = None
    """None where they were not asked for."""
    examples: tuple[DealTold, ...] = ()
    """What the deals did that deviations name as examples; empty where not asked for."""

    @property
    def asked_fitness(self) -> float:
        """The fitness that a gate asks for: with what is accepted forgiven."""
        return self.fitness if self.fitness_accepted is None else self.fitness_accepted
