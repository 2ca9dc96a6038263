"""The playbook as numbered states, with the shortest ways of the playbook between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from processminer.playbook.model import Playbook

NEVER = 2**61
"""Dearer than any way that exists; two of them and every real cost still fit into 64 bits."""

WIN = -1
"""Stands for the win where a state is asked for."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """State 0 is the start; the declared stages follow, in order, from 1."""

    names: tuple[str, ...]
    """Declared stages, in order."""
    state: Mapping[str, int]
    allowed: NDArray[np.bool_]
    """From each state, the states that may follow directly."""
    wins: NDArray[np.bool_]
    """States from which a deal may be won."""
    optional: NDArray[np.bool_]
    required: tuple[str, ...]
    """The stages that no deal may leave out, in order."""
    ways: NDArray[np.int64]
    """From each state, the moves on model needed before a synchronous move into another, weighed as below."""
    ways_to_win: NDArray[np.int64]
    """From each state, the moves on model needed before a win, weighed as below."""
    walked: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict[tuple[int, int], tuple[str, ...]])
    """Routes found so far; a log asks for the same ones many times."""

    @property
    def size(self) -> int:
        """How many states there are."""
        return len(self.names) + 1

    @property
    def weight(self) -> int:
        """What a move on model weighs in `ways`; one into an optional stage weighs 1 more, so that it loses a tie."""
        return self.size + 1

    @property
    def before_sync(self) -> NDArray[np.int64]:
        """Fewest moves on model before a synchronous move, from state to state; NEVER where there is no way."""
        return np.where(self.ways < NEVER, self.ways // self.weight, NEVER)

    @property
    def before_win(self) -> NDArray[np.int64]:
        """Fewest moves on model before a win, from each state; there always is a way."""
        return self.ways_to_win // self.weight

    def route(self, source: int, target: int) -> tuple[str, ...]:
        """Return the stages between two states on the shortest way: fewest optional ones, then the earliest."""
        if (source, target) not in self.walked:
            self.walked[source, target] = self._walk(source, self.ways[:, target])
        return self.walked[source, target]

    def route_to_win(self, source: int) -> tuple[str, ...]:
        """Return the stages that are missing to a win on the shortest way."""
        if (source, WIN) not in self.walked:
            self.walked[source, WIN] = self._walk(source, self.ways_to_win)
        return self.walked[source, WIN]

    def _walk(self, state: int, left: NDArray[np.int64]) -> tuple[str, ...]:
        stages: list[str] = []
        while left[state] > 0:
            onward = np.where(self.allowed[state], self.weight + self.optional + left, NEVER)
            state = int(onward.argmin())
            stages.append(self.names[state - 1])
        return tuple(stages)


def automaton_of(playbook: Playbook) -> Automaton:
    """Return the states and moves of a playbook, and the shortest ways between them (Floyd, 1962)."""
    moves = allowed_moves(playbook)
    state = {name: place for place, name in enumerate(playbook.names, start=1)}
    size = len(state) + 1
    allowed = np.zeros((size, size), dtype=np.bool_)
    for start in moves.starts:
        allowed[0, state[start]] = True
    for source, target in moves.between:
        allowed[state[source], state[target]] = True
    wins = np.array([False, *(name in moves.wins for name in playbook.names)])
    optional = np.array([False, *(stage.optional for stage in playbook.stages)])
    lengths = np.where(allowed, size + 1 + optional, NEVER)
    np.fill_diagonal(lengths, 0)
    for via in range(size):
        lengths = np.minimum(lengths, lengths[:, via, np.newaxis] + lengths[np.newaxis, via, :])
    ways = _cheapest(lengths, allowed)
    ways_to_win = _cheapest(lengths, wins[:, np.newaxis])[:, 0]
    required = tuple(stage.name for stage in playbook.stages if not stage.optional)
    return Automaton(playbook.names, state, allowed, wins, optional, required, ways, ways_to_win)


def _cheapest(lengths: NDArray[np.int64], goals: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the shortest length from each state to one that has each goal."""
    onward: NDArray[np.int64] = np.where(goals[np.newaxis, :, :], lengths[:, :, np.newaxis], NEVER).min(axis=1)
    return np.minimum(onward, NEVER)
