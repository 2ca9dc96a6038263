"""Which moves the playbook allows: the automaton that deals are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.playbook.model import Playbook


@dataclass(frozen=True, slots=True)
class Moves:
    """Allowed starts, moves between stages, and the stages from which a deal may be won; it may be lost from any."""

    starts: frozenset[str]
    between: frozenset[tuple[str, str]]
    wins: frozenset[str]


def allowed_moves(playbook: Playbook) -> Moves:
    """Return what the playbook allows.

    A stage may follow an earlier one directly if every stage between them is optional, or if the earlier one says so
    in `may_skip_to`; an earlier stage may follow a later one if that says so in `may_return_to`. What a stage says in
    `next` stands instead of the order of the list. By that order alone every stage can be reached; with `next` some may
    not. Every stage has a way to won, since `next` leads onward alone and the last stage to won.
    """
    stages = playbook.stages
    place = {stage.name: index for index, stage in enumerate(stages)}
    between: set[tuple[str, str]] = set()
    for index, stage in enumerate(stages):
        onward = stage.next or tuple(stages[target].name for target in _reach(playbook, index + 1))
        said = (*onward, *stage.may_skip_to, *stage.may_return_to)
        between.update((stage.name, other) for other in said if other in place)
    starts = {stages[index].name for index in _reach(playbook, 0)} | {s.name for s in stages if s.may_start}
    won = set(playbook.outcomes.won)
    wins = {
        stage.name
        for index, stage in enumerate(stages)
        if (not stage.next and all(later.optional for later in stages[index + 1 :]))
        or won & {*stage.next, *stage.may_skip_to}
    }
    return Moves(frozenset(starts), frozenset(between), frozenset(wins))


def _reach(playbook: Playbook, first: int) -> list[int]:
    """Return the places of the next required stage from `first` on, and of the optional ones before it."""
    reached: list[int] = []
    for index in range(first, len(playbook.stages)):
        reached.append(index)
        if not playbook.stages[index].optional:
            break
    return reached
