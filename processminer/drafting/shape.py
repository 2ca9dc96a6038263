"""The shape of the process that won deals went through: its stages in order, and the moves that are part of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, groupby, pairwise
from typing import TYPE_CHECKING

from processminer.playbook.order import best_order
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from processminer.discovery.won_deals import Path

RARE = 0.05
"""What fewer than one in twenty won deals do is an exception, not the process; so rare a way to begin as well."""

REQUIRED = 0.9
"""What nine in ten won deals do is the rule; a lower bar would make a deviant of every fifth deal that is won."""

USUAL_MOVE = 0.1
"""A way back, or past a required stage, that one in ten won deals takes is part of how deals are won; a rarer one is
worth a look."""

WON = ""
"""Stands for the win among the ends of a move; no stage has an empty name here."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """How clear it is that a stage comes behind the one written before it."""

    both: int
    """Won deals that were in both."""
    in_order: int
    """Those that came to the one written first before they came to the other."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the process, at its place in the order."""

    name: str
    spellings: tuple[str, ...]
    """Other ways in which the log writes its name."""
    won_deals: int
    """Won deals that were here."""
    due: int
    """Won deals that began no later than here, or where none may begin."""
    came: int
    """Those of the due that were here."""
    begun: int
    """Won deals that began here."""
    optional: bool
    may_start: bool
    behind: Neighbours | None
    """None for the first."""
    returns: Mapping[str, int] = field(default_factory=dict[str, int])
    """The earlier stages that many go back to, and how many won deals did."""
    skips: Mapping[str, int] = field(default_factory=dict[str, int])
    """The later stages, or WON, that many go on to past required ones, and how many won deals did."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The process of the won deals."""

    won_deals: int
    steps: tuple[Step, ...]
    left_out: tuple[tuple[str, int], ...]
    """Stages that hardly any won deal was in, and how many were, the most visited first."""
    moves: int
    """Moves of won deals from a step to another one, each as often as it was made."""
    forward: int
    """Those of them that lead to a later step."""
    ways: Mapping[Path, int]
    """The ways of won deals as the log writes them, the most travelled first."""
    spellings: Mapping[str, str]
    """How the log writes each step, to the name of the step."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the ways of won deals say, counted once for all."""

    visited: Counter[str]
    position: Counter[str]
    """Stage to the sum of the places at which deals first came to it; 1 is the start."""
    starts: Counter[str]
    moves: Counter[tuple[str, str]]
    """As often as made."""
    moved: Counter[tuple[str, str]]
    """Deals that made it; WON stands behind the last stage."""
    before: Counter[tuple[str, str]]
    """Two stages to the deals that were in both and came to the former first."""


def shape_of(ways: Mapping[Path, int], ends: Collection[str] = (), entered: Sequence[str] = ()) -> Shape:
    """Return the shape of the process that shows in the ways of won deals.

    `ends` are the names of outcomes, which no stage may bear. Stages stand in the order in which most moves go
    forward; of such orders, in the one in which most deals first came to them. Without a won deal all stages `entered`
    are optional and stand in the order given.
    """
    deals = sum(ways.values())
    told = _told(ways)
    if not deals:
        told.visited.update(dict.fromkeys(entered, 0))
        told.position.update({stage: at for at, stage in enumerate(entered, 1)})
    spellings, left_out = _sorted_out(told, deals, {fold(name) for name in ends})
    kept = _under_kept_names(ways, spellings)
    again = _told(kept)
    first = {name: told.position[name] / max(1, told.visited[name]) for name in set(spellings.values())}
    by_arrival = sorted(first, key=lambda name: (first[name], name))
    order = best_order(by_arrival, _weighed(again)) or (_some_name(ends),)
    place = {name: at for at, name in enumerate(order)}
    return Shape(
        won_deals=deals,
        steps=tuple(_steps(order, spellings, again, kept, deals)),
        left_out=left_out,
        moves=sum(again.moves.values()),
        forward=sum(times for (one, other), times in again.moves.items() if place[one] < place[other]),
        ways=ways,
        spellings=spellings,
    )


def _told(ways: Mapping[Path, int]) -> _Told:
    told = _Told(Counter(), Counter(), Counter(), Counter(), Counter(), Counter())
    for way, deals in ways.items():
        told.starts[way[0]] += deals
        first = {stage: way.index(stage) for stage in dict.fromkeys(way)}
        for stage, at in first.items():
            told.visited[stage] += deals
            told.position[stage] += deals * (at + 1)
        for pair in combinations(first, 2):
            told.before[pair] += deals
        for move in pairwise(way):
            told.moves[move] += deals
        for move in set(pairwise((*way, WON))):
            told.moved[move] += deals
    return told


