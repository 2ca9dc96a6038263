"""The rule for changes of a deal's record after which it goes on, or is lost, at another rate."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from processminer.findings.family import after_edit
from processminer.findings.finding import Evidence, Finding
from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.estimates.effects.edits import EditEffect
    from processminer.findings.facts import Facts
    from processminer.statistics.estimated import Estimated

TOLD = 0.05
"""The usual bound, beside all other tests."""

NOTABLE = 1.25
"""Times as often, or as rarely, by the estimate: a smaller difference helps nobody to decide anything."""

FOLLOWS: Mapping[str, str] = MappingProxyType({"onward": "go on to a later stage or a win", "lost": "are lost"})


def deal_edited(facts: Facts) -> Iterator[Finding]:
    """After a change of owner, amount or close date deals go on, or are lost, at another rate.

    **Symptom.** From two weeks after the change on, deals go on to a later stage, or are lost, clearly more or less
    often in a week than deals that were as long in the same stage without it, with the same owner and of the same kind.
    Looked at are a new owner, a second one, a deal handed back to an owner it had, an amount that is lowered and a
    close date that is moved back. What is edited because the end is near shows in the first two weeks, which do not
    count.

    **Remedy.** None by an edit of the playbook: trouble makes people hand deals over, give discounts and move dates,
    and the log does not say which came first. Take the change as a sign to look at the deal. Where deals that change
    owners twice are lost more often, try with one team whether a single owner from qualification to the win (one
    `owner` role for these stages) loses fewer.
    """
    for one in facts.estimates.edits:
        told = {
            name: pace.later
            for name, pace in (("onward", one.followed.onward), ("lost", one.followed.lost))
            if pace.later is not None and abs(pace.later.value) >= math.log(NOTABLE) and _sure(one, name, facts)
        }
        if told:
            yield _finding(one, told, facts)


def _sure(one: EditEffect, name: str, facts: Facts) -> bool:
    rate = facts.family.rate(after_edit(one.edit, name))
    return rate is not None and rate <= TOLD


def _finding(one: EditEffect, told: Mapping[str, Estimated], facts: Facts) -> Finding:
    return Finding(
        id="",
        rule="deal-edited",
        subject=one.edit,
        severity="low",
        grade="B",
        message=(
            f"After '{one.edit}' ({say_count(one.deals, 'deal')}), from {one.followed.lag_days} days on, deals"
            f" {say_list(_say(name, rate) for name, rate in told.items())}, beside deals as long in the"
            " same stage. Trouble may cause the change as well as follow it."
        ),
        evidence=Evidence(
            population=(
                f"Days of deals in open stages, {one.followed.days_after:,.0f} of {one.followed.deal_days:,.0f} of them"
                f" after the change; held equal: {say_list(one.followed.held_equal, 9)}."
            ),
            n=one.deals,
            of=facts.discovery.totals.deals,
            share=None,
            numbers={
                f"times_as_often_{name}{end}": value
                for name, rate in told.items()
                for end, value in zip(("", "_low", "_high"), _times(rate), strict=True)
            },
            examples=(),
            command="processminer show effects LOG --playbook PLAYBOOK",
        ),
    )


def _say(name: str, rate: Estimated) -> str:
    times, low, high = _times(rate)
    return f"{FOLLOWS[name]} {times:.2f} times as often (95 % limits {low:.2f} to {high:.2f})"


def _times(rate: Estimated) -> tuple[float, float, float]:
    limits = rate.interval()
    return math.exp(limits.estimate), math.exp(limits.low), math.exp(limits.high)
