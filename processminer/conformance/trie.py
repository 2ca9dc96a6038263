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
    """The decisions of the cheapest explanations, one a distinct prefix and state that its last stage may stand for.

    Node 0 is the empty prefix. Only the states that a node's stage stands for can be entered by a synchronous move
    there, so that these decisions are enough to trace back from any state.
    """

    parent: list[int]
    stage: list[int]
    """The number of the node's stage; `Automaton.unknown` for one that the playbook does not know."""
    came: list[int]
    """`width` entries a node: the state from which each state of its stage is entered by a synchronous move; -1 where
    moves on log are cheaper."""
    width: int
    leaf: list[int]
    """The node at which each path ends."""
    won: list[int]
    """The state that each path has best come to, if it must still go on to a win."""
    prefix: list[int]
    """The state that each path has best come to, if it may end anywhere."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Four aims in one number: cost, the fewest moves on log, those as late as can be, the shortest ways between."""

    cost: int
    log: int
    late: int
    places: int
    """So many steps of a path are told apart; all of them unless a path has tens of thousands."""
    ways: int
    """0 where there is no room for the last aim."""

    @classmethod
    def of(cls, longest: int, automaton: Automaton) -> _Scale:
        """Return weights under which a lesser aim never outweighs a greater one, and no sum leaves 64 bits."""
        most_logs = longest + 1
        finite = automaton.ways[automaton.ways < NEVER]
        dearest_way = int(finite.max(initial=0)) // automaton.weight + 1
        most_cost = longest * (int(automaton.extra.max()) + dearest_way) + dearest_way
        for ways, late in ((1, most_logs * automaton.weight), (0, 1)):
            places = min(longest, ROOM // (most_cost * (most_logs + 1) * most_logs * late))
            log = (most_logs * places + 1) * late
            if most_cost * most_logs * log < ROOM and (places == longest or not ways):
                return cls(cost=most_logs * log, log=log, late=late, places=places, ways=ways)
        # Only the cost itself counts for paths that are longer than any that can be told apart.
        return cls(cost=1, log=0, late=0, places=0, ways=0)

    def late_at(self, depth: int) -> int:
        return self.log + max(self.places - 1 - depth, 0) * self.late

    def priced(self, ways: Numbers, weight: int) -> Numbers:
        """Return what ways weigh; NEVER where there is none."""
        return np.where(ways < NEVER, ways // weight * self.cost + ways % weight * self.ways, NEVER)


def sweep(paths: Sequence[tuple[str, ...]], automaton: Automaton) -> Trie:
    """Walk all paths one step deeper at a time; equal prefixes are met once."""
    codes, begins, lengths = _packed(paths, automaton)
    longest = int(lengths.max(initial=0))
    scale = _Scale.of(longest, automaton)
    through, to_win = _prices(automaton, scale)
    labels = automaton.unknown + 1
    costs = np.full((1, automaton.size), NEVER)
    costs[0, 0] = 0
    width = automaton.entries.shape[1]
    parent, met, came = [np.array([0])], [np.array([automaton.unknown])], [np.full((1, width), -1)]
    here = np.zeros(len(paths), dtype=np.int64)
    leaf, won, prefix = here.copy(), here.copy(), here.copy()
    first = 0
    for depth in range(longest + 1):
        ended = np.flatnonzero(lengths == depth)
        leaf[ended] = first + here[ended]
        won[ended] = (costs + to_win).argmin(axis=1)[here[ended]]
        prefix[ended] = costs.argmin(axis=1)[here[ended]]
        going = np.flatnonzero(lengths > depth)
        nodes, here[going] = np.unique(here[going] * labels + codes[begins[going] + depth], return_inverse=True)
        above, stage = np.divmod(nodes, labels)
        parent.append(above + first)
        first += len(costs)
        logs = automaton.extra[stage] * scale.cost + scale.late_at(depth)
        costs, sources = _deeper(costs[above], automaton.entries[stage], through[stage], logs)
        met.append(stage)
        came.append(sources)
    return Trie(
        parent=np.concatenate(parent).tolist(),
        stage=np.concatenate(met).tolist(),
        came=np.concatenate(came).ravel().tolist(),
        width=width,
        leaf=leaf.tolist(),
        won=won.tolist(),
        prefix=prefix.tolist(),
    )


def _packed(paths: Sequence[tuple[str, ...]], automaton: Automaton) -> tuple[Numbers, Numbers, Numbers]:
    """Return all steps as numbers of stages in one row, with where each path begins and how long it is."""
    unknown = automaton.unknown
    steps = np.array([automaton.state.get(stage, unknown) for path in paths for stage in path], dtype=np.int64)
    lengths = np.array([len(path) for path in paths], dtype=np.int64)
    return steps, np.cumsum(lengths) - lengths, lengths


def _prices(automaton: Automaton, scale: _Scale) -> tuple[Numbers, Numbers]:
    """Return the price of the moves on model before a synchronous move, and before a win.

    The first by the number of the stage, then by the states that stand for it, then by the state one comes from.
    """
    known = scale.priced(automaton.ways, automaton.weight).T
    through = np.where(automaton.entries[..., np.newaxis] >= 0, known[automaton.entries], NEVER)
    return through, scale.priced(automaton.ways_to_win, automaton.weight)


def _deeper(costs: Numbers, targets: Numbers, through: Numbers, logs: Numbers) -> tuple[Numbers, Numbers]:
    """Return the cost of being in each state one step later, and from where the step's own states were entered."""
    by_sync = costs[:, np.newaxis, :] + through
    sources = by_sync.argmin(axis=2)
    best = np.take_along_axis(by_sync, sources[..., np.newaxis], axis=2)[..., 0]
    costs = costs + logs[:, np.newaxis]
    entered = (targets >= 0) & (best < NEVER) & (best <= np.take_along_axis(costs, np.maximum(targets, 0), axis=1))
    rows, slots = np.nonzero(entered)
    costs[rows, targets[rows, slots]] = best[rows, slots]
    return costs, np.where(entered, sources, -1)
