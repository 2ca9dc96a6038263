"""What is said in a sentence of metrics stands alone."""

from __future__ import annotations

from processminer.estimates.held import HeldMetric, Verdict
from processminer.report.weighed import say_metrics


def held(verdict: Verdict) -> HeldMetric:
    return HeldMetric(
        name=verdict, measure=None, stage=None, owner=None, target=None, unit="share", estimate=None, low=None,
        high=None, n=0, of="", verdict=verdict,
    )  # fmt: skip


def test_how_many_metrics_stand_how_is_said_in_one_sentence() -> None:
    assert say_metrics([]) == ""
    told = say_metrics([held("people count it"), held("cannot tell"), held("met"), held("people count it")])
    assert told == "Of 4 metrics: 1 met, 1 too close to its target to tell and 2 counted by people."
