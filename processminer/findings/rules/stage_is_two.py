"""The rule for stages that some deals only click through and others stay in for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import ENOUGH, limits
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.pass_throughs import PassThrough
    from processminer.findings.facts import Facts

SOME = 0.25
"""By the limits, at least a quarter does the one and at least a quarter the other: fewer are exceptions."""

LONG = 7.0
"""Days, by the median of those who stay: between hours and a week lies no one kind of work."""


def stage_is_two(facts: Facts) -> Iterator[Finding]:
    """A stage holds two kinds of stays: hours and weeks.

    **Symptom.** At least a quarter of the stays end within eight hours (on the same day, where the export knows dates
    only), at least a quarter do not, and half of the latter last longer than a week. A mean length of such a stage is
    nobody's, and a time limit fits neither kind.

    **Remedy.** Find out what the long ones wait for. If they are another kind of work, give it a stage of its own, with
    a goal and exit criteria; if the short ones do not need the stage, say when it may be left out. The log does not
    say which, so no edit is proposed.
    """
    if not facts.shows("durations"):
        return
    for stage in facts.playbook.stages:
        passing = facts.passing(stage)
        if passing is not None and passing.stays >= ENOUGH and _two_kinds(passing):
            yield _finding(stage.name, passing, facts)


def _two_kinds(passing: PassThrough) -> bool:
    share = passing.passed
    return share.low > SOME and share.high < 1 - SOME and passing.other_days > LONG


def _finding(stage: str, passing: PassThrough, facts: Facts) -> Finding:
    return Finding(
        id="",
        rule="stage-is-two",
        subject=stage,
        severity="low",
        grade="C",
        message=(
            f"{say_percent(passing.passed.estimate)} of {say_count(passing.stays, 'stay')} in {stage} are over within"
            f" hours, and half of the others have lasted longer than {say_days(passing.other_days)}: it holds two kinds"
            " of work."
        ),
        evidence=Evidence(
            population=f"Stays in {stage} that have ended, or have lasted longer than hours.",
            n=passing.deals,
            of=facts.discovery.totals.deals,
            share=limits(passing.passed),
            numbers={"stays": passing.stays, "other_median_days": passing.other_days},
            examples=(),
            command="processminer show stage-times LOG --playbook PLAYBOOK",
        ),
    )
