"""What every rule beside the path is: its kind, what breaking it is called, and what its query reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar

from processminer.conformance.queries import Queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.engines.relations import Relations
    from processminer.playbook.parts.upkeep import DeviationKind

_HERE = Queries("processminer.conformance.rules")
run, rows = _HERE.run, _HERE.rows

DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a playbook; each kind of rule says in its own class whom it concerns and when it is kept."""

    kind: ClassVar[ObligationKind]
    breaches: ClassVar[tuple[DeviationKind, ...]]
    """What breaking it is called; of two, the second is for deals with a remark."""
    reads: ClassVar[frozenset[str]] = frozenset()
    """Relations of this room that its query reads."""
    right_now: ClassVar[bool] = False
    """Whether a remark on a broken rule means that an open deal breaks it at this very moment."""

    subject: str
    stage: str | None
    place: int
    """The stage, counted from 1 in the playbook; service stages follow, then what belongs to no stage."""
    path: tuple[str, ...]
    """Where it stands in the playbook."""
    needs: str | None = None
    """What would make it checkable, where this log leaves deals unchecked."""
    note: str | None = None
    """What its verdicts rest on, where that is less than one would wish."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many deals keep a rule, break it, may still keep it, or cannot be checked."""

    kept: int = 0
    broken: int = 0
    pending: int = 0
    unchecked: int = 0
    remarked: int = 0
    """Of the broken: those with a remark (see the kind of rule)."""
    warned: int = 0
    """Of the pending: those that are near to breaking it."""


Kind = TypeVar("Kind", bound=Rule)


def own(rules: Sequence[Rule], kind: type[Kind]) -> list[tuple[int, Kind]]:
    """Return the rules of one kind, each with its place among all of them."""
    return [(number, rule) for number, rule in enumerate(rules) if isinstance(rule, kind)]


def micros(days: float | None) -> int | None:
    """Return a length of time in microseconds; None where none is declared."""
    return None if days is None else round(days * DAY)


def has_relation(relations: Relations, name: str) -> bool:
    """Tell whether the log's database has a relation that only some kinds of exports leave there."""
    (found,) = relations.row("SELECT count(*) FROM information_schema.tables WHERE table_name = $name", {"name": name})
    return bool(found)
