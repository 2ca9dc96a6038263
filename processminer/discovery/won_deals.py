"""What won deals did: the stages they visited, in which order, and the activities done there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.discovery.discovery import Discovery


@dataclass(frozen=True, slots=True)
class WonDeals:
    """Counts over the won deals that were seen before they closed; what follows the winning event is left out."""

    deals: int
    visited: Mapping[str, int]
    """Stage to the won deals that visited it."""
    first_position: Mapping[str, float]
    """Stage to where in their path won deals first enter it, on average; 1 is the start."""
    starts: Mapping[str, int]
    moves: Mapping[tuple[str, str], int]
    """Move between stages to the won deals that took it at least once."""
    tasks: tuple[tuple[str, str, int], ...]
    """Activity, stage, and the won deals that did the one in the other; the most frequent first."""


def won_deals(discovery: Discovery) -> WonDeals:
    """Return what the won deals of a log did."""
    kinds = {stage.stage: stage.kind for stage in discovery.stages}
    visited: Counter[str] = Counter()
    entered: Counter[str] = Counter()
    starts: Counter[str] = Counter()
    moves: Counter[tuple[str, str]] = Counter()
    total = 0
    for variant in discovery.variants:
        last = max((place for place, stage in enumerate(variant.path) if kinds[stage] == "won"), default=0)
        path = [stage for stage in variant.path[:last] if kinds[stage] == "open"]
        if not (variant.won and path):
            continue
        total += variant.won
        starts[path[0]] += variant.won
        for stage in set(path):
            visited[stage] += variant.won
            entered[stage] += variant.won * (path.index(stage) + 1)
        for move in {move for move in pairwise(path) if move[0] != move[1]}:
            moves[move] += variant.won
    rows = discovery.log.relations.rows(read_sql("processminer.discovery", "won_tasks.sql"))
    tasks = tuple((str(name), str(stage), int(deals)) for name, stage, deals in rows)
    first_position = {stage: entered[stage] / visited[stage] for stage in visited}
    return WonDeals(total, visited, first_position, starts, moves, tasks)
