"""The rule for declared time limits that do not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.findings.pattern import Numbers

OFTEN = 0.10
"""A limit is there to be broken now and then and to be noticed when it is; one stay in ten still is an exception."""


def stage_over_limit(facts: Facts) -> Iterator[Finding]:
    """A stage takes longer than its time limit too often.

    **Symptom.** Deals stay in the stage beyond its declared limit. Open deals that are beyond it today count as
    well; open deals that are still within it are not counted on either side, since nobody knows yet.

    **Remedy.** There are two honest ones. Enforce the limit: show the open deals that break it, decide on each
    (advance, close, or give it a date), and see what they wait for. Or set the limit to what deals need, so that
    breaking it means something again. A limit that is broken every day protects nobody.
    """
    for over in frequent(facts, "over-time", OFTEN):
        stage = facts.playbook.stage(over.stage or over.subject)
        if stage is None or stage.time_limit is None:
            continue
        time = facts.time(stage)
        yield pattern(
            "stage-over-limit",
            over,
            f"Deals whose stay in {stage.name} has ended or is already beyond the limit.",
            numbers={
                "limit_days": stage.time_limit,
                **_right_now(facts, stage.name),
                "median_days": None if time is None else time.median_days,
                "p90_days": None if time is None else time.p90_days,
            },
        )


def _right_now(facts: Facts, stage: str) -> Numbers:
    """Return how many open deals are over the limit today, and the one that is so for longest."""
    obligations = facts.conformance.obligations
    now = sum(one.now for one in obligations if one.kind == "time-limit" and one.stage == stage)
    longest = next((one for one in facts.conformance.over_limit.longest if one.stage == stage), None)
    if longest is None:
        return {"open_over_now": now}
    return {"open_over_now": now, "longest_over": longest.deal, "longest_days_over": longest.days_over}