def _sorted_out(told: _Told, deals: int, ends: Collection[str]) -> tuple[dict[str, str], tuple[tuple[str, int], ...]]:
    """Map each spelling of a stage to the stage, and name the stages that are too rare to write down.

    Names that a playbook cannot tell apart are one: the most visited one stands for all.
    """
    kept: dict[str, str] = {}
    spellings: dict[str, str] = {}
    rare: list[tuple[str, int]] = []
    for stage, visits in sorted(told.visited.items(), key=lambda one: (-one[1], told.position[one[0]], one[0])):
        key = fold(stage)
        if not stage.strip() or key in ends:
            continue
        if key not in kept and kept and visits < RARE * deals:
            rare.append((stage, visits))
        else:
            spellings[stage] = kept.setdefault(key, stage)
    return spellings, tuple(rare)


def _under_kept_names(ways: Mapping[Path, int], spellings: Mapping[str, str]) -> dict[Path, int]:
    kept: Counter[Path] = Counter()
    for way, deals in ways.items():
        named = [spellings[stage] for stage in way if stage in spellings]
        kept[tuple(stage for stage, _ in groupby(named))] += deals
    kept.pop((), None)
    return kept


def _weighed(told: _Told) -> dict[tuple[str, str], int]:
    """Return the moves, with first arrivals weighing so little that they decide between equals alone."""
    move = 1 + sum(told.before.values())
    return {pair: move * told.moves[pair] + told.before[pair] for pair in sorted({*told.moves, *told.before})}


def _some_name(ends: Collection[str]) -> str:
    """Return the name of a stage that stands for all that deals do before they end: a playbook needs one."""
    taken = {fold(name) for name in ends}
    return next(name for name in ("Open", "Under way", "Before the end") if fold(name) not in taken)


def _steps(
    order: Sequence[str], spellings: Mapping[str, str], told: _Told, ways: Mapping[Path, int], deals: int
) -> Iterator[Step]:
    usual = {name for name in order if 0 < told.starts[name] >= RARE * deals}
    due, came = _dues(order, usual, told, ways, deals)
    optional = [here < REQUIRED * asked or not here for asked, here in zip(due, came, strict=True)]
    for at, name in enumerate(order):
        late = usual.intersection(order[at + 1 :])
        if late and all(optional[:at]) and late == set(order[at + 1 : _reach(optional, at) + 1]):
            # To begin wherever the first stage leads to is to leave it out.
            optional[at] = told.visited[name] < REQUIRED * deals
            due[at], came[at] = deals, told.visited[name]
    for at, name in enumerate(order):
        reach = _reach(optional, at)
        yield Step(
            name=name,
            spellings=tuple(sorted(one for one, main in spellings.items() if main == name and one != name)),
            won_deals=told.visited[name],
            due=due[at],
            came=came[at],
            begun=told.starts[name],
            optional=optional[at],
            may_start=name in usual and not all(optional[:at]),
            behind=_neighbours(told, order[at - 1], name) if at else None,
            returns=_usual(told, name, order[:at]),
            skips=_usual(told, name, (*order, WON)[reach + 1 :]),
        )


def _reach(optional: Sequence[bool], at: int) -> int:
    """Return the place of the next required stage: that one and all before it may follow; a longer step is a skip."""
    return next((place for place in range(at + 1, len(optional)) if not optional[place]), len(optional))


def _dues(
    order: Sequence[str], usual: set[str], told: _Told, ways: Mapping[Path, int], deals: int
) -> tuple[list[int], list[int]]:
    """Return how many won deals owe each stage a visit, and how many of them paid it.

    A deal that begins at a later stage, where many begin, owes nothing to those before it.
    """
    due: list[int] = []
    came: list[int] = []
    for at, name in enumerate(order):
        late = usual.intersection(order[at + 1 :])
        due.append(deals - sum(told.starts[start] for start in late))
        came.append(told.visited[name] - sum(often for way, often in ways.items() if way[0] in late and name in way))
    return due, came


def _usual(told: _Told, name: str, targets: Iterable[str]) -> dict[str, int]:
    return {
        other: told.moved[name, other]
        for other in targets
        if 0 < told.moved[name, other] >= USUAL_MOVE * told.visited[name]
    }


def _neighbours(told: _Told, first: str, second: str) -> Neighbours:
    in_order = told.before[first, second]
    return Neighbours(in_order + told.before[second, first], in_order)
