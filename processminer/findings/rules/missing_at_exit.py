"""The rule for what deals lacked when they went on, and what came of it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from processminer.findings.comparison import comparison_numbers, say_held, say_points
from processminer.findings.conditions_judged import asked_at, comes_before, criterion_for, use_of
from processminer.findings.family import changes, keeps_from_return
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import NOTABLE, limits, say_part, weigh
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.estimates.conditions.conditions import Condition
    from processminer.estimates.effects.trial import Effect
    from processminer.findings.conditions_judged import Use
    from processminer.findings.facts import Facts

_FACTS: Mapping[Use, str] = MappingProxyType({"returns": "comebacks", "wins": "conditions"})


def missing_at_exit(facts: Facts) -> Iterator[Finding]:
    """Deals go on from a stage without something that keeps others from coming back, or helps them to be won.

    **Symptom.** At least every tenth deal leaves the stage with a field empty, or an activity not done, that the
    playbook does not ask for there; and with what was known at that moment held equal, these deals come back to the
    stage more often, or are won less often. Looked at are fields whose changes the log tells, as they stood when the
    deal went on: a field that is only known as it is today may have been filled in after the fact.

    **Remedy.** Make it an exit criterion of the stage; where a later stage asks for it already, move the criterion
    to this one. Try it with one team: the field may be filled in because people believe in a deal, and a criterion that
    is met without the work behind it changes nothing.
    """
    for condition in facts.estimates.conduct.conditions:
        stage, told = facts.declared(condition.stage), use_of(condition, facts)
        if stage is None or told is None:
            continue
        use, effect, grade = told
        there = asked_at(condition, facts)
        late = there is not None and comes_before(condition, there, facts)
        if there is not None and not (late and criterion_for(condition, there) is not None):
            continue
        share = wilson(condition.unmet, condition.met + condition.unmet)
        if share.low > NOTABLE:
            yield Finding(
                id="",
                rule="missing-at-exit",
                subject=condition.name,
                severity=weigh(share),
                grade=grade,
                message=(
                    f"{say_part(condition.unmet, condition.met + condition.unmet)} went on from {stage.name}"
                    f" {_without(condition)}{_asked(there.name) if there else ''}. {_say(effect, use, stage.name)}"
                ),
                evidence=Evidence(
                    population=f"Deals that went on from {stage.name} to a later stage, as they stood then.",
                    n=condition.unmet,
                    of=condition.met + condition.unmet,
                    share=limits(share),
                    numbers={
                        "kind": condition.kind,
                        "stage": stage.name,
                        "use": use,
                        "asked_at": None if there is None else there.name,
                        **comparison_numbers(effect, facts.family),
                        "q": facts.family.rate(keeps_from_return(condition) if use == "returns" else changes(effect)),
                    },
                    examples=(),
                    command=f"processminer show {_FACTS[use]} LOG --playbook PLAYBOOK",
                ),
            )


def _without(condition: Condition) -> str:
    return f"with '{condition.name}' empty" if condition.kind == "field" else f"without '{condition.name}'"


def _asked(stage: str) -> str:
    return f", which the playbook asks for at {stage} only"


def _say(effect: Effect, use: Use, stage: str) -> str:
    if effect.printed is None:
        return ""
    interval = effect.printed.interval
    verb = f"come back to {stage}" if use == "returns" else "are won"
    more = "less" if interval.estimate < 0 else "more"
    return (
        f"Compared from {effect.trial.moment}, {say_held(effect)}: deals with it {verb}"
        f" {abs(interval.estimate) * 100:.1f} points {more} often than deals without (95 % limits"
        f" {say_points(interval.low)} to {say_points(interval.high)})."
    )
