"""When a step may be left out: only on proof that it brings nothing worth having."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from processminer.estimates.figures import Practice
from processminer.findings.facts import facts_of
from processminer.revisions.propose import propose
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import Stratum, needed_units, newcombe, pooled_difference
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
    """Deals that skip two stages and a task often enough for findings."""
    return audit(
        TEXT,
        many(
            {
                "whole * 30": ["Lead", "Demo", "Trial", "Proposal", "Won"],
                "short * 30": ["Lead", "Proposal", "Lost"],
            }
        ),
        tasks={"whole-01": [("Call", 1.5)]},
    )


def practice(kind: Any, subject: str, adjusted: Interval | None, done: int = 2000, skipped: int = 2000) -> Practice:
    crude = Interval(0.2, 0.1, 0.3)
    return Practice(
        kind,
        subject,
        done,
        skipped,
        done // 3,
        skipped // 3,
        crude,
        adjusted,
        "segment",
        "leaving Lead",
        90.0,
        2496,
        0.05,
    )


def proposed(*practices: Practice) -> tuple[tuple[Revision, ...], tuple[Undecided, ...]]:
    told = skipping()
    estimates = replace(told.estimates, practices=practices)
    facts = facts_of(told.discovery, told.conformance, estimates, told.declared.playbook)
    return propose(told.findings, facts, TEXT, FILE)


def test_a_stage_shown_to_add_less_than_five_points_becomes_optional() -> None:
    revisions, undecided = proposed(practice("stage", "Demo", Interval(0.0, -0.03, 0.03)))
    (revision,) = revisions
    assert (revision.kind, revision.subject, revision.grade) == ("make-stage-optional", "Demo", "B")
    assert revision.effect == {"win_rate": Interval(0.0, -0.015, 0.015)}
    assert revision.q == pytest.approx(0.00055, abs=1e-5)
    assert "+  - name: Demo" not in revision.diff
    assert "+    optional: true" in revision.diff
    assert {one.subject for one in undecided} == {"Trial", "Call the buyer"}


def test_a_stage_shown_to_help_is_neither_made_optional_nor_called_undecided() -> None:
    revisions, undecided = proposed(
        practice("stage", "Demo", Interval(0.02, 0.01, 0.03)), practice("stage", "Trial", Interval(0.1, 0.06, 0.14))
    )
    assert revisions == ()
    assert {one.subject for one in undecided} == {"Call the buyer"}


@pytest.mark.parametrize(
    ("told", "needed", "doubt"),
    [
        (
            practice("stage", "Demo", Interval(0.0, -0.06, 0.06), 300, 300),
            2496,
            "it may be worth 5 points or more, or nothing",
        ),
        (practice("stage", "Demo", Interval(0.01, -0.06, 0.08), 29, 5000), 1_000, "29 deals on one side are too few"),
        (
            practice("stage", "Demo", Interval(0.03, -0.001, 0.061), 2000, 2000),
            2 * 4000,
            "it may be worth 5 points or more, or nothing",
        ),
    ],
    ids=["limits too wide", "one arm too small", "between nothing and five points"],
)
def test_what_the_comparison_leaves_open_is_undecided_and_takes_more_deals(
    told: Practice, needed: int, doubt: str
) -> None:
    revisions, undecided = proposed(told)
    (demo,) = (one for one in undecided if one.subject == "Demo")
    assert revisions == ()
    assert demo.needed_deals >= needed
    assert demo.needed_deals > told.done + told.skipped
    assert doubt in demo.because


def test_without_a_comparison_the_needed_deals_come_from_the_general_win_rate() -> None:
    _, undecided = proposed(practice("stage", "Demo", None))
    assert {one.subject: one.needed_deals for one in undecided} == {
        "Demo": needed_units(0.5, 0.05, 0.5),
        "Trial": needed_units(0.5, 0.05, 0.5),
        "Call the buyer": needed_units(0.5, 0.05, 0.05),
    }
    because = {one.subject: one.because for one in undecided}
    assert "were not alike enough to be compared: segment; a trial" in because["Demo"]
    assert "cannot be compared from one moment in this log; a trial" in because["Trial"]


def test_tests_made_together_are_corrected_together() -> None:
    alone, _ = proposed(practice("stage", "Demo", Interval(0.0, -0.049, 0.049)))
    other = Interval(0.04, -0.03, 0.11)
    beside, undecided = proposed(
        practice("stage", "Demo", Interval(0.0, -0.049, 0.049)),
        practice("stage", "Trial", other),
        practice("task", "Call the buyer", other),
    )
    assert [one.subject for one in alone] == ["Demo"]
    assert beside == ()
    assert {one.subject for one in undecided} == {"Demo", "Trial", "Call the buyer"}
    (demo,) = (one for one in undecided if one.subject == "Demo")
    assert demo.because.endswith("beside the other steps that were tested this may be chance (F1).")
    assert demo.needed_deals > 4000


def test_a_task_is_dropped_on_stronger_proof_than_a_stage_and_taken_out_only_if_it_harms() -> None:
    name = "Call the buyer"
    weak, _ = proposed(practice("task", name, Interval(0.0, -0.048, 0.048)))
    strong, _ = proposed(practice("task", name, Interval(0.0, -0.03, 0.03)))
    harmful, _ = proposed(practice("task", name, Interval(-0.06, -0.09, -0.03)))
    assert weak == ()
    assert [(one.kind, one.edits[0].action) for one in strong] == [("drop-task", "set")]
    assert [(one.kind, one.edits[0].action) for one in harmful] == [("drop-task", "remove")]


@pytest.mark.parametrize("deals", [200, 800, 3000])
def test_a_task_worth_six_points_is_hardly_ever_dropped_where_not_significant_would_drop_it(deals: int) -> None:
    chance = random.Random(deals)
    logs, dropped, naive = 400, 0, 0
    for _ in range(logs):
        half = deals // 2
        k1, k0 = (sum(chance.random() < share for _ in range(half)) for share in (0.31, 0.25))
        adjusted = pooled_difference([Stratum(half, k1, half, k0)])
        assert adjusted is not None
        revisions, _ = proposed(practice("task", "Call the buyer", adjusted, half, half))
        dropped += bool(revisions)
        naive += newcombe(k1, half, k0, half).low <= 0
    assert dropped <= 0.01 * logs + 2.33 * (0.01 * logs) ** 0.5
    if deals == 200:
        assert naive > 0.5 * logs
