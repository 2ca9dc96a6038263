"""Where faster stages would win more, in words: ranked by gain, the longest stage told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.telling import MINUS, exists, say_points, say_range
from processminer.words import say_count, say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.estimates.estimates import Estimates
    from processminer.estimates.figures import StageGain, StageTime

NOT_KNOWN = (
    "One time per change of stage tells how long a deal was in a stage, and not whether it was worked on or waited,"
    " whether for you or for the buyer, nor whether several changes were entered at once."
)
"""What no figure on stages can tell from such a log; printed beside them."""

AT_MOST = "That is the most to expect: it takes deals to be lost there because they wait (what-if tells the least)."
"""What a gain rests on: a log does not tell whether a deal that died while waiting died of it."""

TOLD = 3
"""Beyond the first few, stages gain too little to be told in a sentence."""


def say_gains(estimates: Estimates) -> str:
    """Say which stages would gain most and which one is the longest; empty where no gain could be estimated."""
    found = estimates.gains
    if not found:
        return ""
    first = found[0]
    if first.gain.estimate <= 0:
        return f"No stage would gain any win within {say_days(first.within_days)} if deals went on from it faster."
    told = say_list([_say_one(one) for one in found[:TOLD] if one.gain.estimate > 0], TOLD)
    said = (
        f"If deals went on from one stage at {first.times_faster:g} times the rate of now, the share of new deals won"
        f" within {say_days(first.within_days)} ({say_percent(first.base)} of {say_count(first.deals, 'deal')}) would"
        f" rise most for {told}. {AT_MOST} {say_sure(first)}"
    )
    worth = say_worth(first)
    longest = longest_stage(estimates.stages)
    return " ".join(one for one in (said, worth, "" if longest is None else say_longest(longest, first)) if one)


def say_worth(first: StageGain) -> str:
    """Say what a gain is in wins a week, and in value where amounts are known; empty where no arrivals were counted."""
    week, value = first.wins_a_week, first.value
    if week is None or first.base_wins_a_week is None:
        return ""
    money = ""
    if value is not None:
        currency = f" {value.currency}" if value.currency else ""
        money = (
            f", and {say_money(value.a_week.estimate)}{currency} a week (95 % limits"
            f" {say_range(value.a_week, say_money)})"
        )
    return (
        f"At the present arrivals that is {say_rate(week.estimate)} wins a week for {first.stage} (95 % limits"
        f" {say_range(week, say_rate)}; {first.base_wins_a_week:.1f} now){money}."
    )


def _say_one(one: StageGain) -> str:
    return f"{one.stage}: {say_points(one.gain.estimate)} (95 % limits {say_range(one.gain, say_points)})"


def say_sure(first: StageGain) -> str:
    """Say how sure it is that the first stage is the first."""
    return f"{first.stage} comes first in {say_percent(first.rank_1)} of the resamples of the deals."


def longest_stage(times: Sequence[StageTime]) -> StageTime | None:
    """Return the stage with the longest mean stay, the first of equals; None where no mean is known."""
    known = [time for time in times if exists(time.mean_days.estimate)]
    return max(known, key=lambda time: time.mean_days.estimate, default=None)


def say_longest(longest: StageTime, first: StageGain | None) -> str:
    """Say which stage is the longest, and that this is not what makes a bottleneck."""
    mean = longest.mean_days
    stay = (
        f"{say_days(mean.estimate)} on average counted up to {say_days(longest.tau_days)}, 95 % limits"
        f" {say_range(mean, say_days)}, {say_count(longest.visits, 'stay')}"
    )
    if first is not None and first.stage == longest.stage:
        return f"It is also the longest stage ({stay})."
    return f"The longest stage is {longest.stage} ({stay}); long is not yet where time is won."


def say_rate(wins: float) -> str:
    """Say a change of wins a week: small numbers, so two decimals.

    >>> say_rate(0.743), say_rate(-0.001)
    ('+0.74', '0.00')
    """
    shown = f"{abs(wins):,.2f}"
    return shown if float(shown.replace(",", "")) == 0 else f"{'+' if wins > 0 else MINUS}{shown}"


def say_money(amount: float) -> str:
    """Say a change of an amount, in whole units.

    >>> say_money(32548.1), say_money(-0.2)
    ('+32,548', '0')
    """
    shown = f"{abs(amount):,.0f}"
    return shown if shown == "0" else f"{'+' if amount > 0 else MINUS}{shown}"
