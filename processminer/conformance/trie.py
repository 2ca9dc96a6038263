"""The cost of every path at once: dynamic programming over the prefixes that paths share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from processminer.conformance.automaton import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from processminer.conformance.automaton import Automaton

Numbers: TypeAlias = "NDArray[np.int64]"
ROOM = 2**60
"""No path may cost more than this, lest sums leave 64 bits."""


@dataclass(frozen=True, slots=True)
class Trie:
    """The decisions of the cheapest explanations, one a distinct prefix.

    Node 0 is the empty prefix. Only the state that a node's stage stands for can be entered by a synchronous move
    there, so that one decision a node is enough to trace back from any state.
    """

    parent: list[int]
    state: list[int]
    """The state that the node's stage stands for; `Automaton.size` for a stage that the playbook does not know."""
    came: list[int]
    """The state from which that one is entered by a synchronous move; -1 where moves on log are cheaper."""
    leaf: list[int]
    """The node at which each path ends."""
    won: list[int]
    """The state that each path has best come to, if it must still go on to a win."""
    prefix: list[int]
    """The state that each path has best come to, if it may end anywhere."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Three aims in one number: cost, then the fewest moves on log, then those as late as can be."""

    log: int
    model: int
    places: int
    """So many steps of a path are told apart; all of them unless a path has tens of thousands."""

    @classmethod
    def of(cls, longest: int, size: int) -> _Scale:
        """Return weights under which a lesser aim never outweighs a greater one, and no sum leaves 64 bits."""
        most_logs = longest + 1
        most_moves = longest + size
        places = min(longest, ROOM // (most_moves * (most_logs + 1) * most_logs))
        late = most_logs * places + 1
        return cls(log=(most_logs + 1) * late, model=most_logs * late, places=places)

    def log_at(self, depth: int) -> int:
        return self.log + max(self.places - 1 - depth, 0)


def sweep(paths: Sequence[tuple[str, ...]], automaton: Automaton) -> Trie:
    """Walk all paths one step deeper at a time; equal prefixes are met once."""
    codes, begins, lengths = _packed(paths, automaton)
    longest = int(lengths.max(initial=0))
    scale = _Scale.of(longest, automaton.size)
    through, to_win = _prices(automaton, scale)
    costs = np.full((1, automaton.size), NEVER)
    costs[0, 0] = 0
    parent, state, came = [np.array([0])], [np.array([automaton.size])], [np.array([-1])]
    here = np.zeros(len(paths), dtype=np.int64)
    leaf, won, prefix = here.copy(), here.copy(), here.copy()
    first = 0
    for depth in range(longest + 1):
        ended = np.flatnonzero(lengths == depth)
        leaf[ended] = first + here[ended]
        won[ended] = (costs + to_win).argmin(axis=1)[here[ended]]
        prefix[ended] = costs.argmin(axis=1)[here[ended]]
        going = np.flatnonzero(lengths > depth)
        nodes, here[going] = np.unique(
            here[going] * (automaton.size + 1) + codes[begins[going] + depth], return_inverse=True
        )
        above, stage = np.divmod(nodes, automaton.size + 1)
        parent.append(above + first)
        first += len(costs)
        costs, sources = _deeper(costs[above], stage, through, scale.log_at(depth))
        state.append(stage)
        came.append(sources)
    return Trie(
        parent=np.concatenate(parent).tolist(),
        state=np.concatenate(state).tolist(),
        came=np.concatenate(came).tolist(),
        leaf=leaf.tolist(),
        won=won.tolist(),
        prefix=prefix.tolist(),
    )


def _packed(paths: Sequence[tuple[str, ...]], automaton: Automaton) -> tuple[Numbers, Numbers, Numbers]:
    """Return all steps as states in one row, with where each path begins and how long it is."""
    unknown = automaton.size
    steps = np.array([automaton.state.get(stage, unknown) for path in paths for stage in path], dtype=np.int64)
    lengths = np.array([len(path) for path in paths], dtype=np.int64)
    return steps, np.cumsum(lengths) - lengths, lengths


def _prices(automaton: Automaton, scale: _Scale) -> tuple[Numbers, Numbers]:
    """Return the price of the moves on model before a synchronous move (one row a target), and before a win."""
    before = automaton.before_sync.T
    known = np.where(before < NEVER, before * scale.model, NEVER)
    unknown = np.full((1, automaton.size), NEVER)
    return np.concatenate([known, unknown]), automaton.before_win * scale.model


def _deeper(costs: Numbers, stage: Numbers, through: Numbers, log: int) -> tuple[Numbers, Numbers]:
    """Return the cost of being in each state one step later, and from where the step's own state was entered."""
    rows = np.arange(len(stage))
    by_sync = costs + through[stage]
    sources = by_sync.argmin(axis=1)
    best = by_sync[rows, sources]
    costs = costs + log
    known = np.minimum(stage, costs.shape[1] - 1)
    entered = (best < NEVER) & (best <= costs[rows, known])
    costs[rows[entered], stage[entered]] = best[entered]
    return costs, np.where(entered, sources, -1)
