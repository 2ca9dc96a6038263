"""The metrics of the playbook that a log can measure, each held against its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.conformance.walks import places_of, read_walks
from processminer.engines.relations import read_sql
from processminer.estimates.held import HeldMetric
from processminer.playbook.targets import OF_DAYS, read_target
from processminer.statistics.proportions import normal_quantile, wilson
from processminer.statistics.survival import horizon, incidence, risk_table
from processminer.words import fold, say_days

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.figures import StageTime, WinRate
    from processminer.estimates.held import Verdict
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.metrics import Measure, Metric
    from processminer.statistics.interval import Interval

PACKAGE = "processminer.estimates"


@dataclass(frozen=True, slots=True)
class Measured:
    """An estimate, its limits (None where not reached), and what it rests on; no estimate, and why."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int
    of: str


@dataclass(frozen=True, slots=True)
class Known:
    """What metrics are measured with."""

    discovery: Discovery
    found: Conformance
    playbook: Playbook
    stages: Sequence[StageTime]
    wins: WinRate


def hold_metrics(known: Known) -> tuple[HeldMetric, ...]:
    """Return each metric of the playbook with what the log says of it, in the playbook's order.

    A target is met where both limits keep it, missed where neither does; else nobody can tell. A limit that is not
    reached is taken to lie beyond any target.
    """
    return tuple(_held(metric, known) for metric in known.playbook.metrics)


def _held(metric: Metric, known: Known) -> HeldMetric:
    measured = Measured(None, None, None, 0, "People count it: the playbook names no measure.")
    if metric.measure is not None:
        measured = _MEASURES[metric.measure](known, metric.stage)
    return HeldMetric(
        name=metric.name,
        measure=metric.measure,
        stage=metric.stage,
        owner=metric.owner,
        target=metric.target,
        unit="days" if metric.measure in OF_DAYS else "share",
        estimate=measured.estimate,
        low=measured.low,
        high=measured.high,
        n=measured.n,
        of=measured.of,
        verdict=verdict_on(metric, measured),
    )


def verdict_on(metric: Metric, measured: Measured) -> Verdict:
    """Say what a measured metric means for its target: met or missed only where both limits agree."""
    if metric.measure is None:
        return "people count it"
    if metric.target is None:
        return "no target" if measured.n else "not measured"
    if not measured.n:
        return "not measured"
    target = read_target(metric.target, metric.measure)
    low = target.met_by(float("-inf") if measured.low is None else measured.low)
    high = target.met_by(float("inf") if measured.high is None else measured.high)
    if low and high:
        return "met"
    return "cannot tell" if low or high else "missed"


def _share(part: int, whole: int, of: str, nothing: str) -> Measured:
    return _of_interval(wilson(part, whole), whole, of) if whole else _not(nothing)


def _of_interval(interval: Interval, n: int, of: str) -> Measured:
    return Measured(interval.estimate, interval.low, interval.high, n, of)


def _not(why: str) -> Measured:
    return Measured(None, None, None, 0, why)


def _win_rate(known: Known, _: str | None) -> Measured:
    return _share(known.wins.won, known.wins.closed, "of the deals that closed were won", "No deal has closed.")


def _won_lead_time(known: Known, _: str | None) -> Measured:
    """Return the median days to a win, with the limits of the sign test (order statistics, Conover, 1999)."""
    values = {"z": normal_quantile(0.95)}
    deals, median, low, high = known.discovery.log.relations.row(read_sql(PACKAGE, "won_days.sql"), values)
    if not deals:
        return _not("No won deal was seen from its begin.")
    return Measured(median, low, high, deals, "median from the first event to the win, of won deals")


def _time_in_stage(known: Known, stage: str | None) -> Measured:
    names = _spellings(known, stage)
    time = next((one for one in known.stages if one.stage in names), None)
    if time is None or not time.deals:
        return _not(f"No stay in {stage} has a length of its own.")
    low, high = time.median_limits
    of = f"median stay in {stage}, stays that have not ended counted as censored"
    return Measured(time.median_days, low, high, time.deals, of)


def _conversion(known: Known, stage: str | None) -> Measured:
    """Return the share of stays that go on to a later stage or a win, those not ended censored (Aalen & Johansen)."""
    log = known.discovery.log
    numbered = [(code, place) for code, place in enumerate(places_of(log.stages, known.playbook)) if place > 0]
    codes, places = zip(*numbered, strict=True) if numbered else ((), ())
    types = {"code": "SMALLINT", "place": "INTEGER"}
    log.relations.put("places", {"code": codes, "place": places}, types)
    values = {"as_of": log.as_of.replace(tzinfo=None)}
    counted = np.array(log.relations.rows(read_sql(PACKAGE, "gone_on.sql"), values), dtype=np.float64).reshape(-1, 5)
    own = [code for code, place in numbered if known.playbook.names[place - 1] == stage]
    rows = counted[np.isin(counted[:, 0], own)]
    if not len(rows):
        return _not(f"No stay in {stage} has a length of its own.")
    # Two spellings of one stage may have the same lengths.
    days, place = np.unique(rows[:, 1], return_inverse=True)
    onward, otherwise, still = (np.bincount(place, rows[:, column]) for column in (2, 3, 4))
    table = risk_table(days, np.stack([onward, otherwise], axis=1), still)
    tau = horizon(table)
    of = f"of the stays in {stage} go on to a later stage or a win within {say_days(tau)}"
    return _of_interval(incidence(table, tau)[0], table.units, of)


def _over_limit(known: Known, _: str | None) -> Measured:
    if not any(rule.kind == "time-limit" for rule in known.found.obligations):
        return _not("No stage has a time limit.")
    still = known.discovery.totals.open
    return _share(known.found.over_limit.deals, still, "of the open deals are over a limit", "No deal is open.")


def _no_decision(known: Known, _: str | None) -> Measured:
    nobody = {fold(name) for name in known.playbook.outcomes.no_decision}
    if not nobody:
        return _not("The playbook names no outcome for deals that nobody decided: outcomes, no_decision.")
    lost = [walk for walk in read_walks(known.discovery.log, known.playbook) if walk.ending == "lost" and walk.close]
    undecided = sum(walk.deals for walk in lost if fold(walk.close or "") in nobody)
    of = "of the lost deals with a path were lost to nobody"
    return _share(undecided, sum(walk.deals for walk in lost), of, "No deal with a path was lost.")


def _fitness(known: Known, _: str | None) -> Measured:
    measures = known.found.measures
    if measures is None or measures.fitness is None:
        return _not("No deal has a path that could be held against the playbook.")
    forgiven = ", what is accepted forgiven" if known.found.accepted else ""
    return _of_interval(measures.fitness, measures.deals, f"mean fitness of the deals with a path{forgiven}")


def _spellings(known: Known, stage: str | None) -> set[str]:
    log = known.discovery.log
    return {
        one.name
        for one, place in zip(log.stages, places_of(log.stages, known.playbook), strict=True)
        if place > 0 and known.playbook.names[place - 1] == stage
    }


_MEASURES: Mapping[Measure, Callable[[Known, str | None], Measured]] = {
    "win rate": _win_rate,
    "won lead time": _won_lead_time,
    "time in stage": _time_in_stage,
    "conversion": _conversion,
    "deals over limit": _over_limit,
    "no decision": _no_decision,
    "fitness": _fitness,
}
