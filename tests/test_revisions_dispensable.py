"""When a step may be left out: only on proof that it brings nothing worth having."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from processminer.estimates.conduct import Conduct
from processminer.estimates.effects.trial import Adjusted, Arm, Effect, Part, Trial
from processminer.findings.facts import facts_of
from processminer.revisions.propose import propose
from processminer.statistics.estimated import Estimated
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import needed_units, normal_quantile
from tests.audits import FILE, audit, many

if TYPE_CHECKING:
    from processminer.revisions.revision import Revision, Undecided
    from processminer.study import Study

TEXT = """\
name: New business
stages:
  - name: Lead
  - name: Demo
    tasks:
      - do: Call the buyer
        seen_as: [Call]
  - name: Trial
  - name: Proposal
outcomes: {won: [Won], lost: [Lost]}
"""


@cache
def skipping() -> Study:
    """Deals that skip a stage and a task often enough for findings."""
    return audit(
        TEXT,
        many(
            {
                "whole * 40": ["Lead", "Demo", "Trial", "Proposal", "Won"],
                "no demo * 40": ["Lead", "Trial", "Proposal", "Lost"],
            }
        ),
        tasks={"whole-01": [("Call", 1.5)]},
    )


def effect(kind: Any, subject: str, limits: Interval | None, done: int = 2000, skipped: int = 2000) -> Effect:
    """Return a comparison of all deals with these limits, half of which acted unless told otherwise."""
    stage = subject if kind == "stage" else "Demo"
    adjusted = None if limits is None else _adjusted(limits, done / (done + skipped))
    return Effect(
        trial=Trial(kind, subject, stage),
        horizon_days=90,
        acted=Arm(done, done // 3, 0, done, 30.0),
        did_not=Arm(skipped, skipped // 3, 0, skipped, 30.0),
        crude=Interval(0.2, 0.1, 0.3),
        adjusted=adjusted,
        refused="" if adjusted else "none of the deals have others like them that decided otherwise",
        held_equal=("Segment",),
        left_out={},
        benchmark=None,
        e_value=None,
        negative_control=None,
        discovery=None,
        confirmation=None,
        overlap=0.97 if adjusted else 0.0,
    )


def _adjusted(limits: Interval, acting: float) -> Adjusted:
    error = (limits.high - limits.low) / 2 / normal_quantile(0.95)
    parts = (Estimated(limits.estimate * share, error * abs(share), math.inf) for share in (1, 1 - acting, -acting))
    difference, if_all, if_none = parts
    return Adjusted(
        difference, 0.3 + limits.estimate, 0.3, if_all, if_none, "deals", 4000, 0.97, (1900.0, 1900.0),
        {"Segment": (0.3, 0.01)},
    )  # fmt: skip


def proposed(*effects: Effect) -> tuple[tuple[Revision, ...], tuple[Undecided, ...]]:
    told = skipping()
    estimates = replace(told.estimates, effects=effects, conduct=Conduct(), queue=None)
    facts = facts_of(told.discovery, told.conformance, estimates, told.declared.playbook)
    return propose(told.findings, facts, TEXT, FILE)


def limits_of(revision: Revision) -> tuple[float, float, float]:
    told = revision.effect["win_rate"]
    return told.estimate, told.low, told.high


def test_a_stage_shown_to_add_less_than_five_points_becomes_optional() -> None:
    revisions, undecided = proposed(effect("stage", "Demo", Interval(0.0, -0.03, 0.03)))
    (revision,) = revisions
    assert (revision.kind, revision.subject, revision.grade) == ("make-stage-optional", "Demo", "B")
    assert limits_of(revision) == pytest.approx((0.0, -0.015, 0.015))
    assert revision.q is not None
    assert revision.q <= 0.01
    assert "+  - name: Demo" not in revision.diff
    assert "+    optional: true" in revision.diff
    assert {one.subject for one in undecided} == {"Call the buyer"}


def test_what_is_predicted_reaches_from_nobody_to_everybody_and_is_told_of_all_deals_too() -> None:
    (revision,), _ = proposed(effect("stage", "Demo", Interval(-0.06, -0.1, -0.02), done=1500, skipped=500))
    estimate, low, high = limits_of(revision)
    assert (estimate, low, high) == pytest.approx((0.045, 0.0, 0.075))
    overall = revision.effect["win_rate_overall"]
    # Of the closed deals of this log, all came to the decision.
    assert (overall.estimate, overall.low, overall.high) == pytest.approx((0.045, 0.0, 0.075))
    assert revision.beliefs["win_rate"].low == "nobody changes what they do"
    assert "upper limit" in revision.beliefs["win_rate"].high
    assert revision.crude == Interval(0.2, 0.1, 0.3)
    assert "Segment" in revision.losers


def test_a_stage_shown_to_help_is_neither_made_optional_nor_called_undecided() -> None:
    revisions, undecided = proposed(effect("stage", "Demo", Interval(0.02, 0.01, 0.03)))
    assert revisions == ()
    assert {one.subject for one in undecided} == {"Call the buyer"}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (Interval(-0.16, -0.21, -0.11), "remove-stage"),
        (Interval(-0.08, -0.11, -0.05), "make-stage-optional"),
        (Interval(-0.07, -0.1, -0.04), "make-stage-optional"),
        (Interval(-0.03, -0.061, 0.001), "make-stage-optional"),
    ],
    ids=["costs deals", "costs what one more does", "costs fewer than five in a hundred", "may cost deals"],
)
def test_a_stage_goes_only_where_it_is_shown_to_cost_deals(told: Interval, kind: str) -> None:
    (revision,), _ = proposed(effect("stage", "Demo", told))
    assert (revision.kind, revision.subject) == (kind, "Demo")


def test_a_stage_that_helps_one_segment_is_not_taken_out() -> None:
    found = effect("stage", "Demo", Interval(-0.16, -0.21, -0.11))
    parts = (Part("A", 2000, 1000, Estimated(-0.2, 0.02, 99)), Part("B", 2000, 1000, Estimated(0.04, 0.02, 99)))
    (revision,), _ = proposed(replace(found, segment="Segment", parts=parts))
    assert revision.kind == "make-stage-optional"
    assert "for B: +4.0 points" in revision.losers


@pytest.mark.parametrize(
    ("told", "doubt"),
    [
        (effect("stage", "Demo", Interval(0.0, -0.06, 0.06), 300, 300), "it may be worth 5 points or more, or nothing"),
        (effect("stage", "Demo", Interval(0.03, -0.001, 0.061)), "it may be worth 5 points or more, or nothing"),
        (
            replace(
                effect("stage", "Demo", Interval(0.0, -0.02, 0.02)), negative_control=Estimated(0.3, 0.1, math.inf)
            ),
            "the deals differed already before the moment",
        ),
    ],
    ids=["limits too wide", "between nothing and five points", "they differed before"],
)
def test_what_the_comparison_leaves_open_is_undecided_and_takes_more_deals(told: Effect, doubt: str) -> None:
    revisions, undecided = proposed(told)
    (demo,) = (one for one in undecided if one.subject == "Demo")
    assert revisions == ()
    assert demo.needed_deals > told.deals
    assert doubt in demo.because


@pytest.mark.parametrize(("freedom", "differed"), [(math.inf, True), (200.0, True), (5.4, False)])
def test_few_owners_must_differ_by_more_before_deals_are_said_to_have_differed_already(
    freedom: float, differed: bool
) -> None:
    control = Estimated(-0.033, 0.01, freedom)
    told = replace(effect("stage", "Demo", Interval(0.0, -0.02, 0.02)), negative_control=control)
    assert told.screams is differed


def test_where_owners_decide_their_skill_may_be_what_was_seen() -> None:
    found = effect("stage", "Demo", Interval(0.0, -0.02, 0.02))
    assert found.adjusted is not None
    owners = replace(found, adjusted=replace(found.adjusted, counted="owners"), overlap=None)
    revisions, undecided = proposed(owners)
    assert revisions == ()
    (demo,) = (one for one in undecided if one.subject == "Demo")
    assert "may just be the better sellers" in demo.because


def test_without_a_comparison_the_needed_deals_come_from_the_general_win_rate() -> None:
    _, undecided = proposed(effect("stage", "Demo", None))
    assert {one.subject: one.needed_deals for one in undecided} == {
        "Demo": needed_units(0.5, 0.05, 0.5),
        "Call the buyer": needed_units(0.5, 0.05, 0.05),
    }
    because = {one.subject: one.because for one in undecided}
    assert "could not be compared: none of the deals have others like them" in because["Demo"]
    assert "cannot be compared from one moment in this log; a trial" in because["Call the buyer"]


def test_tests_made_together_are_corrected_together() -> None:
    alone, _ = proposed(effect("stage", "Demo", Interval(0.0, -0.049, 0.049)))
    other = Interval(0.04, -0.03, 0.11)
    beside, undecided = proposed(
        effect("stage", "Demo", Interval(0.0, -0.049, 0.049)),
        effect("stage", "Trial", other),
        effect("task", "Call the buyer", other),
    )
    assert [one.subject for one in alone] == ["Demo"]
    assert beside == ()
    assert {one.subject for one in undecided} == {"Demo", "Call the buyer"}
    (demo,) = (one for one in undecided if one.subject == "Demo")
    assert demo.because.endswith("beside the other steps that were tested this may be chance (F1).")
    assert demo.needed_deals > 4000


def test_a_task_is_dropped_on_stronger_proof_than_a_stage_and_taken_out_only_if_it_harms() -> None:
    name = "Call the buyer"
    weak, _ = proposed(effect("task", name, Interval(0.0, -0.048, 0.048)))
    strong, _ = proposed(effect("task", name, Interval(0.0, -0.03, 0.03)))
    harmful, _ = proposed(effect("task", name, Interval(-0.06, -0.09, -0.03)))
    assert weak == ()
    assert [(one.kind, one.edits[0].action) for one in strong] == [("drop-task", "set")]
    assert [(one.kind, one.edits[0].action) for one in harmful] == [("drop-task", "remove")]
