"""How far deals are from the playbook, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.playbook.model import DeviationKind
    from processminer.statistics.interval import Interval

Verdict = Literal["kept", "broken", "pending", "unchecked"]


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


@dataclass(frozen=True, slots=True)
class Obligation:
    """A required stage, or a rule beside the path, and how the deals that it concerns stand.

    Whom it concerns is said where it is counted (`deviations.py` and `rules.py` of this room); each of these deals
    is in one of the four counts.
    """

    kind: Literal["path", "task", "time-limit", "exit-criterion", "other"]
    """other: a rule that is declared and not held against deals yet; its deals are all unchecked."""
    subject: str
    stage: str | None
    kept: int
    broken: int
    pending: int
    unchecked: int
    needs: str | None
    """What would make it checkable, if it cannot be checked with this log."""
    line: int | None


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
