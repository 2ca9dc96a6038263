"""The playbook as numbered states, with the cheapest ways of the playbook between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from processminer.conformance.visits import counted_states
from processminer.errors import InputError
from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from processminer.conformance.visits import State
    from processminer.playbook.model import Playbook

NEVER = 2**61
"""Dearer than any way that exists; two of them and every real cost still fit into 64 bits."""

WIN = -1
"""Stands for the win where a state is asked for."""

MOST_COST = 1_000_000
"""What a deviation may weigh: beyond this the sums of a long path would leave 64 bits."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """State 0 is the start; each other state stands for a declared stage.

    Where no visits are counted there is one state a stage, in the order of the playbook, from 1.
    """

    names: tuple[str, ...]
    """Declared stages, in order."""
    state: Mapping[str, int]
    """Stages as numbers, from 1 in the order of the playbook: the states themselves where no visits are counted."""
    stage: Sequence[int]
    """The stage, from 1, that each state stands for; 0 for the start."""
    slot: Sequence[int]
    """By state: which of its stage's states it is, counted from 0."""
    entries: NDArray[np.int64]
    """The states that stand for each stage (by its number), filled up with -1; none for the start."""
    allowed: NDArray[np.bool_]
    """From each state, the states that may follow directly."""
    wins: NDArray[np.bool_]
    """States from which a deal may be won."""
    optional: NDArray[np.bool_]
    """By state."""
    skip: NDArray[np.int64]
    """By state: what it costs to leave out the stage it stands for where the playbook wants it."""
    extra: NDArray[np.int64]
    """By the number of a stage: what a visit costs where the playbook has none; last, for an undeclared stage."""
    most: Mapping[str, int]
    """How often a deal may be in a stage, where the playbook says."""
    explicit: NDArray[np.bool_]
    """By state: whether its stage says itself what may follow, so that the order of the list says nothing of it."""
    required: tuple[str, ...]
    """The stages that no deal may leave out, in order."""
    ways: NDArray[np.int64]
    """From each state, the moves on model needed before a synchronous move into another, weighed as below."""
    ways_to_win: NDArray[np.int64]
    """From each state, the moves on model needed before a win, weighed as below."""
    won_as: str
    """What the playbook calls a win."""
    walked: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict[tuple[int, int], tuple[str, ...]])
    """Routes found so far; a log asks for the same ones many times."""

    @property
    def size(self) -> int:
        """How many states there are."""
        return len(self.stage)

    @property
    def unknown(self) -> int:
        """The number that stands for a stage that the playbook does not know."""
        return len(self.names) + 1

    @property
    def weight(self) -> int:
        """What a cost of 1 weighs in `ways`: more than all the moves of a way and their optional stages together."""
        return (self.size + 1) ** 2

    @property
    def before_sync(self) -> NDArray[np.int64]:
        """Cheapest moves on model before a synchronous move, from state to state; NEVER where there is no way."""
        return np.where(self.ways < NEVER, self.ways // self.weight, NEVER)

    @property
    def before_win(self) -> NDArray[np.int64]:
        """Cheapest moves on model before a win, from each state; NEVER where there is no way."""
        return np.where(self.ways_to_win < NEVER, self.ways_to_win // self.weight, NEVER)

    @property
    def can_win(self) -> bool:
        """Whether the playbook has any way to a win; one whose stages say what follows may have none."""
        return bool(self.ways_to_win[0] < NEVER)

    def route(self, source: int, target: int) -> tuple[str, ...]:
        """Return the stages between two states on the cheapest way, nothing where there is none.

        Of equally cheap ways the one over fewer stages, then fewer optional ones, then the earliest.
        """
        if (source, target) not in self.walked:
            self.walked[source, target] = self._walk(source, self.ways[:, target])
        return self.walked[source, target]

    def route_to_win(self, source: int) -> tuple[str, ...]:
        """Return the stages that are missing to a win on the cheapest way, nothing where there is none."""
        if (source, WIN) not in self.walked:
            self.walked[source, WIN] = self._walk(source, self.ways_to_win)
        return self.walked[source, WIN]

    def _walk(self, state: int, left: NDArray[np.int64]) -> tuple[str, ...]:
        stages: list[str] = []
        steps = _steps(self.skip, self.optional)
        while 0 < left[state] < NEVER:
            onward = np.where(self.allowed[state], steps + left, NEVER)
            state = int(onward.argmin())
            stages.append(self.names[self.stage[state] - 1])
        return tuple(stages)


def automaton_of(playbook: Playbook, states: Mapping[State, tuple[int, ...]] | None = None) -> Automaton:
    """Return the states and moves of a playbook, and the cheapest ways between them (Floyd, 1962).

    `states` are those that count visits, and what may follow each; without them there is one a stage. Raises InputError
    for a cost beyond MOST_COST.
    """
    _affordable(playbook)
    moves = allowed_moves(playbook)
    states = states or counted_states(playbook) or {}
    label = np.array([stage for stage, _ in states], dtype=np.int64)
    allowed = np.zeros((len(states), len(states)), dtype=np.bool_)
    for source, follow in enumerate(states.values()):
        allowed[source, list(follow)] = True
    wins = np.array([False, *(name in moves.wins for name in playbook.names)])[label]
    optional = np.array([False, *(stage.optional for stage in playbook.stages)])[label]
    skip = np.array([0, *(stage.skip_cost for stage in playbook.stages)], dtype=np.int64)[label]
    lengths = np.where(allowed, _steps(skip, optional), NEVER)
    np.fill_diagonal(lengths, 0)
    for via in range(len(states)):
        lengths = np.minimum(lengths, lengths[:, via, np.newaxis] + lengths[np.newaxis, via, :])
    return Automaton(
        names=playbook.names,
        state={name: place for place, name in enumerate(playbook.names, start=1)},
        stage=label.tolist(),
        slot=[int(np.count_nonzero(label[:at] == one)) for at, one in enumerate(label)],
        entries=_entries(label, len(playbook.names)),
        allowed=allowed,
        wins=wins,
        optional=optional,
        skip=skip,
        extra=np.array([0, *(s.extra_cost for s in playbook.stages), playbook.undeclared_cost], dtype=np.int64),
        most={stage.name: stage.max_visits for stage in playbook.stages if stage.max_visits is not None},
        explicit=np.array([False, *(bool(stage.next) for stage in playbook.stages)])[label],
        required=tuple(stage.name for stage in playbook.stages if not stage.optional),
        ways=np.stack([_cheapest(lengths, goals) for goals in allowed.T], axis=1),
        ways_to_win=_cheapest(lengths, wins),
        won_as=(*playbook.outcomes.won, "won")[0],
    )


def _affordable(playbook: Playbook) -> None:
    for stage in playbook.stages:
        for key, cost in (("skip_cost", stage.skip_cost), ("extra_cost", stage.extra_cost)):
            if cost > MOST_COST:
                message = f"'{key}: {cost}' of {stage.name!r} is more than {MOST_COST:,}."
                raise InputError(message, hint="Costs are compared with each other: write them as small numbers.")
    if playbook.undeclared_cost > MOST_COST:
        message = f"'undeclared_cost: {playbook.undeclared_cost}' is more than {MOST_COST:,}."
        raise InputError(message, hint="Costs are compared with each other: write them as small numbers.")


def _steps(skip: NDArray[np.int64], optional: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return what a move on model into each state weighs: its cost, then the step, then whether it is optional."""
    size = len(skip)
    return skip * (size + 1) ** 2 + (size + 1) + optional


def _entries(label: NDArray[np.int64], stages: int) -> NDArray[np.int64]:
    """Return the states of each stage, one row a number of a stage, that of undeclared ones last and empty."""
    widest = int(np.bincount(label[1:], minlength=stages + 2).max())
    entries = np.full((stages + 2, widest), -1, dtype=np.int64)
    for stage in range(1, stages + 1):
        own = np.flatnonzero(label == stage)
        entries[stage, : len(own)] = own
    return entries


def _cheapest(lengths: NDArray[np.int64], goals: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the least length from each state to one of the goals."""
    if not goals.any():
        return np.full(len(lengths), NEVER)
    least: NDArray[np.int64] = lengths[:, goals].min(axis=1)
    return np.minimum(least, NEVER)
