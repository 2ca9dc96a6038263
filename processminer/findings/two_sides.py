"""Steps that help the deals of some segments and harm those of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.findings.family import parts_differ
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.effects.trial import Effect, Part
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.upkeep import DeviationKind

TOLD = 0.05
"""The usual bound for the test that segments differ, beside all other tests."""


@dataclass(frozen=True, slots=True)
class TwoSides:
    """A declared step, the segments whose deals are won more often with it, and those whose deals are won less often.

    At least one of each is so by its 95 % limits, drawn towards the others; the rest are on the side of their estimate.
    """

    effect: Effect
    deviation: DeviationKind
    """What it is to go without the step."""
    optional: bool
    helped: tuple[Part, ...]
    harmed: tuple[Part, ...]
    q: float

    @property
    def names(self) -> tuple[str, ...]:
        """The segments that it harms."""
        return tuple(part.name for part in self.harmed)


def two_sides(facts: Facts) -> Iterator[TwoSides]:
    """Yield the steps that the playbook declares alike for all, although they do one segment good and another harm.

    Where it is accepted already that a segment goes without, that segment is left out.
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
            if _clear(helped, 1) and _clear(harmed, -1):
                yield TwoSides(effect, deviation, optional, helped, harmed, rate)


def _clear(parts: tuple[Part, ...], sign: int) -> bool:
    limits = [part.difference.interval() for part in parts]
    return any(sign * one.low > 0 and sign * one.high > 0 for one in limits)


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
