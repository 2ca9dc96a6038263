# pyright: basic
"""The same tables by the usual route: a data frame of single stays, and a library's curves for each stage."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from benchmarks.made_stays import DAY, LIMIT, LOOKED_AT, OUTCOMES, STAGES

if TYPE_CHECKING:
    from pathlib import Path


def measure(path: Path) -> dict[str, Any]:
    """Return by stage its median, and where deals went from it with what chance; all by whole days."""
    import numpy as np
    import pandas as pd

    with warnings.catch_warnings():
        # Its import warns of what it will no longer import.
        warnings.simplefilter("ignore")
        from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

    stays = pd.read_parquet(path)
    epoch = stays["entered_at"].to_numpy().astype("datetime64[us]").astype(np.int64)
    until = stays["left_at"].fillna(pd.Timestamp("1970-01-01") + pd.Timedelta(days=LOOKED_AT))
    length = until.to_numpy().astype("datetime64[us]").astype(np.int64) - epoch
    stays["days"] = length // DAY + 0.5
    names = (*STAGES, *OUTCOMES)
    medians: dict[str, float] = {}
    exits: dict[str, list[tuple[str, float]]] = {}
    means: dict[str, float] = {}
    for code, stage in enumerate(STAGES):
        those = stays[stays["stage"] == code]
        days, target = those["days"].to_numpy(), those["next_stage"].fillna(-1).to_numpy().astype(int)
        curve = SurvfuncRight(days, (target >= 0).astype(int))
        medians[stage] = float(curve.quantile(0.5))
        causes = np.unique(target[target >= 0])
        with np.errstate(all="ignore"):
            shares = CumIncidenceRight(days, np.searchsorted(causes, target) * (target >= 0) + (target >= 0))
        last = int(np.searchsorted(shares.times, LIMIT, side="right")) - 1
        reached = np.array(shares.cinc)[:, last]
        exits[stage] = sorted((names[cause], round(float(one), 6)) for cause, one in zip(causes, reached, strict=True))
        seen = curve.surv_times <= LIMIT
        edges = np.concatenate(([0.0], curve.surv_times[seen], [LIMIT]))
        heights = np.concatenate(([1.0], np.asarray(curve.surv_prob)[seen]))
        means[stage] = round(float((heights * np.diff(edges)).sum()), 6)
    return {"medians": medians, "exits": exits, "means": means}
