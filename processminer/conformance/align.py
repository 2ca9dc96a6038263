"""Optimal alignments: the cheapest explanation of each path by the playbook, told as a manager would tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from processminer.conformance.automaton import automaton_of
from processminer.conformance.conformance import Alignment, Step
from processminer.conformance.trie import sweep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.automaton import Automaton
    from processminer.conformance.trie import Trie
    from processminer.playbook.model import Playbook

Ending = Literal["won", "lost", "open"]
StepKind = Literal["sync", "log", "model"]


def align(paths: Sequence[tuple[tuple[str, ...], Ending]], playbook: Playbook) -> tuple[Alignment, ...]:
    """Return an optimal alignment for each path and ending, in the order given.

    A path holds declared names, and whatever other names the log has, without terminal stages. A move on log and a
    move on model cost 1 each, a synchronous move nothing (Adriansyah et al., 2011). A won path must come to a stage
    that may be won from; a lost or open one is aligned to a prefix of what the playbook allows.

    Of several cheapest explanations this one is told:

    1. the one with the most synchronous moves, so that a jump over a stage is a skipped stage rather than a visit
       that does not count (cost and synchronous moves together fix how many moves of each other kind there are);
    2. then the one whose moves on log come latest, by the sum of their places: the first pass through the stages is
       the work, a repetition is the surplus;
    3. then, where stages were jumped, the way over fewer optional stages, then over the earlier ones.

    Moves on model stand directly before the step that jumped over them.
    """
    automaton = automaton_of(playbook)
    trie = sweep([path for path, _ in paths], automaton)
    tell = _Teller(automaton, trie)
    return tuple(tell.alignment(number, path, ending) for number, (path, ending) in enumerate(paths))


class _Teller:
    """Traces a path's decisions back and tells them as steps; equal steps are one object."""

    def __init__(self, automaton: Automaton, trie: Trie) -> None:
        self.automaton = automaton
        self.trie = trie
        self.shortest_win = int(automaton.before_win[0])
        self.steps: dict[tuple[StepKind, str], Step] = {}

    def alignment(self, number: int, path: tuple[str, ...], ending: Ending) -> Alignment:
        won = ending == "won"
        state = (self.trie.won if won else self.trie.prefix)[number]
        steps = self._back_from(self.trie.leaf[number], state, path)
        if won:
            steps.extend(self._step("model", stage) for stage in self.automaton.route_to_win(state))
        cost = sum(step.kind != "sync" for step in steps)
        worst = len(path) + (self.shortest_win if won else 0)
        return Alignment(path, ending, cost, worst, tuple(steps))

    def _back_from(self, node: int, state: int, path: tuple[str, ...]) -> list[Step]:
        backwards: list[Step] = []
        for stage in reversed(path):
            source = self.trie.came[node]
            if source >= 0 and self.trie.state[node] == state:
                backwards.append(self._step("sync", stage))
                backwards.extend(self._step("model", name) for name in reversed(self.automaton.route(source, state)))
                state = source
            else:
                backwards.append(self._step("log", stage))
            node = self.trie.parent[node]
        return backwards[::-1]

    def _step(self, kind: StepKind, stage: str) -> Step:
        if (kind, stage) not in self.steps:
            self.steps[kind, stage] = Step(kind, stage)
        return self.steps[kind, stage]
