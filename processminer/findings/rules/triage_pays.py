"""The rule for combinations of two traits that promise far more, or less, than each of them by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import TOLD, say_points
from processminer.findings.family import adds_up
from processminer.findings.finding import Evidence, Finding
from processminer.words import say_count, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.triage.triage import Combination, Triage
    from processminer.findings.facts import Facts
    from processminer.statistics.interval import Interval

FAR = 0.10
"""Ten points of the share won, among the older deals and the newest: less would send nobody to other deals first."""


def triage_pays(facts: Facts) -> Iterator[Finding]:
    """Deals of one combination, as a segment and a source, are won far more or less often than the two promise.

    **Symptom.** From the first stage, deals that are one thing by one attribute and another by another are won within
    the horizon at least ten points more or less often than the two values promise each by itself, owners held equal.
    The older deals find it, beside all other tests of the audit; the newest that could be followed say it again and
    tell how much. Of all combinations of two attributes, the one that lies farthest off is told.

    **Remedy.** Look at these deals first, or ask of them earlier what decides them. It is a description: who comes this
    way may differ in what no log holds, so no edit is proposed. Try it with a part of the team before it is a rule.
    """
    for one in facts.estimates.triage:
        rate = facts.family.rate(adds_up(one))
        told = one.combinations[0]
        newest = told.newest_excess
        if rate is not None and rate <= TOLD and newest is not None and _far(told.excess, newest):
            yield _finding(one, told, newest, rate)


def _far(older: Interval, newest: Interval) -> bool:
    """Tell whether both lie far from nothing on the same side, the older beyond their limits."""
    off = older.low > 0 or older.high < 0
    same = older.estimate * newest.estimate > 0
    return off and same and min(abs(older.estimate), abs(newest.estimate)) >= FAR


def _finding(one: Triage, told: Combination, newest: Interval, rate: float) -> Finding:
    who = f"{told.attribute} {told.value} with {told.other_attribute} {told.other_value}"
    won = told.newest_won or 0.0
    return Finding(
        id="",
        rule="triage-pays",
        subject=who,
        severity="medium",
        grade="C",
        message=(
            f"{say_percent(won)} of the {say_count(told.newest_deals, 'newest deal')} of {who} are won within"
            f" {one.horizon_days} days of their first stage: {abs(100 * newest.estimate):.1f} points"
            f" {'more' if newest.estimate > 0 else 'less'} than the two promise each by itself, owners held equal"
            f" (95 % limits {say_points(newest.low)} to {say_points(newest.high)}, drawn towards other combinations)."
            f" Found among {told.deals:,} older ones. Why it is so, the log does not tell."
        ),
        evidence=Evidence(
            population=(
                f"Deals whose {one.attribute} and {one.other_attribute} are known, from their first stage; told of the"
                " newest 30 % of those that were followed for the horizon."
            ),
            n=told.newest_deals,
            of=one.deals,
            share=None,
            numbers={
                "attribute": told.attribute,
                "value": told.value,
                "other_attribute": told.other_attribute,
                "other_value": told.other_value,
                "horizon_days": one.horizon_days,
                "won": told.newest_won,
                "excess": newest.estimate,
                "excess_low": newest.low,
                "excess_high": newest.high,
                "older_deals": told.deals,
                "older_won": told.won,
                "older_excess": told.excess.estimate,
                "older_excess_low": told.excess.low,
                "older_excess_high": told.excess.high,
                "q": rate,
            },
            examples=(),
            command="processminer show triage LOG --playbook PLAYBOOK",
        ),
    )
