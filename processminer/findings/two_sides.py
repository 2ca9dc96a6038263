"""Steps that help the deals of some segments and harm those of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.findings.family import MARGIN, parts_differ
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.effects.trial import Effect, Part
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.upkeep import DeviationKind

TOLD = 0.05
"""The usual bound for the test that segments differ, beside all other tests: from there on it is worth a question."""

PROVED = 0.01
"""The bound from which it is worth a change: what nobody wrote down may well move one segment and not another."""

SURE = 0.99
"""The level of the limits that leave none out on either side, where a rule is to be parted: the better and the worse of
several segments are looked at, and those are so by chance more often than one segment is."""


@dataclass(frozen=True, slots=True)
class TwoSides:
    """A declared step, the segments whose deals are won more often with it, and those whose deals are won less often.

    Values are drawn towards each other; each segment is on the side of its estimate.
    """

    effect: Effect
    deviation: DeviationKind
    """What it is to go without the step."""
    optional: bool
    helped: tuple[Part, ...]
    harmed: tuple[Part, ...]
    q: float
    clear: bool
    """Whether a segment on each side is so by limits of `SURE`, by `MARGIN` or more, and by more than a hidden cause
    as strong as the strongest known one would move; then there is something to change, else to ask."""

    @property
    def names(self) -> tuple[str, ...]:
        """The segments that it harms."""
        return tuple(part.name for part in self.harmed)


def two_sides(facts: Facts) -> Iterator[TwoSides]:
    """Yield the steps that the playbook declares alike for all, although they seem to help some and harm others.

    At least one segment is told apart from nothing. One that may go without by the playbook's own word is left out.
    """
    for effect in facts.estimates.effects:
        rate = facts.family.rate(parts_differ(effect))
        declared = _declared(effect, facts)
        if declared is not None and rate is not None and rate <= TOLD and not effect.screams:
            deviation, optional = declared
            helped = tuple(part for part in effect.parts if part.difference.value > 0)
            accepted = set[str]() if optional else _accepted(effect, deviation, facts)
            harmed = tuple(
                part for part in effect.parts if part.difference.value < 0 and fold(part.name) not in accepted
            )
            if helped and harmed and any(map(_told, (*helped, *harmed))):
                least = max(MARGIN, 0.0 if effect.benchmark is None else effect.benchmark.moves)
                clear = rate <= PROVED and all(
                    any(_told(part, SURE, least) for part in side) for side in (helped, harmed)
                )
                yield TwoSides(effect, deviation, optional, helped, harmed, rate, clear)


def _told(part: Part, level: float = 0.95, least: float = 0.0) -> bool:
    limits = part.difference.interval(level)
    return (limits.low > 0 or limits.high < 0) and abs(limits.estimate) >= least


def _declared(effect: Effect, facts: Facts) -> tuple[DeviationKind, bool] | None:
    """Return what going without it is called and whether the playbook leaves it to people; None if it says nothing."""
    trial, stage = effect.trial, facts.declared(effect.trial.stage)
    if stage is None:
        return None
    if trial.kind == "stage":
        return "skipped", stage.optional
    if trial.kind == "task":
        return next((("task-missing", task.optional) for task in stage.tasks if task.do == trial.subject), None)
    return None


def _accepted(effect: Effect, deviation: DeviationKind, facts: Facts) -> set[str]:
    """Return the segments, folded, that may go without it by the playbook's own word."""
    own = [
        one
        for one in facts.playbook.accepted
        if one.deviation == deviation and fold(one.subject) == fold(subject_of(effect, facts))
    ]
    return {
        fold(value)
        for one in own
        for name, values in one.where.items()
        if fold(name) == fold(effect.segment)
        for value in values
    }


def subject_of(effect: Effect, facts: Facts) -> str:
    """Return the step by its declared name."""
    stage = facts.declared(effect.trial.stage)
    return stage.name if effect.trial.kind == "stage" and stage is not None else effect.trial.subject
