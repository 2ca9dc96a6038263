# pyright: basic
"""Made stays of any number: six stages, open, lost and going on, as discovery leaves them in the database."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

STAGES = ("Prospecting", "Qualification", "Demo", "Proposal", "Negotiation", "Verbal")
OUTCOMES = ("Closed Won", "Closed Lost")
VISITS = 4
"""Stays of each deal."""
SPAN_DAYS, LOOKED_AT = 1_460, 1_500
"""Over so many days stays begin; on which day the log is looked at."""
LIMIT = 365.0
"""Days to which means and chances reach."""
DAY = 86_400_000_000
"""Microseconds."""
AT_ONCE = 1_000_000


def main() -> None:
    """Write a Parquet file: `python -m benchmarks.made_stays FILE STAYS SEED`."""
    file, stays, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    random = np.random.default_rng(seed)
    with pq.ParquetWriter(file, _rows(random, 0, 1).schema) as writer:
        for first in range(0, stays, AT_ONCE):
            writer.write_table(_rows(random, first, min(AT_ONCE, stays - first)))


def _rows(random: np.random.Generator, first: int, many: int) -> pa.Table:
    number = np.arange(first, first + many)
    stage = random.integers(0, len(STAGES), many).astype(np.int16)
    entered = random.integers(0, SPAN_DAYS * DAY, many)
    left = entered + (random.weibull(0.8, many) * (45 + 8 * stage) * DAY).astype(np.int64)
    gone = left <= LOOKED_AT * DAY
    lost = random.random(many) < 0.25
    onward = np.where(lost, len(STAGES) + 1, np.where(stage + 1 < len(STAGES), stage + 1, len(STAGES)))
    return pa.table(
        {
            "deal": pa.array((number // VISITS).astype(np.int32)),
            "position": pa.array((number % VISITS + 1).astype(np.int32)),
            "stage": pa.array(stage),
            "entered_at": pa.array(entered, pa.timestamp("us")),
            "left_at": pa.array(left, pa.timestamp("us"), mask=~gone),
            "next_stage": pa.array(onward.astype(np.int16), mask=~gone),
        }
    )


if __name__ == "__main__":
    main()
