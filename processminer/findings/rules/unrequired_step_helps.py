"""The rule for steps that nobody has to do and after which more deals are won."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.findings.comparison import comparison_numbers, grade_beside_sign, grade_of, say_comparison
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import say_part
from processminer.findings.signs import sign_in, won_already
from processminer.findings.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.effects.actions import ActionEffect
    from processminer.estimates.effects.trial import Effect
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Severity
    from processminer.findings.pattern import Numbers

LEANS = 0.05
"""The p-value, by itself, from which it is worth a word. The grade says what it is worth beside all other tests: A and
B are told apart from chance, C and D ask for a trial."""

MUCH = 0.05
"""Five points more won deals, by the lower limit, among those that leave it out: more than most changes bring."""

SOME = 0.01
"""One point, likewise."""


OPPOSITE = 0.9
"""Level of the limits at which what follows the activity two weeks later speaks against it."""


def unrequired_step_helps(facts: Facts) -> Iterator[Finding]:
    """A step that the playbook does not require is left out although comparable deals that do it are won more often.

    **Symptom.** From the moment they had to decide, and with all that was known then held equal, deals that took an
    optional stage, did an optional task, or had an activity that the playbook does not mention, are won more often
    than deals without. All comparisons are tested together; the grade says whether this one still holds beside the
    others. A step that usually comes just before the win is left out: it is a sign of winning, not a way to it. So is
    an activity after which deals go on more slowly, once two weeks have passed.

    **Remedy.** Try it with one team, chosen by lot: what people choose to do they may have chosen for deals that
    looked good, and no log shows what they saw. Only where the difference is larger than such a feeling usually
    makes, it is proposed to require the step; and whether it helps deals for which nobody would have chosen it, only
    the trial can tell.
    """
    for effect in facts.estimates.effects:
        standing = standing_of(effect.trial, facts.playbook)
        if standing is not None and _helps(effect) and not _sign_of_winning(effect, facts):
            yield _finding(effect, standing, facts)


def _helps(effect: Effect) -> bool:
    told = effect.found
    return told is not None and told.difference.value > 0 and told.difference.p_value <= LEANS


def _sign_of_winning(effect: Effect, facts: Facts) -> bool:
    if won_already(effect, facts):
        return True
    action = facts.action(effect.trial.subject) if effect.trial.kind == "task" else None
    later = None if action is None else action.onward.later
    return later is not None and later.interval(OPPOSITE).high < 0


def _finding(effect: Effect, standing: str, facts: Facts) -> Finding:
    trial, sign = effect.trial, sign_in(effect, facts)
    return Finding(
        id="",
        rule="unrequired-step-helps",
        subject=trial.subject,
        severity=_weigh(effect),
        grade=grade_beside_sign(grade_of(effect, facts.family), sign),
        message=(
            f"{say_part(effect.did_not.deals, effect.deals)} went on without '{trial.subject}', which is {standing}."
            f" {say_comparison(effect)} {sign}"
        ).rstrip(),
        evidence=Evidence(
            population=f"Deals from {trial.moment}, followed for {effect.horizon_days} days.",
            n=effect.did_not.deals,
            of=effect.deals,
            share=None,
            numbers={
                "kind": trial.kind,
                "stage": trial.stage,
                "standing": standing,
                **comparison_numbers(effect, facts.family),
                **_follows(facts.action(trial.subject)),
            },
            examples=(),
            command="processminer show effects LOG --playbook PLAYBOOK",
        ),
    )


def _follows(action: ActionEffect | None) -> Numbers:
    """Return how many times as often deals go on after the activity, just after it and when two weeks have passed."""
    if action is None:
        return {}
    soon, later = action.onward.soon, action.onward.later
    return {
        "times_as_often_onward_soon": None if soon is None else math.exp(soon.value),
        "times_as_often_onward_later": None if later is None else math.exp(later.value),
    }


def _weigh(effect: Effect) -> Severity:
    low = 0.0 if effect.printed is None else effect.printed.interval.low
    gain = low * effect.did_not.deals / effect.deals
    return "high" if gain >= MUCH else "medium" if gain >= SOME else "low"
