"""Optimal alignments: the cheapest explanation of each path by the playbook, told as a manager would tell it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from processminer.conformance.automaton import automaton_of
from processminer.conformance.conformance import Alignment, Step
from processminer.conformance.search import search
from processminer.conformance.trie import sweep
from processminer.conformance.visits import Counted, counted_states, too_often

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.automaton import Automaton
    from processminer.conformance.trie import Trie
    from processminer.playbook.model import Playbook

Ending = Literal["won", "lost", "open"]
StepKind = Literal["sync", "log", "model"]
Asked = tuple[tuple[str, ...], Ending]


def align(paths: Sequence[Asked], playbook: Playbook) -> tuple[Alignment, ...]:
    """Return an optimal alignment for each path and ending, in the order given.

    A path holds declared names, and whatever other names the log has, without terminal stages. Steps cost what the
    playbook says, 1 where it says nothing: a move on model the `skip_cost` of its stage, a move on log its `extra_cost`
    or the `undeclared_cost`, a synchronous move nothing (Adriansyah et al., 2011). A won path must come to a stage that
    may be won from, if the playbook has any way to a win; a lost or open one is aligned to a prefix of what the
    playbook allows (van Zelst et al., 2019). No alignment is in a stage more often than `max_visits`.

    Of several cheapest explanations this one is told:

    1. the one with the most synchronous moves, so that a jump over a stage is a skipped stage rather than a visit
       that does not count;
    2. then the one whose moves on log come latest, by the sum of their places: the first pass through the stages is
       the work, a repetition is the surplus;
    3. then, where stages were jumped, the way over fewer stages, then fewer optional ones, then over the earlier ones.

    Moves on model stand directly before the step that jumped over them.
    """
    plain = automaton_of(playbook)
    teller = _Teller(plain)
    found: dict[int, Alignment] = {}
    # Few paths are in a stage too often: visits are counted for those alone, and for those stages alone.
    waiting: dict[Counted, list[int]] = {frozenset(): list(range(len(paths)))}
    while waiting:
        counted, numbers = waiting.popitem()
        still: defaultdict[Counted, list[int]] = defaultdict(list)
        explained = _explained([paths[number] for number in numbers], playbook, teller, counted)
        for number, alignment in zip(numbers, explained, strict=True):
            over = too_often((step.stage for step in alignment.steps if step.kind != "log"), plain.most)
            if over:
                still[counted | over].append(number)
            else:
                found[number] = alignment
        for more, those in still.items():
            waiting[more] = sorted(waiting.get(more, []) + those)
    return tuple(found[number] for number in range(len(paths)))


def _explained(paths: Sequence[Asked], playbook: Playbook, teller: _Teller, counted: Counted) -> Iterator[Alignment]:
    """Yield the cheapest explanation of each path where visits to the counted stages have their limits."""
    states = counted_states(playbook, counted)
    if states is None:
        yield from (teller.searched(path, ending) for path, ending in paths)
        return
    automaton = automaton_of(playbook, states) if counted else teller.plain
    at_once = max(1, ROOM // automaton.size // automaton.entries.shape[1])
    for first in range(0, len(paths), at_once):
        some = paths[first : first + at_once]
        trie = sweep([path for path, _ in some], automaton)
        yield from (teller.traced(number, *asked, trie, automaton) for number, asked in enumerate(some))


ROOM = 5_000_000
"""So many costs are held at a time: 40 MB."""


class _Teller:
    """Tells explanations as steps; equal steps are one object."""

    def __init__(self, plain: Automaton) -> None:
        self.plain = plain
        self.shortest_win = int(plain.before_win[0]) if plain.can_win else 0
        self.steps: dict[tuple[StepKind, str], Step] = {}
        self.extra: dict[str, int] = dict(zip(plain.names, plain.extra[1:].tolist(), strict=False))
        self.skip: dict[str, int] = dict(zip(plain.names, plain.skip[1:].tolist(), strict=True))
        self.undeclared = int(plain.extra[plain.unknown])

    def traced(self, number: int, path: tuple[str, ...], ending: Ending, trie: Trie, automaton: Automaton) -> Alignment:
        won = ending == "won" and automaton.can_win
        state = (trie.won if won else trie.prefix)[number]
        steps = self._back_from(trie.leaf[number], state, path, trie, automaton)
        if won:
            steps.extend(self._step("model", stage) for stage in automaton.route_to_win(state))
        return self._alignment(path, ending, steps)

    def searched(self, path: tuple[str, ...], ending: Ending) -> Alignment:
        codes = [self.plain.state.get(stage, self.plain.unknown) for stage in path]
        moves = search(codes, self.plain, won=ending == "won" and self.plain.can_win)
        onward = iter(path)
        steps = [self._step(kind, self.plain.names[at - 1] if kind == "model" else next(onward)) for kind, at in moves]
        return self._alignment(path, ending, steps)

    def _alignment(self, path: tuple[str, ...], ending: Ending, steps: list[Step]) -> Alignment:
        shortest = self.shortest_win if ending == "won" else 0
        worst = shortest + sum(self.extra.get(stage, self.undeclared) for stage in path)
        return Alignment(path, ending, sum(map(self._cost, steps)), worst, tuple(steps))

    def _cost(self, step: Step) -> int:
        if step.kind == "sync":
            return 0
        return self.skip[step.stage] if step.kind == "model" else self.extra.get(step.stage, self.undeclared)

    def _back_from(self, node: int, state: int, path: tuple[str, ...], trie: Trie, automaton: Automaton) -> list[Step]:
        backwards: list[Step] = []
        for stage in reversed(path):
            source = trie.came[node * trie.width + automaton.slot[state]]
            if source >= 0 and trie.stage[node] == automaton.stage[state]:
                backwards.append(self._step("sync", stage))
                backwards.extend(self._step("model", name) for name in reversed(automaton.route(source, state)))
                state = source
            else:
                backwards.append(self._step("log", stage))
            node = trie.parent[node]
        return backwards[::-1]

    def _step(self, kind: StepKind, stage: str) -> Step:
        if (kind, stage) not in self.steps:
            self.steps[kind, stage] = Step(kind, stage)
        return self.steps[kind, stage]
