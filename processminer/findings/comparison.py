"""What the comparison of deals that did a step with deals that did not allows to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.family import comparable
from processminer.statistics.multiplicity import adjusted_p_values, chance_above, chance_below

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.estimates.estimates import Practice
    from processminer.findings.finding import Grade
    from processminer.findings.pattern import Numbers
    from processminer.statistics.interval import Interval

TOLD = 0.05
"""The usual bound: of the differences that are told, at most one in twenty is none."""


def false_discovery_rates(practices: Sequence[Practice]) -> Mapping[Practice, float]:
    """Return for each comparable step the rate at which its difference would be told from zero, all tested together.

    Two-sided; Benjamini and Hochberg (1995).
    """
    tested = [(one, one.adjusted) for one in practices if one.adjusted is not None and comparable(one)]
    chances = [2 * min(0.5, chance_below(points, 0.0), chance_above(points, 0.0)) for _, points in tested]
    return dict(zip((one for one, _ in tested), adjusted_p_values(chances), strict=True))


def grade_of(practice: Practice | None, practices: Sequence[Practice]) -> Grade:
    """Return B where an adjusted comparison tells the two kinds of deals apart, however many were made, else C."""
    if practice is None:
        return "C"
    return "B" if false_discovery_rates(practices).get(practice, 1.0) <= TOLD else "C"


def say_comparison(practice: Practice | None) -> str:
    """Say the adjusted difference as a sentence; nothing where there is none.

    The crude difference is never said: it mixes what the step does with which deals take it.
    """
    if practice is None or practice.adjusted is None:
        return ""
    points = practice.adjusted
    return (
        f"Compared from {practice.moment}: {practice.strata}. Deals that do it are won"
        f" {abs(points.estimate) * 100:.1f} points {'less' if points.estimate < 0 else 'more'} often than deals that do"
        f" not (95 % limits {say_points(points.low)} to {say_points(points.high)})"
        f"{'' if _apart(points) else ', which does not tell whether it helps'}."
    )


def say_points(difference: float) -> str:
    """Say a difference of shares in points, with its sign.

    >>> say_points(-0.034), say_points(0.01), say_points(-0.0001)
    ('-3.4', '+1.0', '0.0')
    """
    points = round(difference * 100, 1)
    return f"{points:+.1f}" if points else "0.0"


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
