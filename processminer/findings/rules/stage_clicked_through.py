"""The rule for declared stages in which nothing happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.finding import Evidence, Finding
from processminer.findings.passing import mean_days, only_passed
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.figures import StageTime
    from processminer.estimates.pass_throughs import PassThrough
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage


def stage_clicked_through(facts: Facts) -> Iterator[Finding]:
    """A declared stage is only clicked through.

    **Symptom.** More than seven in ten stays in the stage end within eight hours (on the same day, where the export
    knows dates only), a stay lasts less than a day on average, and fewer than one deal in fifty is lost there, each
    by the limit that is hardest on it. Open stays count as censored.

    **Remedy.** Join it with the stage next to it: keep what is to be done there as tasks and criteria of that stage,
    and its name as an alias, so that old deals are still understood. If it marks a moment that people need to see
    (a signature, a hand-over), keep it and say so in its goal.
    """
    if len(facts.playbook.stages) < 2:
        return
    for stage in facts.playbook.stages:
        found = only_passed(stage, facts)
        if found is not None:
            yield _finding(stage, *found, facts)


def _finding(stage: Stage, time: StageTime, passing: PassThrough, facts: Facts) -> Finding:
    most = mean_days(time, passing)
    return Finding(
        id="",
        rule="stage-clicked-through",
        subject=stage.name,
        severity="low",
        grade="C",
        message=(
            f"{say_percent(passing.passed.estimate)} of {say_count(passing.stays, 'stay')} in {stage.name} are over"
            f" within hours, a stay lasts at most {say_days(most)} on average, and at most"
            f" {say_percent(passing.lost.high)} of the deals are lost there (95 % limits): nothing happens in it."
        ),
        evidence=Evidence(
            population=f"Stays in {stage.name} that have ended, or have lasted longer than hours.",
            n=passing.deals,
            of=facts.discovery.totals.deals,
            share=None,
            numbers={
                "stays": passing.stays,
                "clicked": passing.clicked,
                "passed_low": passing.passed.low,
                "mean_days_high": most,
                "lost_high": passing.lost.high,
                "median_days": time.median_days,
            },
            examples=(),
            command="processminer show stage-times LOG --playbook PLAYBOOK",
        ),
    )
