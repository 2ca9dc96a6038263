"""The rule for hand-overs that take so long that deals are lost by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import comparison_numbers, grade_of, say_held, say_points
from processminer.findings.family import changes
from processminer.findings.finding import Evidence, Finding
from processminer.words import say_days, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.effects.trial import Effect
    from processminer.estimates.handovers.waits import HandoverWait
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Grade, Severity

SURE = 0.05
"""The false discovery rate at which it is told, beside all other tests of the audit."""

MUCH = 0.10
"""Ten points fewer won deals among those that wait, by the lower limit: more than most changes bring."""


def handover_waits(facts: Facts) -> Iterator[Finding]:
    """Deals that wait to be taken over are won less often, and the playbook sets no limit to that wait.

    **Symptom.** Deals that the next role had taken within a few days of coming to the stage are won more often than
    deals that nobody had taken by then. Both were still in the stage, and what was known of them as they came, their
    owner among it, is held equal; a hidden cause as strong as the strongest known one could not explain it away. The
    playbook declares the hand-over without `within`, or with a longer one.

    **Remedy.** Give the role that takes a limit, and let the CRM tell it of every deal on the day it comes. If it
    cannot keep the limit because it has too much to do, that is the bottleneck to work on. Whether deals are taken
    late because nobody believes in them, only a trial can tell.
    """
    for one in facts.estimates.handovers:
        effect = one.effect
        if effect is not None and _unlimited(one, effect) and _helps(effect, facts):
            yield _finding(one, effect, facts)


def _unlimited(one: HandoverWait, effect: Effect) -> bool:
    return one.declared_days is None or one.declared_days > effect.trial.within_days


def _helps(effect: Effect, facts: Facts) -> bool:
    rate, told = facts.family.rate(changes(effect)), effect.found
    sure = told is not None and told.difference.value > 0 and rate is not None and rate <= SURE
    return sure and effect.beats_benchmark and _grade(effect, facts) in ("A", "B")


def _grade(effect: Effect, facts: Facts) -> Grade:
    return grade_of(effect, facts.family)


def _weigh(effect: Effect) -> Severity:
    return "high" if effect.printed is not None and effect.printed.interval.low >= MUCH else "medium"


def _finding(one: HandoverWait, effect: Effect, facts: Facts) -> Finding:
    days = effect.trial.within_days
    late, both = effect.did_not.deals, effect.did_not.deals + effect.acted.deals
    limit = "no limit" if one.declared_days is None else f"a limit of {say_days(one.declared_days)}"
    return Finding(
        id="",
        rule="handover-waits",
        subject=one.subject,
        severity=_weigh(effect),
        grade=_grade(effect, facts),
        message=(
            f"{say_share(late, both)} deals that were in {one.entering} for {say_days(days)} had not been taken over by"
            f" {one.taker} until then; the playbook sets {limit} to that.{_said(effect)}"
        ),
        evidence=Evidence(
            population=f"Deals that were still in {one.entering} {say_days(days)} after they came to it.",
            n=late,
            of=both,
            share=None,
            numbers={
                "stage": one.entering,
                "within_days": days,
                "declared_days": one.declared_days,
                "open_untaken": one.open,
                **comparison_numbers(effect, facts.family),
            },
            examples=(),
            command="processminer show handovers LOG --playbook PLAYBOOK",
        ),
    )


def _said(effect: Effect) -> str:
    if effect.printed is None:
        return ""
    told = effect.printed.interval
    return (
        f" Compared from {effect.trial.moment}, {say_held(effect)}: those taken over by then are won"
        f" {100 * told.estimate:.1f} points more often (95 % limits {say_points(told.low)} to {say_points(told.high)})."
    )
