"""The rule for criteria of which more, or fewer, elements should be enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import TOLD
from processminer.findings.family import better_number
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import limits, say_part, weigh
from processminer.statistics.proportions import wilson
from processminer.words import say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.conditions.thresholds import Threshold
    from processminer.findings.facts import Facts


def criterion_number(facts: Facts) -> Iterator[Finding]:
    """A criterion of several elements lets deals go on that hardly ever pay, or keeps out deals that do.

    **Symptom.** Deals that went on with each number of elements are told by what they brought and what their days cost,
    a day at half of what days bring on average. Another number than the playbook's brings more, measured on other deals
    than it was chosen by. Only fields count whose value at that moment is known: what is filled in after the fact
    makes winners look well qualified.

    **Remedy.** Ask for so many of them with `at_least`. Deals with fewer stay in the stage until they have them, or end
    there: look at the few of them that were won before you turn such deals down.
    """
    for one in facts.estimates.conduct.thresholds:
        stage, rate = facts.declared(one.stage), facts.family.rate(better_number(one))
        if stage is None or rate is None or rate > TOLD or one.better.value <= 0 or one.best == one.needed:
            continue
        total, moved = sum(one.deals), abs(one.stopped)
        share = wilson(moved, total)
        yield Finding(
            id="",
            rule="criterion-number",
            subject=one.criterion,
            severity=weigh(share),
            grade="B",
            message=(
                f"{say_part(moved, total)} went on from {stage.name} with {_numbers(one)} of the elements of"
                f" '{one.criterion}', of which the playbook asks for {one.needed}. {_say(one)} Asking for {one.best}"
                f" would bring {say_percent(one.better.value)} more of what a deal brings on average."
            ),
            evidence=Evidence(
                population=f"Deals that went on from {stage.name}, followed for {one.horizon_days} days.",
                n=moved,
                of=total,
                share=limits(share),
                numbers={
                    "stage": stage.name,
                    "needed": one.needed,
                    "best": one.best,
                    "q": rate,
                    "stopped_won": one.stopped_won.estimate,
                    "gain_low": one.better.interval().low,
                    "gain_high": one.better.interval().high,
                },
                examples=(),
                command="processminer show thresholds LOG --playbook PLAYBOOK",
            ),
        )


def _numbers(one: Threshold) -> str:
    low, high = sorted((one.best, one.needed))
    return say_list([str(number) for number in range(low, high)], most=8)


def _say(one: Threshold) -> str:
    told = [
        f"{number}: {say_percent(won)}"
        for number, (deals, won) in enumerate(zip(one.deals, one.won, strict=True))
        if deals
    ]
    return f"Won of the deals with each number: {say_list(told, most=12)}."
