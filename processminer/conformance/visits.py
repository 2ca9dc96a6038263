"""How often deals may be in a stage: states that remember it, for the stages where it matters."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processminer.playbook.model import Playbook

Counted = frozenset[str]
"""Stages whose visits are counted."""

State = tuple[int, tuple[int, ...]]
"""A stage, from 1 (0 for the start), and the visits so far to each counted stage that can still be come to."""

NO_VISITS: Counted = frozenset()

MOST_STATES = 256
"""With more states than this, looking at one path at a time is quicker than looking at all states of all paths."""


def counted_states(playbook: Playbook, counted: Counted = NO_VISITS) -> dict[State, tuple[int, ...]] | None:
    """Return the states that deals can be in, and from each the places of those that may follow; None if too many.

    The start comes first, then states by stage and counts. Without counted stages every declared stage is a state,
    come to or not. What was counted of a stage that cannot be come to again is forgotten, so that states stay few.
    """
    ahead = follows(playbook)
    again = come_to(ahead)
    watched = [place for place, stage in enumerate(playbook.stages, 1) if stage.name in counted]
    most = [playbook.stages[place - 1].max_visits or 0 for place in watched]

    def entered(state: State, target: int) -> State | None:
        seen = [count + (place == target) for count, place in zip(state[1], watched, strict=True)]
        if any(count > limit for count, limit in zip(seen, most, strict=True)):
            return None
        return target, tuple(count if place in again[target] else 0 for count, place in zip(seen, watched, strict=True))

    nothing = (0,) * len(watched)
    waiting: list[State] = [(stage, nothing) for stage in ([0] if watched else ahead)]
    reached: dict[State, list[State]] = {}
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached[state] = [after for target in ahead[state[0]] if (after := entered(state, target)) is not None]
            waiting += reached[state]
        if watched and len(reached) > MOST_STATES:
            return None
    number = {state: at for at, state in enumerate(sorted(reached))}
    return {state: tuple(sorted(number[after] for after in reached[state])) for state in number}


def follows(playbook: Playbook) -> dict[int, tuple[int, ...]]:
    """Return for each stage, from 1 in the playbook's order, and for the start (0), the stages that may follow."""
    moves = allowed_moves(playbook)
    number = {name: at for at, name in enumerate(playbook.names, 1)}
    ahead: dict[int, list[int]] = {0: [number[name] for name in moves.starts]}
    ahead.update((at, []) for at in number.values())
    for source, target in moves.between:
        ahead[number[source]].append(number[target])
    return {source: tuple(sorted(targets)) for source, targets in ahead.items()}


def come_to(ahead: Mapping[int, Iterable[int]]) -> dict[int, frozenset[int]]:
    """Return for each stage those that can be come to from it, itself among them only by a way round."""
    reach: dict[int, frozenset[int]] = {}
    for source in ahead:
        seen: set[int] = set()
        waiting = list(ahead[source])
        while waiting:
            target = waiting.pop()
            if target not in seen:
                seen.add(target)
                waiting += ahead[target]
        reach[source] = frozenset(seen)
    return reach


def too_often(run: Iterable[str], most: Mapping[str, int]) -> Counted:
    """Return the stages that a way through the playbook is in more often than it allows."""
    visits = Counter(run)
    return frozenset(stage for stage, limit in most.items() if visits[stage] > limit)
