"""What the comparison of deals that did a step with deals that did not allows to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.estimates.estimates import Practice
    from processminer.findings.finding import Grade
    from processminer.findings.pattern import Numbers
    from processminer.statistics.interval import Interval


def grade_of(practice: Practice | None) -> Grade:
    """Return B where an adjusted comparison tells the two kinds of deals apart, else C."""
    return "B" if practice is not None and _apart(practice.adjusted) else "C"


def say_comparison(practice: Practice | None) -> str:
    """Say the adjusted difference as a sentence; nothing where there is none.

    The crude difference is never said: it mixes what the step does with which deals take it.
    """
    if practice is None or practice.adjusted is None:
        return ""
    points = practice.adjusted
    said = (
        f"Compared from {practice.moment} within {practice.strata}, deals that do it are won"
        f" {say_points(points.estimate)} {'more' if points.estimate >= 0 else 'less'} often than deals that do not"
        f" (95 % limits {points.low * 100:+.1f} to {points.high * 100:+.1f})"
    )
    return f"{said}." if _apart(points) else f"{said}; so whether it helps cannot be told from zero."


def say_points(difference: float) -> str:
    """Say the size of a difference of shares.

    >>> say_points(-0.034), say_points(0.01)
    ('3.4 points', '1.0 points')
    """
    return f"{abs(difference) * 100:.1f} points"


def comparison_numbers(practice: Practice | None) -> Numbers:
    """Return the figures behind `say_comparison`, crude beside adjusted, for the evidence."""
    if practice is None:
        return {}
    adjusted = practice.adjusted
    return {
        "done": practice.done,
        "not_done": practice.skipped,
        "done_won": practice.done_won,
        "not_done_won": practice.skipped_won,
        "crude_difference": practice.crude.estimate,
        "adjusted_difference": None if adjusted is None else adjusted.estimate,
        "adjusted_low": None if adjusted is None else adjusted.low,
        "adjusted_high": None if adjusted is None else adjusted.high,
    }


def _apart(difference: Interval | None) -> bool:
    return difference is not None and (difference.low > 0 or difference.high < 0)
