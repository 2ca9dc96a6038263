"""The rule for steps that do one segment good and another harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import say_held, say_points
from processminer.findings.finding import Evidence, Finding
from processminer.findings.two_sides import subject_of, two_sides
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.effects.trial import Part
    from processminer.findings.facts import Facts
    from processminer.findings.two_sides import TwoSides


UNCLEAR = " That segments differ is likely; that it helps one and harms another is not shown."


def helps_one_harms_another(facts: Facts) -> Iterator[Finding]:
    """A step helps the deals of one segment to be won and harms those of another.

    **Symptom.** Of deals that were alike at the moment of the decision, those of one segment are won more often with
    the step, and those of another less often; both by their limits, which are drawn towards each other, and beyond
    what chance makes of equal segments. One rule for all is wrong for somebody, whatever it says, and the mean over
    all deals may show nothing.

    Where only one side is clear, that is said, and a change has to wait for more deals.

    **Remedy.** Ask the step of those whom it helps and let the others go without: accept it of these segments, or
    give them a playbook of their own (`applies_to`) once more such differences come together.
    """
    for one in two_sides(facts):
        yield _finding(one, facts)


def _finding(one: TwoSides, facts: Facts) -> Finding:
    effect, subject = one.effect, subject_of(one.effect, facts)
    sides = (*one.helped, *one.harmed)
    return Finding(
        id="",
        rule="helps-one-harms-another",
        subject=subject,
        severity="high" if one.clear else "low",
        grade="B" if one.clear else "C",
        message=(
            f"Compared from {effect.trial.moment}, {say_held(effect)}: '{subject}' changes the share of deals won"
            f" within {effect.horizon_days} days by {say_list((_say(part) for part in sides), 9)} points, by"
            f" {effect.segment} (95 % limits, each drawn towards the others)."
            f"{'' if one.clear else UNCLEAR}"
        ),
        evidence=Evidence(
            population=f"Deals that came to {effect.trial.moment}, by {effect.segment}; small segments left out.",
            n=sum(part.deals for part in sides),
            of=facts.discovery.totals.deals,
            share=None,
            numbers={
                "kind": effect.trial.kind,
                "stage": effect.trial.stage,
                "attribute": effect.segment,
                "helped": "; ".join(part.name for part in one.helped),
                "harmed": "; ".join(part.name for part in one.harmed),
                "segments_alike_q": one.q,
            },
            examples=(),
            command="processminer show effects LOG --playbook PLAYBOOK",
        ),
    )


def _say(part: Part) -> str:
    limits = part.difference.interval()
    return f"{say_points(limits.estimate)} for {part.name} ({say_points(limits.low)} to {say_points(limits.high)})"
