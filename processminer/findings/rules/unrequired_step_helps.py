"""The rule for steps that nobody has to do and after which more deals are won."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import comparison_numbers, false_discovery_rates, say_comparison
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import say_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.estimates import Practice
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Severity
    from processminer.playbook.model import Playbook

SURE = 0.01
"""The false discovery rate at which it is told: what deals did by choice may have been chosen for deals that looked
good, so chance at least should be out of the question."""

MUCH = 0.05
"""Five points more won deals, by the lower limit, among those that leave it out: more than most changes bring."""

SOME = 0.01
"""One point, likewise."""


SOON = 7.0
"""Days. What is done within the week before the signature is mostly part of winning, not a reason for it."""

SOON_SHARE = 0.1
"""Of the usual lead time to a win, where deals are so quick that a week is a long time."""


def unrequired_step_helps(facts: Facts) -> Iterator[Finding]:
    """A step that the playbook does not require is left out although comparable deals that do it are won more often.

    **Symptom.** From the moment they had to decide, and within strata of what was known then, deals that took an
    optional stage, did an optional task, or had an activity that the playbook does not mention, are won more often
    than deals without. All comparisons are tested together, and the false discovery rate is held at one in a hundred.
    A step that usually comes just before the win is left out: it is a sign of winning, not a way to it.

    **Remedy.** Require the step, for one team first: what people choose to do they may have chosen for deals that
    looked good, and no log shows what they saw. Whether the step helps deals for which nobody would have chosen
    it, only a trial can tell.
    """
    usual = next((lead.median_days for lead in facts.discovery.lead_times if lead.outcome == "won"), SOON / SOON_SHARE)
    soon = min(SOON, SOON_SHARE * usual)
    for practice, q in false_discovery_rates(facts.estimates.practices).items():
        if practice.days_to_win is not None and practice.days_to_win < soon:
            continue
        standing = _standing(practice, facts.playbook)
        if standing is not None and practice.adjusted is not None and practice.adjusted.low > 0 and q <= SURE:
            yield _finding(practice, standing, q)


def _standing(practice: Practice, playbook: Playbook) -> str | None:
    """Return how the playbook stands to a step that it does not require; None if it does."""
    if practice.kind == "stage":
        stage = playbook.stage(practice.subject)
        return "optional" if stage is not None and stage.optional else None
    tasks = [task for stage in playbook.stages for task in stage.tasks if task.do == practice.subject]
    if not tasks:
        return "not in the playbook"
    return "optional" if all(task.optional for task in tasks) else None


def _finding(practice: Practice, standing: str, q: float) -> Finding:
    both = practice.done + practice.skipped
    return Finding(
        id="",
        rule="unrequired-step-helps",
        subject=practice.subject,
        severity=_weigh(practice),
        grade="B",
        message=(
            f"{say_part(practice.skipped, both)} went on without '{practice.subject}', which is {standing}."
            f" {say_comparison(practice)}"
        ),
        evidence=Evidence(
            population=f"Deals from {practice.moment}, followed for {practice.horizon_days:.0f} days.",
            n=practice.skipped,
            of=both,
            share=None,
            numbers={
                "kind": practice.kind,
                "stage": practice.stage,
                "standing": standing,
                "q": q,
                **comparison_numbers(practice),
            },
            examples=(),
            command="processminer show practices LOG --playbook PLAYBOOK",
        ),
    )


def _weigh(practice: Practice) -> Severity:
    low = 0.0 if practice.adjusted is None else practice.adjusted.low
    gain = low * practice.skipped / (practice.done + practice.skipped)
    return "high" if gain >= MUCH else "medium" if gain >= SOME else "low"
