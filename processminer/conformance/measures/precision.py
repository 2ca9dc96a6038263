"""How much of what a playbook allows is ever done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from processminer.conformance.walks import read_walks
from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.conformance.walks import Walk
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook

BEGIN, WIN, UNKNOWN = 0, -1, -2
"""Stand for the begin of a deal, its win, and undeclared stages, beside the declared ones, counted from 1."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a playbook allows, and what of it deals did."""

    allowed: int
    used: int
    precision: float | None
    visits: int


def precision(log: EventLog, playbook: Playbook) -> Used:
    """Return how many of the allowed moves were ever taken, and the same weighted by how often deals had the choice.

    The weighted form is the precision by escaping edges (Munoz-Gama & Carmona, 2010), its states being the stages
    and the begin rather than whole prefixes: of what may follow a state, the share that some deal ever took from
    there, the states weighted by the times that deals were in them. Begins and wins are moves, a loss, which may come
    from anywhere, is none; states with nothing to follow weigh nothing. None where no deal was in any of the others.
    """
    follow = _follow(playbook)
    visits: Counter[int] = Counter()
    taken: set[tuple[int, int]] = set()
    number = {name: at for at, name in enumerate(playbook.names, start=1)}
    for walk in read_walks(log, playbook):
        if walk.path:
            steps = list(_states(walk, number))
            for state in steps:
                if state in follow:
                    visits[state] += walk.deals
            taken.update(pairwise(steps))
    used = {state: sum((state, target) in taken for target in targets) for state, targets in follow.items()}
    choices = sum(visits[state] * len(targets) for state, targets in follow.items())
    return Used(
        allowed=sum(map(len, follow.values())),
        used=sum(used.values()),
        precision=sum(visits[state] * used[state] for state in follow) / choices if choices else None,
        visits=sum(visits.values()),
    )


def _follow(playbook: Playbook) -> Mapping[int, frozenset[int]]:
    """Return what may follow each state, where anything may."""
    moves = allowed_moves(playbook)
    number = {name: at for at, name in enumerate(playbook.names, start=1)}
    follow: dict[int, set[int]] = {BEGIN: {number[name] for name in moves.starts}}
    for source, target in moves.between:
        follow.setdefault(number[source], set()).add(number[target])
    for name in moves.wins:
        follow.setdefault(number[name], set()).add(WIN)
    return {state: frozenset(targets) for state, targets in sorted(follow.items()) if targets}


def _states(walk: Walk, number: Mapping[str, int]) -> Iterator[int]:
    """Yield the states of a walk in order."""
    yield BEGIN
    for stage in walk.path:
        yield number.get(stage, UNKNOWN)
    if walk.ending == "won":
        yield WIN
