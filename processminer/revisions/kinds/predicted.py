"""What a change of what people do would change of the share of deals won: a range from nobody to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from processminer.findings.comparison import say_points
from processminer.revisions.revision import Belief
from processminer.statistics.interval import Interval
from processminer.words import say_percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.estimates.effects.trial import Effect
    from processminer.findings.facts import Facts

Then = Literal["done by all", "left out by all"]

NOBODY = "nobody changes what they do"


@dataclass(frozen=True, slots=True)
class Predicted:
    """The range, what its ends need, and about which deals it is."""

    effect: Mapping[str, Interval]
    """`win_rate` of the deals that come to the decision, and `win_rate_overall` of all new deals."""
    beliefs: Mapping[str, Belief]
    population: str


def predicted(effect: Effect, facts: Facts, then: Then) -> Predicted:
    """Return what is predicted; nothing where the comparison told nothing.

    The estimate is that all deals do as the playbook would say; the ends hold its 95 % limits and "nothing changes".
    So too large an estimate, as finds among few deals tend to be, still leaves the truth inside.
    """
    told = effect.printed
    if told is None:
        return Predicted(MappingProxyType({}), MappingProxyType({}), "")
    limits = (told.if_all if then == "done by all" else told.if_none).interval()
    whole = Interval(limits.estimate, min(0.0, limits.low), max(0.0, limits.high))
    share = _coming(effect, facts)
    everybody = "every deal does it" if then == "done by all" else "every deal leaves it out"
    belief = Belief(
        low=NOBODY if limits.low > 0 else f"{everybody}, and the truth is the lower limit of the comparison",
        high=NOBODY if limits.high < 0 else f"{everybody}, and the truth is the upper limit of the comparison",
    )
    return Predicted(
        effect={"win_rate": whole, "win_rate_overall": _times(whole, share)},
        beliefs={"win_rate": belief, "win_rate_overall": belief},
        population=(
            f"deals that come to {effect.trial.moment}, {say_percent(share)} of all that begin;"
            f" won means within {effect.horizon_days} days of that moment"
        ),
    )


def say_effect(changed: str, effect: Mapping[str, Interval]) -> str:
    """Say what it would mean at most if every deal `changed` its way."""
    limits = effect["win_rate"]
    return (
        f"If every deal {changed}, the share won of the deals that come to this decision would change by"
        f" {say_points(limits.estimate)} points ({say_points(limits.low)} to {say_points(limits.high)}, from nobody to"
        " everybody)."
    )


def _coming(effect: Effect, facts: Facts) -> float:
    """Return which share of all closed deals came to the moment: an open one may yet come to it."""
    totals = facts.discovery.totals
    closed = totals.won + totals.lost
    return min(1.0, (effect.acted.closed + effect.did_not.closed) / closed) if closed else 0.0


def _times(limits: Interval, share: float) -> Interval:
    return Interval(limits.estimate * share, limits.low * share, limits.high * share)
