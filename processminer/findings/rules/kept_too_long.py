"""The rule for stages in which deals are kept although their chance is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.family import gives_up
from processminer.findings.finding import Evidence, Finding
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.flow.give_up import GiveUp
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage

MANY = 0.08
"""One stay in twelve: where fewer come to that age, a rule would be written for a handful of forgotten deals."""

ENOUGH = 50
"""Stays that were seen to that age. Fewer leave the age uncertain by weeks, whatever a test of the lost chance says."""

HEAVY = 0.15
"""Of the days that deals spend in the stage: below that, giving up earlier frees nobody's time."""

SURE = 0.05
"""The false discovery rate at which it is told that at least half of a new deal's chance is gone."""

MOST_DAYS = 0.4
"""From this part of the days in the stage on, most of the work there goes into deals that are not won."""


def kept_too_long(facts: Facts) -> Iterator[Finding]:
    """Deals are kept in a stage for long after their chance is gone, and nothing says when to give up.

    **Symptom.** Deals that have been in the stage for so long promise fewer wins a day than a new deal does, at least
    half of their chance is gone beyond doubt, at least one stay in twelve comes to that age, and the days beyond it are
    a good part of all days in the stage. Stays that have not ended count as censored; what becomes of a deal is read
    from those that stayed as long, not from a mean of all.

    **Remedy.** Look at the deals that were won later all the same: if they have something in common, say so as an
    exit criterion. Then write `close_after` into the stage, and close the rest with their true reason, so that the
    pipeline shows what is alive. A deal that comes back later is a new one.
    """
    for stage in facts.playbook.stages:
        one = facts.give_up(stage)
        if one is not None and stage.close_after is None and _many(one) and _gone(one, facts):
            yield _finding(stage, one, facts)


def _many(one: GiveUp) -> bool:
    return one.stays >= ENOUGH and one.still_there >= MANY and one.days_beyond >= HEAVY


def _gone(one: GiveUp, facts: Facts) -> bool:
    rate = facts.family.rate(gives_up(one))
    return rate is not None and rate <= SURE


def _finding(stage: Stage, one: GiveUp, facts: Facts) -> Finding:
    return Finding(
        id="",
        rule="kept-too-long",
        subject=stage.name,
        severity="medium" if one.days_beyond >= MOST_DAYS else "low",
        grade="B",
        message=(
            f"{say_percent(one.still_there)} of the stays in {stage.name} last longer than"
            f" {say_days(one.days.estimate)} ({say_count(one.stays, 'stay')} were seen to), and"
            f" {say_percent(one.days_beyond)} of its days lie beyond."
            f" By then the chance to be won within {say_days(one.within_days)} has fallen to"
            f" {say_percent(one.chance.estimate)} (95 % limits {say_percent(one.chance.low)} to"
            f" {say_percent(one.chance.high)}), from {say_percent(one.fresh)} for a deal that has just entered, and no"
            " day of it promises as much as a day of a new deal."
        ),
        evidence=Evidence(
            population=f"All stays in {stage.name}; those that have not ended count as censored.",
            n=one.stays,
            of=facts.discovery.totals.deals,
            share=None,
            numbers={
                "age_days": one.days.estimate,
                "age_low": one.days.low,
                "age_high": one.days.high,
                "still_there": one.still_there,
                "days_beyond": one.days_beyond,
                "chance": one.chance.estimate,
                "chance_low": one.chance.low,
                "chance_high": one.chance.high,
                "chance_fresh": one.fresh,
                "within_days": one.within_days,
                "won_later": one.won_later,
                "value_later": one.value_later,
                "q": facts.family.rate(gives_up(one)),
            },
            examples=one.examples,
            command="processminer show give-ups LOG --playbook PLAYBOOK",
        ),
    )
