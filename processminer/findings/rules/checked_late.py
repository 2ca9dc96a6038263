"""The rule for checks that turn deals down late in the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.tasks_compared.tasks_compared import SOON_DAYS
from processminer.findings.checks_judged import turns_deals_down
from processminer.findings.family import turns_down
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import NOTABLE, limits, say_part, weigh
from processminer.statistics.proportions import wilson
from processminer.words import say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.tasks_compared.tasks_compared import Check
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage

TIMES = 1.5
"""So many times the share that is lost otherwise, by the lower limit: else deals are lost there as they are anyway."""


def checked_late(facts: Facts) -> Iterator[Finding]:
    """A task of a later stage turns down deals that could have been turned down before they cost weeks.

    **Symptom.** Of the stays that end within three days of the task, far more end with a loss than of all others in the
    stage, and at least every tenth deal with the task is lost so. It is a check, then, that deals fail, and all the
    days before it were spent on deals that had no chance.

    **Remedy.** Do the check in an earlier stage: checks are best done in the order of effort for each deal that they
    turn down (the knock-out principle: van der Aalst, 2001), as far as they do not need what other stages yield.
    Whether they do only people know.
    """
    for stage in facts.playbook.stages[1:]:
        check = _check_of(stage, facts)
        if check is None:
            continue
        share = wilson(check.turned_down, check.deals)
        if share.low > NOTABLE:
            yield Finding(
                id="",
                rule="checked-late",
                subject=check.task,
                severity=weigh(share),
                grade="B",
                message=(
                    f"{say_part(check.turned_down, check.deals)} were lost within {SOON_DAYS:.0f} days of"
                    f" '{check.task}' in {stage.name}, {say_days(check.days_before)} after they began (mean)."
                    f" {_say(check)}"
                ),
                evidence=Evidence(
                    population=f"Deals with '{check.task}' whose stay in {stage.name} has ended.",
                    n=check.turned_down,
                    of=check.deals,
                    share=limits(share),
                    numbers={
                        "stage": stage.name,
                        "q": facts.family.rate(turns_down(check)),
                        "lost_soon": check.lost_soon.estimate,
                        "lost_else": check.lost_else.estimate,
                        "days_before": check.days_before,
                    },
                    examples=check.examples,
                    command="processminer show checks LOG --playbook PLAYBOOK",
                ),
            )


def _check_of(stage: Stage, facts: Facts) -> Check | None:
    """Return the check of a stage: what is done shortly before it is followed by its losses too, so the last counts."""
    failed: list[Check] = []
    for check in facts.estimates.conduct.checks:
        declared = facts.declared(check.stage)
        if declared is not None and declared.name == stage.name and turns_deals_down(check, facts, TIMES):
            failed.append(check)
    return max(failed, key=lambda one: (round(one.lost_soon.estimate, 2), one.days_before), default=None)


def _say(check: Check) -> str:
    return (
        f"Of the stays that ended so soon after it, {say_percent(check.lost_soon.estimate)} ended with a loss; of all"
        f" others there, {say_percent(check.lost_else.estimate)}."
    )
