"""Random playbooks and paths for the conformance tests, and the dullest count of what a path costs."""

from __future__ import annotations

import heapq
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from processminer.playbook.model import Playbook
from processminer.playbook.moves import allowed_moves
from processminer.playbook.parts.outcomes import Outcomes
from processminer.playbook.parts.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


@st.composite
def rich_playbooks(draw: st.DrawFn, most: int = 5) -> Playbook:
    """Playbooks that say more than the order: what follows a stage, how often a deal may be there, what it weighs."""
    plain = draw(playbooks(most))
    names = plain.names
    stages = [
        stage.model_copy(
            update={
                "next": tuple(draw(st.lists(st.sampled_from([*names, "Won"]), unique=True, max_size=3)))
                if draw(st.integers(0, 2)) == 0
                else (),
                "max_visits": draw(st.sampled_from([None, None, 1, 1, 2, 3])),
                "skip_cost": draw(st.sampled_from([1, 1, 2, 5])),
                "extra_cost": draw(st.sampled_from([1, 1, 2, 4])),
            }
        )
        for stage in plain.stages
    ]
    return plain.model_copy(
        update={"stages": tuple(stages), "undeclared_cost": draw(st.sampled_from([1, 3]))},
    )


def paths_of(names: Sequence[str], most: int = 9) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([*names, *STRANGERS]), max_size=most).map(
        lambda steps: tuple(step for before, step in pairwise((None, *steps)) if step != before)
    )


def dull_cost(path: Sequence[str], ending: str, playbook: Playbook) -> int:
    """The cost of the cheapest alignment, by searching the product of path and playbook (Dijkstra, 1959).

    The playbook's side is a stage and the visits to every stage so far.
    """
    moves = allowed_moves(playbook)
    stages = {stage.name: stage for stage in playbook.stages}
    extra = [stages[name].extra_cost if name in stages else playbook.undeclared_cost for name in path]
    to_win = ending == "won" and winnable(playbook)
    heap: list[tuple[int, int, str, tuple[int, ...]]] = [(0, 0, "", (0,) * len(stages))]
    settled: set[tuple[int, str, tuple[int, ...]]] = set()
    while heap:
        cost, done, stage, visits = heapq.heappop(heap)
        if (done, stage, visits) in settled:
            continue
        settled.add((done, stage, visits))
        if done == len(path) and (not to_win or stage in moves.wins):
            return cost
        if done < len(path):
            heapq.heappush(heap, (cost + extra[done], done + 1, stage, visits))
        for target, used in _next(stage, visits, playbook):
            heapq.heappush(heap, (cost + stages[target].skip_cost, done, target, used))
            if done < len(path) and path[done] == target:
                heapq.heappush(heap, (cost, done + 1, target, used))
    message = "a path can always be left out as a whole"
    raise AssertionError(message)


def _next(stage: str, visits: tuple[int, ...], playbook: Playbook) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the stages that may follow, with the visits then; only where there is a limit are visits told apart."""
    moves = allowed_moves(playbook)
    for place, target in enumerate(playbook.stages):
        if (stage, target.name) in moves.between or (not stage and target.name in moves.starts):
            limit = target.max_visits
            used = tuple(count + (at == place and limit is not None) for at, count in enumerate(visits))
            if limit is None or used[place] <= limit:
                yield target.name, used


def winnable(playbook: Playbook) -> bool:
    """Whether the playbook has any way from a start to a win."""
    moves = allowed_moves(playbook)
    reached = set(moves.starts)
    for _ in playbook.names:
        reached |= {target for source, target in moves.between if source in reached}
    return bool(reached & moves.wins)


def conforms(path: Sequence[str], ending: str, playbook: Playbook) -> bool:
    """Whether the playbook allows a path, step by step."""
    moves = allowed_moves(playbook)
    ends_well = ending != "won" or not winnable(playbook) or (path and path[-1] in moves.wins)
    few = all(stage.max_visits is None or path.count(stage.name) <= stage.max_visits for stage in playbook.stages)
    return bool(ends_well) and few and (not path or path[0] in moves.starts) and set(pairwise(path)) <= moves.between
