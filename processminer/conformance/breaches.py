"""What a path breaks of the playbook's order, as a manager would name it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from processminer.conformance.visits import too_often

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.conformance.automaton import Automaton
    from processminer.conformance.conformance import Alignment
    from processminer.playbook.parts.upkeep import DeviationKind


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """One way of leaving the playbook, by kind and subject."""

    kind: DeviationKind
    subject: str
    stage: str | None
    """The declared stage it concerns; None for a stage that the playbook does not know."""


def breaches_of(alignment: Alignment, automaton: Automaton) -> frozenset[Breach]:
    """Return what a path of at least one step breaks: something if its alignment costs anything, else nothing.

    `automaton` counts no visits.

    - undeclared: a visit to a stage that the playbook does not know; or a move, as `Demo -> Contract`, that it allows
      nowhere and that none of what follows names: one ahead or to the win that leaves no required stage out.
    - started-late: the first declared stage is one where no deal may begin. What lies before it is not owed again.
    - too-many-visits: more visits to a stage than it may have; a detour to an undeclared stage ends no visit.
    - returned: a move from a later to an earlier stage that is not allowed.
    - skipped: a required stage on the cheapest allowed way between two stages that followed each other, or between
      the last one and the win, in which the deal had not been by then.
    - not-repeated: the same, but the deal had been there on an earlier round; left out after a return that was not
      allowed, which is then the one thing to tell.

    A jump ahead that the alignment takes for a slip (a move on log) skips none of the stages that a later return, if
    one that was not allowed, took the deal back to or before: they lie ahead again, and the return is told.
    """
    path = alignment.path
    kinds = [step.kind for step in alignment.steps if step.kind != "model"]
    known = [place for place, stage in enumerate(path) if stage in automaton.state]
    found = {Breach("undeclared", stage, None) for stage in path if stage not in automaton.state}
    states = [automaton.state[path[place]] for place in known]
    if states and not automaton.allowed[0, states[0]]:
        first = automaton.names[states[0] - 1]
        found.add(Breach("started-late", first, first))
    visited = (automaton.names[state - 1] for state, _ in groupby(states))
    found.update(Breach("too-many-visits", stage, stage) for stage in too_often(visited, automaton.most))
    slips = {at for at, place in enumerate(known) if kinds[place] == "log"}
    won = alignment.ending == "won" and automaton.can_win
    found.update(_moves_broken(states, slips, automaton, won=won))
    return frozenset(found)


def _moves_broken(states: list[int], slips: set[int], automaton: Automaton, *, won: bool) -> Iterator[Breach]:
    """Yield what is broken by moving from each declared stage to the next, and to the win."""
    broken = [
        place
        for place, (source, target) in enumerate(pairwise(states), start=1)
        if source != target and not automaton.allowed[source, target]
    ]
    returns = [place for place in broken if states[place] < states[place - 1]]
    for place in returns:
        later, earlier = (automaton.names[state - 1] for state in states[place - 1 : place + 1])
        yield Breach("returned", f"{later} -> {earlier}", later)
    for place in broken:
        if place not in returns:
            yield from _ahead(place, states, returns, automaton, slip=place in slips)
    if won and not automaton.wins[states[-1] if states else 0]:
        yield from _ahead(len(states), states, returns, automaton, slip=False)


def _ahead(place: int, states: list[int], returns: list[int], automaton: Automaton, *, slip: bool) -> Iterator[Breach]:
    """Yield what is broken by moving ahead into the step at `place`, or to the win behind the last one."""
    source = states[place - 1] if place else 0
    target = states[place] if place < len(states) else None
    missing = _required_between(source, target, automaton)
    if missing:
        yield from _passed_over(missing, place, states, returns, automaton, slip=slip)
    elif source:
        here = automaton.names[source - 1]
        there = automaton.won_as if target is None else automaton.names[target - 1]
        yield Breach("undeclared", f"{here} -> {there}", here)


def _passed_over(
    missing: list[str], place: int, states: list[int], returns: list[int], automaton: Automaton, *, slip: bool
) -> Iterator[Breach]:
    """Yield what the move into the step at `place` passes over."""
    ahead_again = min((states[back] for back in returns if slip and back > place), default=automaton.size)
    after_return = any(back < place for back in returns)
    for stage in missing:
        state = automaton.state[stage]
        if state in states[:place]:
            if not after_return:
                yield Breach("not-repeated", stage, stage)
        elif state < ahead_again:
            yield Breach("skipped", stage, stage)


def _required_between(source: int, target: int | None, automaton: Automaton) -> list[str]:
    """Return the required stages on the cheapest allowed way.

    Where that leads over none, all that lie between by the order of the list, unless the stage itself says what follows
    it: then that order says nothing.
    """
    way = automaton.route_to_win(source) if target is None else automaton.route(source, target)
    on_the_way = [stage for stage in way if stage in automaton.required]
    if on_the_way or automaton.explicit[source]:
        return on_the_way
    between = automaton.names[source:] if target is None else automaton.names[source : target - 1]
    return [stage for stage in between if stage in automaton.required]
