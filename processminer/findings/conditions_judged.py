"""How surely a field or task that is there when deals go on keeps them from coming back, or helps them to be won."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from processminer.findings.comparison import TOLD, grade_of
from processminer.findings.facts import names_of
from processminer.findings.family import keeps_from_return
from processminer.log.names import fold

if TYPE_CHECKING:
    from processminer.estimates.conditions.conditions import Condition
    from processminer.estimates.effects.trial import Effect
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Grade
    from processminer.playbook.parts.stages import Criterion, Stage

Use = Literal["returns", "wins"]

LEANS = 0.05
"""The p-value, by itself, from which it is worth a question."""


def use_of(condition: Condition, facts: Facts) -> tuple[Use, Effect, Grade] | None:
    """Return what a condition is good for, the comparison that shows it, and how surely; None where nothing is shown.

    Fields are filled in for deals that people believe in: that it helps to win must be hardly explained by a
    hidden cause, which that it keeps deals from coming back need not.
    """
    back = condition.returns
    rate = facts.family.rate(keeps_from_return(condition))
    told = None if back is None else back.found
    shown = rate is not None and rate <= TOLD and told is not None and told.difference.value < 0
    if shown and back is not None and not back.screams:
        return "returns", back, "A" if back.beats_benchmark and back.confirmed and back.steady else "B"
    wins = condition.wins
    if condition.kind == "task" or wins is None or wins.found is None or wins.found.difference.value <= 0:
        return None
    return ("wins", wins, "A") if grade_of(wins, facts.family) == "A" else None


def leans(condition: Condition, facts: Facts) -> Effect | None:
    """Return the comparison by which a field or task seems to help, where none shows it; None where none leans so.

    For a lean, its own p-value is enough. Of what deals do, only whether it keeps them from coming back is asked.
    """
    if use_of(condition, facts) is not None:
        return None
    asked = ((condition.returns, -1), (None if condition.kind == "task" else condition.wins, 1))
    for effect, better in asked:
        told = None if effect is None else effect.found
        if told is not None and told.difference.value * better > 0 and told.difference.p_value <= LEANS:
            return effect
    return None


def explained(stage: str, facts: Facts) -> bool:
    """Tell whether it is shown what the deals lacked that come back to a declared stage."""
    return any(
        told[0] == "returns" and (declared := facts.declared(one.stage)) is not None and declared.name == stage
        for one in facts.estimates.conduct.conditions
        if (told := use_of(one, facts)) is not None
    )


def asked_at(condition: Condition, facts: Facts) -> Stage | None:
    """Return the first declared stage that already asks for a condition, as a criterion or task; None if none does."""
    for stage in facts.playbook.stages:
        criteria = (*stage.entry_criteria, *stage.exit_criteria)
        if any(_looks_at(one, condition) for one in criteria if not one.optional):
            return stage
        shown = [fold(name) for task in stage.tasks if not task.optional for name in (task.do, *task.seen_as)]
        if condition.kind == "task" and fold(condition.name) in shown:
            return stage
    return None


def criterion_for(condition: Condition, stage: Stage) -> Criterion | None:
    """Return the exit criterion of a stage that is exactly this condition."""
    return next((one for one in stage.exit_criteria if _looks_at(one, condition) and len(one.elements) <= 1), None)


def comes_before(condition: Condition, stage: Stage, facts: Facts) -> bool:
    """Tell whether a condition was looked at before a declared stage."""
    places = [index for index, one in enumerate(facts.playbook.stages) if fold(condition.stage) in names_of(one)]
    return bool(places) and places[0] < facts.playbook.names.index(stage.name)


def _looks_at(criterion: Criterion, condition: Condition) -> bool:
    names = criterion.fields if condition.kind == "field" else criterion.seen_as
    return fold(condition.name) in {fold(name) for name in names}
