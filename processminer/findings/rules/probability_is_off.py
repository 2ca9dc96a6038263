"""The rule for declared win probabilities that are not true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.family import fits
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import limits
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.flow.declared_chances import StageChance
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Severity
    from processminer.playbook.parts.stages import Stage

FAR = 0.05
"""Five points: what is nearer, nobody forecasts worse by."""

VERY_FAR = 0.15
"""Of ten deals in the stage, one or two more or fewer are won than the forecast counts on."""

SURE = 0.05
"""The false discovery rate at which it is told, beside all other tests of the audit."""


def probability_is_off(facts: Facts) -> Iterator[Finding]:
    """The win probability that is declared for a stage is not what becomes of its deals.

    **Symptom.** Of the deals that entered the stage another share is won than the playbook says, by five points at
    least and beyond what chance allows. Open deals count for as long as they were followed, so that young ones do not
    make the share look small; what is not decided yet may still be won, and only beyond that is a probability too high.

    **Remedy.** Declare what is observed, and forecast with that. First look whether everybody means the same by being
    in the stage: where deals are moved on early, the probability falls because the stage means less, and an exit
    criterion is the better answer.
    """
    for stage in facts.playbook.stages:
        one = facts.chance(stage)
        if one is not None and one.source == "playbook" and _far(one, facts):
            yield _finding(stage, one, facts)


def _far(one: StageChance, facts: Facts) -> bool:
    rate = facts.family.rate(fits(one))
    return rate is not None and rate <= SURE and abs(_gap(one)) >= FAR


def _gap(one: StageChance) -> float:
    return (one.declared or 0.0) - one.observed.won.estimate


def _weigh(one: StageChance) -> Severity:
    return "medium" if abs(_gap(one)) >= VERY_FAR else "low"


def _finding(stage: Stage, one: StageChance, facts: Facts) -> Finding:
    seen, flow = one.observed, facts.flow(stage)
    declared = one.declared or 0.0
    return Finding(
        id="",
        rule="probability-is-off",
        subject=stage.name,
        severity=_weigh(one),
        grade="B",
        message=(
            f"The playbook gives deals in {stage.name} a chance of {say_percent(declared)}. Of"
            f" {say_count(seen.deals, 'deal')} that entered it, {say_percent(seen.won.estimate)} were won within"
            f" {say_days(seen.within_days)} (95 % limits {say_percent(seen.won.low)} to {say_percent(seen.won.high)}),"
            f" and {say_percent(seen.undecided)} were not decided by then."
        ),
        evidence=Evidence(
            population=f"Deals from their first entry into {stage.name}; open ones count for as long as followed.",
            n=seen.deals,
            of=facts.discovery.totals.deals,
            share=limits(seen.won),
            numbers={
                "declared": declared,
                "within_days": seen.within_days,
                "undecided": seen.undecided,
                "open": seen.open,
                "open_there": None if flow is None else flow.open,
                "q": facts.family.rate(fits(one)),
            },
            examples=(),
            command="processminer show chances LOG --playbook PLAYBOOK",
        ),
    )
