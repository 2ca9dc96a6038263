# pyright: basic
"""Each measure that a metric may have agrees with a count by hand, and is held against its target by its limits."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from processminer.conformance.by_version import conform_to
from processminer.conformance.measures.weigh import weigh
from processminer.discovery.discover import discover
from processminer.estimates.estimate import estimate
from processminer.estimates.metrics import Measured, verdict_on
from processminer.playbook.parts.metrics import Metric
from processminer.playbook.parts.outcomes import Outcomes
from processminer.playbook.parts.stages import Stage
from processminer.playbook.versions import Version
from processminer.statistics.proportions import wilson
from tests.conformance_stories import playbook_of
from tests.worlds import Stop, log_of

if TYPE_CHECKING:
    from processminer.estimates.held import HeldMetric

LENGTHS = [3.0, 4.0, 6.0, 7.0, 9.0, 11.0, 12.0, 15.0, 20.0, 30.0]
"""Days that the won deals took."""


def held(
    *metrics: Metric, limit: float | None = None, no_decision: tuple[str, ...] = ("Silent",)
) -> tuple[HeldMetric, ...]:
    deals: dict[str, list[Stop]] = {f"won{at}": [("A", 0), ("B", 1), ("Won", days)] for at, days in enumerate(LENGTHS)}
    deals |= {f"lost{at}": [("A", 0), ("Lost" if at else "Silent", 2)] for at in range(4)}
    deals |= {f"open{at}": [("A", 38.0 - at), ("B", 39.0 - at)] for at in range(2)}
    playbook = playbook_of("A", Stage(name="B", time_limit=limit)).model_copy(
        update={
            "metrics": metrics,
            "outcomes": Outcomes(won=("Won",), lost=("Lost", "Silent"), no_decision=no_decision),
        }
    )
    log = log_of(deals, as_of_day=40, order=["A", "B"], lost=("Lost", "Silent"))
    discovery = discover(log)
    found = weigh(conform_to(discovery, [Version(playbook, "", "p.yaml")]), log, playbook)
    return estimate(discovery, found, playbook).metrics


def metric(measure: str | None, target: str | None = None, stage: str | None = None) -> Metric:
    return Metric.model_validate({"name": "m", "measure": measure, "target": target, "stage": stage})


def test_the_win_rate_is_that_of_closed_deals() -> None:
    (one,) = held(metric("win rate", "at least 25%"))
    limits = wilson(10, 14)
    assert (one.estimate, one.low, one.high, one.n) == (limits.estimate, limits.low, limits.high, 14)
    assert (one.unit, one.verdict) == ("share", "met")


def test_the_days_to_a_win_are_the_median_with_limits_that_hold_it_in_19_of_20_samples() -> None:
    (one,) = held(metric("won lead time", "at most 30 days"))
    assert (one.estimate, one.n, one.unit) == (median(LENGTHS), 10, "days")
    assert one.low is not None
    assert one.high is not None
    below, above = LENGTHS.index(one.low), LENGTHS.index(one.high)
    # The median lies between the two if from below + 1 to above of the ten deals lie below it.
    assert binom.cdf(above, 10, 0.5) - binom.cdf(below, 10, 0.5) >= 0.95
    assert one.verdict == "met"


def test_a_target_between_the_limits_cannot_be_told() -> None:
    long, short, hard = held(
        metric("won lead time", "at most 10 days"),
        metric("won lead time", "at most 2 days"),
        metric("win rate", "at least 95%"),
    )
    assert [one.verdict for one in (long, short, hard)] == ["cannot tell", "missed", "missed"]


def test_a_stay_in_a_stage_and_how_many_go_on_from_it_count_those_not_ended() -> None:
    days, onward = held(metric("time in stage", "at most 60 days", "B"), metric("conversion", "at least 50%", "A"))
    # The two that are still in B have not come to the median yet: they are censored, not dropped.
    assert (days.estimate, days.n) == (10.0, 12)
    assert (onward.estimate, onward.n) == (pytest.approx(12 / 16), 16)
    assert onward.of.startswith("of the stays in A go on to a later stage or a win within")


def test_open_deals_over_a_limit_and_lost_deals_that_nobody_decided_are_shares_of_their_own() -> None:
    over, nobody = held(metric("deals over limit"), metric("no decision", "at most 90%"), limit=1.5)
    assert (over.estimate, over.n, over.verdict) == (0.5, 2, "no target")
    assert (nobody.estimate, nobody.n, nobody.verdict) == (0.25, 4, "met")


def test_what_cannot_be_measured_says_why_and_what_people_count_is_left_to_them() -> None:
    over, nobody, people = held(
        metric("deals over limit", "at most 5%"),
        metric("no decision", "at most 5%"),
        metric(None, "at least 20"),
        no_decision=(),
    )
    assert [(one.verdict, one.n, one.estimate) for one in (over, nobody, people)] == [
        ("not measured", 0, None),
        ("not measured", 0, None),
        ("people count it", 0, None),
    ]
    assert over.of == "No stage has a time limit."
    assert "no_decision" in nobody.of


def test_the_fitness_is_that_of_the_check() -> None:
    (one,) = held(metric("fitness", "at least 90%"))
    assert (one.estimate, one.low, one.high, one.n, one.verdict) == (1.0, 1.0, 1.0, 16, "met")


@given(
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).map(sorted),
    st.integers(0, 100),
    st.booleans(),
)
def test_a_target_is_met_or_missed_only_if_both_limits_agree(limits: list[float], percent: int, at_least: bool) -> None:
    low, estimate, high = limits
    asked = metric("win rate", f"{'at least' if at_least else 'at most'} {percent}%")
    found = verdict_on(asked, Measured(estimate, low, high, 10, ""))
    kept = [value >= percent / 100 if at_least else value <= percent / 100 for value in (low, high)]
    assert found == {2: "met", 1: "cannot tell", 0: "missed"}[sum(kept)]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(None, 5.0, "met"), (None, 12.0, "cannot tell"), (12.0, None, "missed"), (5.0, None, "cannot tell")],
)
def test_a_limit_that_is_not_reached_lies_beyond_any_target(
    low: float | None, high: float | None, verdict: str
) -> None:
    assert verdict_on(metric("won lead time", "at most 10 days"), Measured(None, low, high, 3, "")) == verdict
