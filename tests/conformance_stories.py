"""Random playbooks and paths for the conformance tests, and the dullest count of what a path costs."""

from __future__ import annotations

import heapq
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from processminer.playbook.model import Outcomes, Playbook, Stage
from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Sequence

ENDINGS = ("won", "lost", "open")
STRANGERS = ("X", "Y")


def playbook_of(*stages: Stage | str) -> Playbook:
    """A playbook whose deals end in Won or Lost; a bare name with a question mark is an optional stage."""
    made = [
        stage if isinstance(stage, Stage) else Stage(name=stage.rstrip("?"), optional=stage.endswith("?"))
        for stage in stages
    ]
    return Playbook(name="test", stages=tuple(made), outcomes=Outcomes(won=("Won",), lost=("Lost",)))


@st.composite
def playbooks(draw: st.DrawFn, most: int = 6) -> Playbook:
    names = "ABCDEFGH"[: draw(st.integers(1, most))]
    stages: list[Stage] = []
    for place, name in enumerate(names):
        later = (*names[place + 1 :], "Won")
        stages.append(
            Stage(
                name=name,
                optional=draw(st.integers(0, 2)) == 0,
                may_start=draw(st.integers(0, 4)) == 0,
                may_skip_to=tuple(sorted(draw(st.sets(st.sampled_from(later), max_size=1)))),
                may_return_to=tuple(sorted(draw(st.sets(st.sampled_from(names[:place]), max_size=2)))) if place else (),
            )
        )
    return playbook_of(*stages)


def paths_of(names: Sequence[str], most: int = 9) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([*names, *STRANGERS]), max_size=most).map(
        lambda steps: tuple(step for before, step in pairwise((None, *steps)) if step != before)
    )


def dull_cost(path: Sequence[str], ending: str, playbook: Playbook) -> int:
    """The cost of the cheapest alignment, by searching the product of path and playbook (Dijkstra, 1959)."""
    moves = allowed_moves(playbook)
    heap: list[tuple[int, int, str]] = [(0, 0, "")]
    settled: set[tuple[int, str]] = set()
    while heap:
        cost, done, stage = heapq.heappop(heap)
        if (done, stage) in settled:
            continue
        settled.add((done, stage))
        if done == len(path) and (ending != "won" or stage in moves.wins):
            return cost
        if done < len(path):
            heapq.heappush(heap, (cost + 1, done + 1, stage))
        for target in playbook.names:
            if (stage, target) in moves.between or (not stage and target in moves.starts):
                heapq.heappush(heap, (cost + 1, done, target))
                if done < len(path) and path[done] == target:
                    heapq.heappush(heap, (cost, done + 1, target))
    message = "a playbook's last stage can be reached, and won from"
    raise AssertionError(message)


def conforms(path: Sequence[str], ending: str, playbook: Playbook) -> bool:
    """Whether the playbook allows a path, step by step."""
    moves = allowed_moves(playbook)
    ends_well = ending != "won" or (path and path[-1] in moves.wins)
    return bool(ends_well) and (not path or path[0] in moves.starts) and set(pairwise(path)) <= moves.between
