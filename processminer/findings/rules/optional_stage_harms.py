"""The rule for optional stages after which fewer deals are won."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import comparison_numbers, grade_beside_sign, grade_of, say_comparison
from processminer.findings.family import changes
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import say_part
from processminer.findings.signs import sign_in, won_already

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.effects.trial import Effect
    from processminer.findings.facts import Facts

SURE = 0.01
"""The false discovery rate at which it is told: what deals go through by choice may have been chosen for deals that
looked bad, so chance at least should be out of the question."""

MUCH = -0.05
"""Five points fewer won deals, by the upper limit, among those that take it: more than most changes cost."""


def optional_stage_harms(facts: Facts) -> Iterator[Finding]:
    """Deals that take an optional stage are won less often than comparable deals that leave it out.

    **Symptom.** From the moment they had to decide, and with all that was known then held equal, deals that went
    through a stage that the playbook leaves to people are won less often than deals that passed it by. All comparisons
    are tested together, and the false discovery rate is held at one in a hundred. Where deals that pass it by are won
    as good as at once, passing it by is a sign of winning, and nothing is told.

    **Remedy.** Take the stage out, for one team first, or find out what in it costs deals. It may also be that people
    choose it for deals that look bad to them: whether it harms deals for which nobody would have chosen it, only a
    trial can tell.
    """
    for effect in facts.estimates.effects:
        stage = facts.playbook.stage(effect.trial.subject) if effect.trial.kind == "stage" else None
        if stage is not None and stage.optional and _harms(effect, facts) and not won_already(effect, facts):
            yield _finding(effect, facts)


def _harms(effect: Effect, facts: Facts) -> bool:
    rate = facts.family.rate(changes(effect))
    told = effect.found
    return told is not None and told.difference.value < 0 and rate is not None and rate <= SURE


def _finding(effect: Effect, facts: Facts) -> Finding:
    trial, sign = effect.trial, sign_in(effect, facts)
    high = 0.0 if effect.found is None else effect.found.interval.high
    return Finding(
        id="",
        rule="optional-stage-harms",
        subject=trial.subject,
        severity="high" if high <= MUCH else "medium",
        grade=grade_beside_sign(grade_of(effect, facts.family), sign),
        message=(
            f"{say_part(effect.acted.deals, effect.deals)} took '{trial.subject}', which is optional."
            f" {say_comparison(effect)} {sign}"
        ).rstrip(),
        evidence=Evidence(
            population=f"Deals from {trial.moment}, followed for {effect.horizon_days} days.",
            n=effect.acted.deals,
            of=effect.deals,
            share=None,
            numbers={"kind": trial.kind, "stage": trial.stage, **comparison_numbers(effect, facts.family)},
            examples=(),
            command="processminer show effects LOG --playbook PLAYBOOK",
        ),
    )
