# pyright: basic
"""The flow of a log as pm4py finds it on pandas.

One sort and one pass for counts and times together: the cheapest way that pm4py offers.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

import pandas as pd
import pm4py
from pm4py.algo.discovery.dfg.adapters.pandas.df_statistics import get_dfg_graph

if TYPE_CHECKING:
    from pathlib import Path

CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"


def measure(path: Path) -> dict[str, Any]:
    """Return the same figures as the other tools."""
    log = pd.read_parquet(path)
    log.columns = [CASE, ACTIVITY, TIME]
    log = log.sort_values([CASE, TIME], ignore_index=True)
    counts, medians = get_dfg_graph(log, measure="both", perf_aggregation_key="median", sort_caseid_required=False)
    variants: Any = pm4py.get_variants(log)
    return {
        "edges": sorted((*edge, int(count), round(medians[edge] * 2)) for edge, count in counts.items()),
        "variants": sorted((int(deals), " > ".join(path)) for path, deals in variants.items()),
        "lead time": median(pm4py.get_all_case_durations(log)),
    }
