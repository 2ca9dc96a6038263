# pyright: basic
"""The flow of a log as pm4py finds it on pandas, by the functions that its documentation tells users to call."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

import pandas as pd
import pm4py

if TYPE_CHECKING:
    from pathlib import Path


def measure(path: Path) -> dict[str, Any]:
    """Return the same figures as the other tools."""
    rows = pd.read_parquet(path)
    log = pm4py.format_dataframe(rows, case_id="deal_id", activity_key="stage", timestamp_key="entered_at")
    counts, _starts, _ends = pm4py.discover_dfg(log)
    times, _starts, _ends = pm4py.discover_performance_dfg(log)
    variants: Any = pm4py.get_variants(log)
    return {
        "edges": sorted((*edge, int(count), round(times[edge]["median"] * 2)) for edge, count in counts.items()),
        "variants": sorted((int(deals), " > ".join(path)) for path, deals in variants.items()),
        "lead time": median(pm4py.get_all_case_durations(log)),
    }
