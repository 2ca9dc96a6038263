# pyright: basic
"""A made log of any size: deals that walk through eight stages, skip some, go back, wait, and close or stay open."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

STAGES = ("Prospecting", "Qualification", "Demo", "Evaluation", "Proposal", "Negotiation", "Legal review", "Verbal")
OUTCOMES = ("Closed Won", "Closed Lost")
WON, LOST = len(STAGES), len(STAGES) + 1

AHEAD, SKIPPED, BACK, STALLED = 0.70, 0.10, 0.08, 0.02
"""Shares of the steps from a stage; the rest of them, and every step past the last stage, closes the deal."""
WON_SHARE = 0.3
MEDIAN_WAIT = 5 * 86_400
"""Seconds in a stage."""
ROW_GROUP = 122_880
"""Rows that DuckDB writes together, where pyarrow would write a million; readers work on groups side by side."""


def main() -> None:
    """Write `log.parquet` and `paths.json` into a folder: `python -m benchmarks.made_log FOLDER EVENTS PATHS SEED`."""
    folder = Path(sys.argv[1])
    events, paths, seed = map(int, sys.argv[2:])
    write_log(folder / "log.parquet", events, seed)
    write_paths(folder / "paths.json", paths, seed)


def write_log(path: Path, events: int, seed: int) -> None:
    """Write a Parquet log of about `events` rows in random order.

    Times are whole seconds, at least one apart within a deal, and no stage follows itself: every tool must agree on it.
    """
    random = np.random.default_rng(seed)
    deal, stage, second = _walk(random, deals=events // 4)
    kept = deal < _deals_within(deal, events)
    order = random.permutation(np.flatnonzero(kept))
    names = pa.array([*STAGES, *OUTCOMES])
    ids = pa.array([f"006{number:012d}" for number in random.permutation(int(deal.max()) + 1)])
    rows = pa.table(
        {
            "deal_id": ids.take(pa.array(deal[order])),
            "stage": names.take(pa.array(stage[order])),
            "entered_at": pa.array(second[order] * 1_000_000, pa.timestamp("us")),
        }
    )
    pq.write_table(rows, path, row_group_size=ROW_GROUP)


def write_paths(path: Path, paths: int, seed: int) -> None:
    """Write distinct paths of stages in JSON: what won deals walked, with a stage left out or put in here and there."""
    random = np.random.default_rng(seed)
    deal, stage, second = _walk(random, deals=paths * 60)
    order = np.lexsort((second, deal))
    starts = np.flatnonzero(np.diff(deal[order], prepend=-1))
    walked = {tuple(steps.tolist()) for steps in np.split(stage[order], starts[1:])}
    rough = {_roughened(random, list(steps[:-1])) for steps in sorted(walked) if steps[-1] == WON for _ in range(3)}
    every = sorted(rough)
    chosen = sorted(random.permutation(len(every))[:paths])
    path.write_text(json.dumps([[STAGES[code] for code in every[number]] for number in chosen]))


def _roughened(random: np.random.Generator, steps: list[int]) -> tuple[int, ...]:
    if random.random() < 0.5:
        del steps[random.integers(len(steps))]
    if random.random() < 0.5:
        steps.insert(int(random.integers(len(steps) + 1)), int(random.integers(WON)))
    return tuple(steps)


def _walk(random: np.random.Generator, deals: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return deal, stage and time of all events, step by step: first the first event of every deal, then the second."""
    deal = np.arange(deals, dtype=np.int64)
    stage = random.choice(2, deals, p=[0.9, 0.1]).astype(np.int64)
    second = 1_577_836_800 + random.integers(0, 3 * 365 * 86_400, deals)
    steps = [(deal, stage, second)]
    while deal.size:
        goes_on = (stage < WON) & (random.random(deal.size) >= STALLED)
        deal, stage, second = deal[goes_on], stage[goes_on], second[goes_on]
        stage = _next_stage(random, stage)
        second = second + 1 + random.lognormal(np.log(MEDIAN_WAIT), 1.2, deal.size).astype(np.int64)
        steps.append((deal, stage, second))
    deal_, stage_, second_ = (np.concatenate(column) for column in zip(*steps, strict=True))
    return deal_, stage_, second_


def _next_stage(random: np.random.Generator, stage: Numbers) -> Numbers:
    closing = np.where(random.random(stage.size) < WON_SHARE, WON, LOST)
    draw = random.random(stage.size)
    options = [draw < AHEAD, draw < AHEAD + SKIPPED, (draw < AHEAD + SKIPPED + BACK) & (stage > 0)]
    moved: Numbers = np.select(options, [stage + 1, stage + 2, stage - 1], -1)
    return np.where((moved < 0) | (moved >= WON), closing, moved)


def _deals_within(deal: Numbers, events: int) -> int:
    """Return how many of the first deals have no more than `events` events together."""
    return int(np.searchsorted(np.cumsum(np.bincount(deal)), events, side="right"))


if __name__ == "__main__":
    main()
