"""Moves of one moment, put in the order that the stages they left allow."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from processminer.engines.relations import Relations

PACKAGE = "processminer.log.quirks"

NOWHERE = -1
"""The stage left by a row that creates a deal, or whose stage is not said."""

Moves = tuple[tuple[int, int], ...]
"""Stages left and entered."""


def put_in_chains(relations: Relations, as_of: datetime, order: Sequence[int]) -> tuple[int, int]:
    """Reorder the tied steps of `packed` by the stages left; return the number of tied moments, and of those settled.

    `order` says which label each stage of the log's order was. Needs `packed` in the order of the stages.
    """
    new_code = {old: new for new, old in enumerate(order)}
    relations.run(read_sql(PACKAGE, "tied_moments.sql"), {"as_of": as_of})
    patterns = relations.rows("SELECT DISTINCT moves FROM tied_moments ORDER BY moves")
    settled: list[tuple[list[int], list[int]]] = []
    for (packed,) in patterns:
        # A move is packed as two numbers of ten bits, the one it left a place higher so that none is negative.
        moves = tuple((number // 1024 - 1, number % 1024) for number in packed)
        entered = chain(tuple((new_code.get(left, NOWHERE), new_code[to]) for left, to in moves))
        if entered is not None:
            settled.append((packed, list(entered)))
    columns = {"moves": [moves for moves, _ in settled], "codes": [codes for _, codes in settled]}
    relations.put("settled", columns, {"moves": "INTEGER[]", "codes": "INTEGER[]"})
    if settled:
        relations.run(read_sql(PACKAGE, "chained.sql"))
    moments, told = relations.row(
        "SELECT count(*), count(settled.moves) FROM tied_moments LEFT JOIN settled USING (moves)"
    )
    return int(moments), int(told)


def chain(moves: Moves) -> tuple[int, ...] | None:
    """Return the stages entered, in the order in which each move leaves where the one before it went.

    None where there is no such order. It is the path that walks every move once (Hierholzer, 1873); where the moves go
    round, it begins at the earliest stage.

    >>> chain(((2, 3), (1, 2), (0, 1))), chain(((0, 1), (5, 6)))
    ((1, 2, 3), None)
    """
    onward: defaultdict[int, list[int]] = defaultdict(list)
    balance: defaultdict[int, int] = defaultdict(int)
    for left, to in sorted(moves, reverse=True):
        onward[left].append(to)
        balance[left] += 1
        balance[to] -= 1
    begins = sorted(stage for stage, more in balance.items() if more > 0) or [min(onward)]
    if len(begins) > 1 or any(abs(more) > 1 for more in balance.values()):
        return None
    walk: list[int] = []
    waiting = [begins[0]]
    while waiting:
        if onward[waiting[-1]]:
            waiting.append(onward[waiting[-1]].pop())
        else:
            walk.append(waiting.pop())
    return tuple(reversed(walk[:-1])) if len(walk) == len(moves) + 1 else None
