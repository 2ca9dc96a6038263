"""What else than a step may be behind a difference: asked of all that is demanded of everybody, or taken from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.effects.trial import SETTLES
from processminer.findings.comparison import unlike
from processminer.revisions.revision import Undecided
from processminer.statistics.proportions import needed_units
from processminer.words import say_count

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Effect
    from processminer.findings.finding import Finding, Grade
    from processminer.revisions.revision import RevisionKind

FELT = 1.75
"""Times the odds of a win. People do what they choose to do for deals that feel good to them, which no log holds: a
feeling worth half a point on the log odds of each later stage, and acted on, makes a useless step look as if it raised
the odds by a third to two thirds (in simulated organisations). What does not exceed that needs a trial first."""

FELT_AT_LEAST = 1.5
"""Times the odds of a win, by the limit next to none: what such a feeling makes of a useless step most often. Among
few deals the estimate alone exceeds `FELT` by chance."""

LARGE = 4.0
"""Times the odds of a win: few changes of how people work bring as much, and most differences of that size stem from
what was decided before."""


def doubt_of(effect: Effect, grade: Grade) -> str:
    """Say what else may make deals with a step fare better, or worse, as a sentence; empty where that is unlikely."""
    helps = effect.found is not None and effect.found.difference.value > 0
    apart = unlike(effect)
    doubts = {
        "Beside all that was tested, the difference may be chance.": grade not in {"A", "B"},
        "Owners decide on it, and those who do it may just be the"
        f" {'better' if helps else 'weaker'} sellers.": effect.by_owner,
        "Deals with it differed already before, in how long they were in their first stage.": effect.screams,
        f"Deals with it and deals without could not be made alike in: {apart}.": bool(apart),
        "The newest deals do not confirm it.": effect.contradicted,
        _feeling(helps=helps): not effect.beats_benchmark or not more_than_felt(effect),
    }
    return next((doubt for doubt, holds in doubts.items() if holds), "")


def more_than_felt(effect: Effect) -> bool:
    """Tell whether the odds of a win differ by more than a feeling for deals would make them."""
    odds, least = effect.odds or 1.0, effect.least_odds or 1.0
    return max(odds, 1 / odds) >= FELT and max(least, 1 / least) >= FELT_AT_LEAST


def _feeling(*, helps: bool) -> str:
    if helps:
        return "People may do it for deals that feel good to them: such a feeling alone can make as large a difference."
    return "People may choose it for deals that look bad to them: that alone can make as large a difference."


def to_be_tried(kind: RevisionKind, subject: str, doubt: str, lot: str, effect: Effect, finding: Finding) -> Undecided:
    """Return a change that a trial has to settle: of new deals, as many as show a difference of `SETTLES`, half each.

    `doubt` is why only a trial tells, `lot` what is drawn by lot in it. What is counted is all eligible deals by then,
    those of before the trial among them.
    """
    base = 0.5 if effect.found is None else effect.found.without
    drawn = needed_units(min(max(base, SETTLES), 1 - SETTLES), SETTLES)
    said = (
        f"{doubt} A trial in which a lot decides {lot} would tell, with {say_count(drawn, 'new deal')} ({finding.id})."
    )
    return Undecided(kind, subject, effect.deals + drawn, said)


def say_large(effect: Effect) -> str:
    """Say that a difference is larger than changes mostly bring, with a space before it; empty where it is not."""
    odds = effect.odds or 1.0
    if max(odds, 1 / odds) < LARGE:
        return ""
    return (
        " So large a difference is rare: ask first whether deals are not decided by then, by the customer or by you,"
        " and believe the size only after the trial."
    )
