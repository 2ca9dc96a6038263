"""What is said of a jump or a return: that it is shown to cost deals, that it is shown not to, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import TOLD, comparison_numbers, grade_of, say_held, say_points
from processminer.findings.family import MARGIN, harmless

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Effect
    from processminer.estimates.ways.ways import Way
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Grade
    from processminer.findings.pattern import Numbers

FEW_OWNERS = 3
"""What only one or two people do is a habit to talk about with them, not the way the team works."""


def way_of(facts: Facts, subject: str) -> Way | None:
    """Return what is known of a move by its declared names, as `Proposal -> Discovery`; None where not compared."""
    return next((way for way in facts.estimates.conduct.ways if declared_subject(way, facts) == subject), None)


def declared_subject(way: Way, facts: Facts) -> str | None:
    """Return a way by its declared names; None where the playbook does not know its stages."""
    source, target = facts.declared(way.source), facts.declared(way.target)
    return None if source is None or target is None else f"{source.name} -> {target.name}"


def of_few(way: Way | None) -> bool:
    """Tell whether the owners are known of the deals that took it, and are fewer than `FEW_OWNERS`."""
    return way is not None and 0 < way.owners < FEW_OWNERS


def harm_of(way: Way, facts: Facts) -> Grade | None:
    """Return how surely a way costs deals; None where that is not shown.

    Hard deals are the ones that go back, so a return must be hardly explained by a hidden cause as strong as one that
    is known, the deals must not have differed before, and it must cost more than the risks of the stages that are
    passed once more.
    """
    effect = way.effect
    if effect is None or effect.found is None or effect.found.difference.value >= 0:
        return None
    grade = grade_of(effect, facts.family)
    if grade not in {"A", "B"}:
        return None
    if way.kind == "return":
        doubtful = effect.benchmark is None or not effect.beats_benchmark or effect.screams
        if not costs_deals(way) or doubtful:
            return None
    return grade


def costs_deals(way: Way) -> bool:
    """Tell whether deals that return do worse than the risks run once more explain, for whatever reason."""
    return way.beyond_risk is not None and way.beyond_risk.high < 0


def unharmed(way: Way, facts: Facts) -> float | None:
    """Return the rate at which a way is shown to cost less than `MARGIN`, where it is; else None.

    Of a return, among the live deals too, where it looks worst.
    """
    rate, worst = facts.family.rate(harmless(way)), way.worst
    if rate is None or rate > TOLD or worst is None or worst.found is None or worst.screams:
        return None
    return rate if worst.found.interval.low > -MARGIN else None


def say_way(way: Way | None) -> str:
    """Say what a way changes as sentences; nothing where it could not be compared."""
    if way is None or way.effect is None or way.effect.printed is None:
        return ""
    if way.kind == "skip":
        return f"{_compared(way.effect, 'that go straight there', 'that take a stage between')}{_doubt(way.effect)}"
    told = _compared(way.effect, "that go back", "that leave it in any other way, closed ones among them")
    if way.among_live is not None and way.among_live.printed is not None:
        other = way.among_live.printed.interval
        told += (
            f" Beside live deals that go on, it is {_points(other.estimate)} ({say_points(other.low)} to"
            f" {say_points(other.high)}); which of the two is right depends on whether deals that die could have gone"
            " back."
        )
    return f"{told}{_doubt(way.effect)}"


def way_numbers(way: Way | None, facts: Facts) -> Numbers:
    """Return the figures behind `say_way`."""
    if way is None:
        return {}
    live = None if way.among_live is None or way.among_live.printed is None else way.among_live.printed.interval
    return {
        **comparison_numbers(way.effect, facts.family),
        "owners": way.owners,
        "loop_days": None if way.loop_days is None else way.loop_days.estimate,
        "among_live_difference": None if live is None else live.estimate,
        "beyond_risk": None if way.beyond_risk is None else way.beyond_risk.estimate,
    }


def _compared(effect: Effect, these: str, others: str) -> str:
    assert effect.printed is not None
    limits = effect.printed.interval
    return (
        f"Compared from {effect.trial.moment}, {say_held(effect)}: deals {these} are won"
        f" {_points(limits.estimate)} than deals {others} (95 % limits {say_points(limits.low)} to"
        f" {say_points(limits.high)})."
    )


def _points(difference: float) -> str:
    return f"{abs(difference) * 100:.1f} points {'less' if difference < 0 else 'more'} often"


def _doubt(effect: Effect) -> str:
    if effect.printed is None or effect.printed.interval.low > 0 or effect.printed.interval.high < 0:
        return ""
    return " That does not tell whether it matters."
