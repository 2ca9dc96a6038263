"""The cheapest explanation of one path where visits are counted and their states are too many to list."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from processminer.conformance.automaton import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.conformance.automaton import Automaton


class Price(NamedTuple):
    """What an explanation costs, and what decides between equally cheap ones: the least of each in this order."""

    cost: int
    logs: int
    early: int
    """How early its moves on log are."""
    models: int
    optional: int

    def plus(self, other: Price) -> Price:
        """Return the price of both together."""
        return Price(*(one + more for one, more in zip(self, other, strict=True)))


class Move(NamedTuple):
    """A step of an explanation; the stage by its number, from 1."""

    kind: Literal["sync", "log", "model"]
    stage: int


class Spot(NamedTuple):
    """How far an explanation is."""

    done: int
    """Steps of the path that are explained."""
    state: int
    used: tuple[int, ...]
    """Visits so far to each stage that the playbook limits."""


def search(codes: Sequence[int], automaton: Automaton, *, won: bool) -> list[Move]:
    """Return the steps of the cheapest explanation that is in no stage more often than the playbook allows.

    Best first, by what the rest costs at least if visits are not counted (A*: Hart, Nilsson and Raphael, 1968). A way
    that costs as much as another to the same place, and has used up as many visits, is not followed.
    `codes` are the numbers of the path's stages; `automaton` counts no visits. One that is won must have a way to win.
    """
    rest = _rest(codes, automaton, won=won)
    watched = tuple(automaton.state[stage] for stage in automaton.most)
    most = tuple(automaton.most.values())
    heap: list[tuple[Price, Spot, Spot | None, Move | None]] = []
    heappush(heap, (Price(rest[0][0], 0, 0, 0, 0), Spot(0, 0, (0,) * len(watched)), None, None))
    came: dict[Spot, tuple[Spot | None, Move | None]] = {}
    settled: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    while True:
        price, spot, before, move = heappop(heap)
        known = settled.setdefault(spot[:2], [])
        if any(_within(less, spot.used) for less in known):
            continue
        known.append(spot.used)
        came[spot] = before, move
        if spot.done == len(codes) and (not won or automaton.wins[spot.state]):
            return _told(spot, came)
        so_far = price._replace(cost=price.cost - rest[spot.done][spot.state])
        for onward, done, state, added in _onward(spot, codes, automaton):
            entered = 0 if onward.kind == "log" else onward.stage
            used = tuple(count + (place == entered) for count, place in zip(spot.used, watched, strict=True))
            left = rest[done][state]
            if left < NEVER and _within(used, most):
                total = so_far.plus(added)
                heappush(heap, (total._replace(cost=total.cost + left), Spot(done, state, used), spot, onward))


def _within(counts: Sequence[int], limits: Sequence[int]) -> bool:
    return all(count <= limit for count, limit in zip(counts, limits, strict=True))


def _rest(codes: Sequence[int], automaton: Automaton, *, won: bool) -> list[list[int]]:
    """Return by steps done and state what the rest costs where visits are not counted."""
    before = automaton.before_sync
    costs = automaton.before_win if won else np.zeros(automaton.size, dtype=np.int64)
    rest = [costs]
    for code in reversed(codes):
        costs = costs + automaton.extra[code]
        if code < automaton.unknown:
            costs = np.minimum(costs, before[:, code] + rest[-1][code])
        costs = np.minimum(costs, NEVER)
        rest.append(costs)
    return [one.tolist() for one in reversed(rest)]


def _onward(spot: Spot, codes: Sequence[int], automaton: Automaton) -> Iterator[tuple[Move, int, int, Price]]:
    """Yield each next move with the steps done and the state after it, and what it adds to the price."""
    code = codes[spot.done] if spot.done < len(codes) else 0
    if code:
        early = len(codes) - 1 - spot.done
        yield Move("log", code), spot.done + 1, spot.state, Price(int(automaton.extra[code]), 1, early, 0, 0)
    for target in np.flatnonzero(automaton.allowed[spot.state]).tolist():
        if target == code:
            yield Move("sync", target), spot.done + 1, target, Price(0, 0, 0, 0, 0)
        price = Price(int(automaton.skip[target]), 0, 0, 1, int(automaton.optional[target]))
        yield Move("model", target), spot.done, target, price


def _told(spot: Spot, came: Mapping[Spot, tuple[Spot | None, Move | None]]) -> list[Move]:
    backwards: list[Move] = []
    before, last = came[spot]
    while before is not None and last is not None:
        backwards.append(last)
        before, last = came[before]
    told: list[Move] = []
    gap: list[Move] = []
    for move in reversed(backwards):
        gap.append(move)
        if move.kind == "sync":
            told += sorted(gap, key=_in_gap)
            gap = []
    return told + sorted(gap, key=_in_gap)


def _in_gap(move: Move) -> int:
    """Return where a move stands between two synchronous ones: moves on model directly before the second."""
    return ("log", "model", "sync").index(move.kind)
