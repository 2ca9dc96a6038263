"""Where a difference between deals is a sign of how they stood already, and not the work of what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.passing import only_passed
from processminer.findings.standing import days_of_signing
from processminer.playbook.graph import required_between
from processminer.words import say_list, say_percent

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Effect
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage

TENFOLD = 10.0
"""Times the odds of a win: more than people make by working otherwise, where one side is decided besides."""

AS_GOOD_AS_WON = 0.95
"""The share of deals won of a side that has nothing left to decide."""

AS_GOOD_AS_LOST = 0.01
"""The share of deals won of a side that nobody works on any more."""


def sign_in(effect: Effect, facts: Facts) -> str:
    """Say why a difference tells how deals stood and not what a step does, as a sentence; empty where nothing says so.

    So it is where the better deals are won as good as at once, where one side is decided whatever is done, and where
    the stages that make the difference take no time: what is only written down there was decided elsewhere, often by
    the customer, and nobody is won by being made to write it down.
    """
    if won_already(effect, facts):
        return "Deals that fare better are mostly won within days of that moment: it comes with the decision."
    decided = _decided(effect)
    if decided:
        return decided
    stages = _between(effect, facts)
    if stages and all(only_passed(stage, facts) is not None for stage in stages):
        return (
            f"No work is done in {say_list((one.name for one in stages), most=8)}: deals only pass, so that it is"
            " written down there what was decided elsewhere, and making more deals pass would not decide it otherwise."
        )
    return ""


def won_already(effect: Effect, facts: Facts) -> bool:
    """Tell whether the deals of the side that fares better are mostly won as good as at that moment."""
    better = effect.did_not if effect.found is not None and effect.found.difference.value < 0 else effect.acted
    return better.days_to_win is not None and better.days_to_win < days_of_signing(facts)


def _decided(effect: Effect) -> str:
    told, odds = effect.found, effect.odds
    if told is None or odds is None or 1 / TENFOLD < odds < TENFOLD:
        return ""
    best, worst = max(told.with_action, told.without), min(told.with_action, told.without)
    if best >= AS_GOOD_AS_WON:
        return f"{say_percent(best)} of the deals on one side are won: they are as good as won by then, and not by it."
    if worst <= AS_GOOD_AS_LOST:
        return "Hardly a deal on one side is won: that is where deals go that are lost already."
    return ""


def _between(effect: Effect, facts: Facts) -> tuple[Stage, ...]:
    """Return the declared stages that only one side goes through, but for optional ones of a jump."""
    trial, source = effect.trial, facts.declared(effect.trial.stage)
    if trial.kind == "stage":
        return () if source is None else (source,)
    target = facts.declared(trial.to)
    if trial.kind != "skip" or source is None or target is None:
        return ()
    return required_between(facts.playbook, source.name, target.name)
