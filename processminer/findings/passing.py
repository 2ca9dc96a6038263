"""Whether anything happens in a stage, or deals only pass it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import ENOUGH

if TYPE_CHECKING:
    from processminer.estimates.figures import StageTime
    from processminer.estimates.pass_throughs import PassThrough
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage

MOSTLY = 0.70
"""By its lower limit: where nearly all stays are over within hours, staying is the exception."""

LOST = 0.02
"""By its upper limit: a stage that deals die in decides something, however short it is."""

SHORT = 1.0
"""Days, by the upper limit of the mean with pass-throughs in it: what takes a day on average is work of its own."""


def mean_days(time: StageTime, passing: PassThrough) -> float:
    """Return the mean length by its upper limit, stays that were clicked through counted as none."""
    clicked = passing.clicked / passing.stays
    return 0.0 if clicked == 1.0 else (1 - clicked) * time.mean_days.high


def only_passed(stage: Stage, facts: Facts) -> tuple[StageTime, PassThrough] | None:
    """Return how deals pass a declared stage in which nothing happens; None where something may."""
    time, passing = facts.time(stage), facts.passing(stage)
    if not facts.shows("durations") or time is None or passing is None or passing.deals < ENOUGH:
        return None
    nothing = passing.passed.low > MOSTLY and passing.lost.high < LOST and mean_days(time, passing) < SHORT
    return (time, passing) if nothing else None
