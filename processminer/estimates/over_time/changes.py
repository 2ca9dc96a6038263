"""Whether a series of cohorts changed for good, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from processminer.statistics.change_point import mean_change, share_change
from processminer.statistics.multiplicity import adjusted_p_values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from processminer.estimates.over_time.cohorts import Measure, Series
    from processminer.statistics.change_point import ChangePoint


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """The one change that explains a series best, whether or not it is more than chance."""

    measure: Measure
    stage: str | None
    """None for the whole process."""
    within_days: float
    """The horizon of the series."""
    periods: int
    """Mature cohorts that were looked at."""
    since: date
    """The first cohort after the change."""
    before: float
    after: float
    p: float
    q: float
    """The false discovery rate at which it would still be told, over all series looked at."""


def series_changes(series: Sequence[Series], last: int | None = None) -> tuple[SeriesChange, ...]:
    """Return each series' best change among its `last` mature cohorts (all if not given), in the order given.

    Only mature cohorts count: the figures of younger ones still move. Series with too few are left out. Likelihood
    ratio scan for shares, weighted squares for mean stays, both judged by shuffled periods; q after Benjamini and
    Hochberg (1995).
    """
    found = [one for each in series if (one := _change(each, last)) is not None]
    q = adjusted_p_values([one.p for one in found])
    return tuple(replace(one, q=rate) for one, rate in zip(found, q, strict=True))


def _change(series: Series, last: int | None) -> SeriesChange | None:
    cohorts = series.told if last is None else series.told[-last:]
    units = [one.n for one in cohorts]
    if series.measure == "days in stage":
        best = mean_change([one.estimate.estimate for one in cohorts if one.estimate is not None], units)
    else:
        best = share_change([one.happened for one in cohorts], units)
    return None if best is None else _told(series, best, [one.begins for one in cohorts])


def _told(series: Series, best: ChangePoint, begins: Sequence[date]) -> SeriesChange:
    since = begins[best.at]
    told = series.measure, series.stage, series.within_days
    return SeriesChange(*told, len(begins), since, best.before, best.after, best.p, best.p)
