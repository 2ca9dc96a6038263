"""The rule for stages where deals wait and nobody declared how long they may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.facts import names_of
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import ENOUGH
from processminer.log.names import fold
from processminer.words import say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.figures import StageGain, StageTime
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage

HEAVY = 0.30
"""Below three days in ten, there is more to gain elsewhere."""

DOMINANT = 0.50
"""Half of all days that deals spend anywhere: no other stage can matter as much."""

LONGER = 2.0
"""The least that a stay must be longer, by its lower limit, than stays elsewhere by theirs: early stages hold many
days only because every deal goes through them, and stages that differ by less just differ."""

SURE = 0.80
"""A stage that gains most in four of five resamples of the deals is the bottleneck, as far as the log can tell."""

TOLD = 0.001
"""A tenth of a point, by its lower limit: less is no gain that anybody would see."""

LONG = 14.0
"""A stage that nine in ten deals leave within two weeks needs no rule about waiting."""


def stage_waits(facts: Facts) -> Iterator[Finding]:
    """Deals wait in a stage for which no time limit is declared.

    **Symptom.** The stage holds a large part of all days that deals spend anywhere, a stay in it is at least twice as
    long as stays elsewhere, and one deal in ten stays more than two weeks. Stays that have not ended count as
    censored. A stage that declares a limit is judged by that limit instead.

    **Remedy.** Declare a time limit, so that a wait is seen while something can be done about it, and find out what
    deals wait for: a log of stage changes cannot tell work from waiting, nor your queue from the customer's. Where
    most time goes is not yet where time is won: a long last stage may win less by speed than a short early one, so the
    finding says what the stage would gain, and weighs more where no other would gain as much.
    """
    for stage in facts.playbook.stages:
        time = facts.time(stage)
        if stage.time_limit is None and time is not None and _waits(time, _elsewhere(facts, stage)):
            yield _finding(stage, time, facts)


def _elsewhere(facts: Facts, stage: Stage) -> float:
    """Return the mean length of stays in other stages, each by its upper limit."""
    others = [time for time in facts.estimates.stages if fold(time.stage) not in names_of(stage) and time.visits > 0]
    visits = sum(time.visits for time in others)
    return sum(time.mean_days.high * time.visits for time in others) / visits if visits else float("inf")


def _waits(time: StageTime, elsewhere: float) -> bool:
    long = time.p90_days is None or time.p90_days >= LONG
    enough = time.deals >= ENOUGH and time.share_of_deal_days >= HEAVY
    return enough and long and time.mean_days.low >= LONGER * elsewhere


def _finding(stage: Stage, time: StageTime, facts: Facts) -> Finding:
    mean, gain = time.mean_days, facts.gain(stage)
    return Finding(
        id="",
        rule="stage-waits",
        subject=stage.name,
        severity="medium" if time.share_of_deal_days >= DOMINANT or (gain and gain.rank_1 >= SURE) else "low",
        grade="C",
        message=(
            f"{stage.name} holds {say_percent(time.share_of_deal_days)} of all days that deals spend in stages"
            f" ({time.visits:,} stays of {time.deals:,} deals), and no time limit is declared."
            f" Counted up to {say_days(time.tau_days)}, a stay lasts {say_days(mean.estimate)} on average (95 % limits"
            f" {say_days(mean.low)} to {say_days(mean.high)}).{_say_gain(gain)}"
        ),
        evidence=Evidence(
            population=f"All stays in {stage.name}; {time.open:,} that have not ended count as censored.",
            n=time.deals,
            of=facts.discovery.totals.deals,
            share=None,
            numbers={
                "share_of_deal_days": time.share_of_deal_days,
                "mean_days": mean.estimate,
                "mean_days_low": mean.low,
                "mean_days_high": mean.high,
                "median_days": time.median_days,
                "p90_days": time.p90_days,
                "open": time.open,
                **_numbers(gain),
            },
            examples=(),
            command="processminer show stage-times LOG --playbook PLAYBOOK",
        ),
    )


def _say_gain(gain: StageGain | None) -> str:
    if gain is None or gain.gain.low < TOLD:
        return ""
    change = gain.gain
    return (
        f" If deals went on from it at {gain.times_faster:g} times the rate of now, {100 * change.estimate:+.1f} points"
        f" more of the new deals (95 % limits {100 * change.low:+.1f} to {100 * change.high:+.1f}; now"
        f" {say_percent(gain.base)} of {gain.deals:,}) would be won within {say_days(gain.within_days)}; it gains"
        f" most in {say_percent(gain.rank_1)} of the resamples."
    )


def _numbers(gain: StageGain | None) -> dict[str, float | int | str | None]:
    if gain is None:
        return {}
    return {
        "gain": gain.gain.estimate,
        "gain_low": gain.gain.low,
        "gain_high": gain.gain.high,
        "gain_rank_1": gain.rank_1,
        "gain_within_days": gain.within_days,
    }
