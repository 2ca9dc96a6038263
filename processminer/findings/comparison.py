"""What the comparison of deals that did a step with deals that did not allows to say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.findings.family import changes
from processminer.words import say_list

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Adjusted, Effect
    from processminer.findings.family import Family
    from processminer.findings.finding import Grade
    from processminer.findings.pattern import Numbers

TOLD = 0.05
"""The usual bound: of the differences that are told, at most one in twenty is none."""

LEANS = 0.10
"""Where the 90 % limits leave out none: worth a look, not worth a change."""

MOST_ALIKE = 0.8
"""Where fewer of the deals have counterparts, the answer is not about nearly all that come to the moment."""


APART = 0.1
"""Standard deviations: sides that differ by more in what was to be held equal are not alike (Austin, 2009)."""

APART_BY_CHANCE = 3.0
"""Standard errors on top: of some dozens of things that are held equal, one differs by so much by chance."""


def grade_of(effect: Effect | None, family: Family) -> Grade:
    """Return how much a difference proves.

    - A: as good as an experiment: adjusted, told apart beside all other tests, hardly explained by a hidden cause as
      strong as the strongest known one, nothing amiss before the moment, most deals comparable
      and alike once that is held equal, and the newest deals say the same, no more and no less than chance allows.
    - B: adjusted and told apart beside all other tests.
    - C: a pattern: adjusted with 90 % limits off none, or compared without anything held equal.
    - D: too few deals.

    Where deals differed already before the moment, a B is a C and an A a B.
    """
    if effect is None:
        return "C"
    if effect.found is None:
        return "D" if effect.too_few else "C"
    if _rate(effect, family) <= TOLD:
        if effect.screams:
            return "B" if _as_good(effect) else "C"
        return "A" if _as_good(effect) else "B"
    return "C" if effect.found.difference.p_value <= LEANS else "D"


def grade_beside_sign(grade: Grade, sign: str) -> Grade:
    """Return the grade of a difference that may be a sign of how deals stood: then it is a pattern at most."""
    return "C" if sign and grade in {"A", "B"} else grade


def _as_good(effect: Effect) -> bool:
    alike = effect.overlap is not None and effect.overlap >= MOST_ALIKE
    return alike and not unlike(effect) and effect.beats_benchmark and effect.confirmed and effect.steady


def unlike(effect: Effect) -> str:
    """Return in what the sides still differ most though it was to be held equal; empty where they are alike."""
    told = effect.found
    if told is None or told.effective is None or not told.balance or min(told.effective) <= 0:
        return ""
    name = max(sorted(told.balance), key=lambda one: told.balance[one][1])
    by_chance = APART_BY_CHANCE * math.sqrt(sum(1 / deals for deals in told.effective))
    return name if told.balance[name][1] > APART + by_chance else ""


def _rate(effect: Effect, family: Family) -> float:
    rate = family.rate(changes(effect))
    return 1.0 if rate is None else rate


def grade_beside(effect: Effect | None, family: Family) -> Grade:
    """Return the grade of a finding that stands on counted deals: at least a pattern, whatever a comparison tells."""
    grade = grade_of(effect, family)
    return "C" if grade == "D" else grade


def say_comparison(effect: Effect | None) -> str:
    """Say the adjusted difference as a sentence; nothing where there is none.

    The crude difference is never said: it mixes what the step does with which deals take it.
    """
    if effect is None or effect.printed is None:
        return ""
    limits = effect.printed.interval
    apart, points = limits.low > 0 or limits.high < 0, round(limits.estimate * 100, 1)
    return (
        f"Compared from {effect.trial.moment}, {say_held(effect)}. Deals that do it are won"
        f" {abs(points):.1f} points {'less' if points < 0 else 'more'} often than deals that do"
        f" not (95 % limits {say_points(limits.low)} to {say_points(limits.high)}{_of_whom(effect)})"
        f"{'' if apart else ', which does not tell whether it helps'}."
    )


def say_held(effect: Effect) -> str:
    """Say what was held equal, as a clause."""
    held = f"among deals alike in {say_list(effect.held_equal, most=8)}" if effect.held_equal else "all deals together"
    return f"{held}, owner by owner, as owners decide it" if effect.by_owner else held


def _of_whom(effect: Effect) -> str:
    return ", among the newest deals; the older ones found it" if effect.split else ""


def say_who(effect: Effect) -> str:
    """Say in what the deals of the two sides differ most, before that is held equal; nothing where it is not known."""
    if effect.adjusted is None or not effect.adjusted.balance:
        return ""
    balance = effect.adjusted.balance
    name = max(sorted(balance), key=lambda one: balance[one][0])
    before, after = balance[name]
    return (
        f"Those who do it and those who do not differ most in {name}: {before:.2f} standard deviations,"
        f" {after:.2f} once that is held equal."
    )


def say_parts(effect: Effect, *, helps: bool) -> str:
    """Say for which segment it helps most, or least; nothing where segments are not told apart."""
    if not effect.parts:
        return ""
    part = (max if helps else min)(effect.parts, key=lambda one: one.difference.value)
    limits = part.difference.interval()
    return (
        f"Of all segments by {effect.segment}, it does {'most' if helps else 'least'} for {part.name}:"
        f" {say_points(limits.estimate)} points ({say_points(limits.low)} to {say_points(limits.high)}, drawn towards"
        " the others)."
    )


def say_points(difference: float) -> str:
    """Say a difference of shares in points, with its sign.

    >>> say_points(-0.034), say_points(0.01), say_points(-0.0001)
    ('-3.4', '+1.0', '0.0')
    """
    points = round(difference * 100, 1)
    return f"{points:+.1f}" if points else "0.0"


def comparison_numbers(effect: Effect | None, family: Family) -> Numbers:
    """Return the figures behind `say_comparison`, crude beside adjusted, for the evidence."""
    if effect is None:
        return {}
    told = None if effect.printed is None else effect.printed.interval
    return {
        "done": effect.acted.deals,
        "not_done": effect.did_not.deals,
        "done_won": effect.acted.won,
        "not_done_won": effect.did_not.won,
        "crude_difference": effect.crude.estimate,
        "adjusted_difference": None if told is None else told.estimate,
        "adjusted_low": None if told is None else told.low,
        "adjusted_high": None if told is None else told.high,
        "adjusted_q": family.rate(changes(effect)),
        "adjusted_older": _value(effect.discovery),
        "adjusted_newest": _value(effect.confirmation),
        "overlap": effect.overlap,
        "hidden_cause_as_strong_as": None if effect.benchmark is None else effect.benchmark.name,
        "hidden_cause_would_move": None if effect.benchmark is None else effect.benchmark.moves,
        "not_compared_because": effect.refused or None,
    }


def _value(told: Adjusted | None) -> float | None:
    return None if told is None else told.difference.value
