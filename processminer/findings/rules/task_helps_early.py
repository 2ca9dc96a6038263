"""The rule for tasks that do more the sooner they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.checks_judged import turns_deals_down
from processminer.findings.comparison import comparison_numbers, grade_of, say_held, say_points
from processminer.findings.family import changes
from processminer.findings.finding import Evidence, Finding
from processminer.words import say_days, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.effects.trial import Effect
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage, Task

SURE = 0.01
"""The false discovery rate at which it is told: who is answered first may be who looked good, so chance at least should
be out of the question."""

HALF = 0.5
"""Of a new deal's chance: where old deals have lost more, dead ones stay, and what is late was dead before."""


def task_helps_early(facts: Facts) -> Iterator[Finding]:
    """A task is done late although deals for which it is done soon are won more often.

    **Symptom.** Of the deals that were still in the stage after some days, those that had the task done by then are
    won more often than those that had not, with the source, the segment, the owner and all else that was known held
    equal. Nearly all deals get the task in the end: it is not whether, but when. The playbook gives it no time, or
    more. A task after which deals are turned down is left out: those that had it and are still there have passed it,
    and the others may yet fail.

    **Remedy.** Give the task a time from the day the deal enters the stage, and let the CRM remind whoever does it.
    Hot deals may be answered first: the source is held equal, and what sellers feel is not, so try it with one team.
    """
    for effect in facts.estimates.prompt:
        stage = facts.declared(effect.trial.stage)
        if stage is None or not _late(effect, _task(stage, effect)):
            continue
        if _helps(effect, facts) and not _dead_stay(stage, facts) and not _turns_down(effect, facts):
            yield _finding(stage, effect, facts)


def _task(stage: Stage, effect: Effect) -> Task | None:
    return next((task for task in stage.tasks if task.do == effect.trial.subject), None)


def _late(effect: Effect, task: Task | None) -> bool:
    return task is None or task.within is None or task.within > effect.trial.within_days


def _helps(effect: Effect, facts: Facts) -> bool:
    rate, told = facts.family.rate(changes(effect)), effect.found
    sure = told is not None and told.difference.value > 0 and rate is not None and rate <= SURE
    return sure and effect.beats_benchmark and grade_of(effect, facts.family) in ("A", "B")


def _dead_stay(stage: Stage, facts: Facts) -> bool:
    one = facts.give_up(stage)
    return one is not None and one.left.value < HALF


def _turns_down(effect: Effect, facts: Facts) -> bool:
    """Tell whether who is still there with the task done has passed it, so that early and late are other deals."""
    trial = effect.trial
    return any(
        check.task == trial.subject and check.stage == trial.stage and turns_deals_down(check, facts)
        for check in facts.estimates.conduct.checks
    )


def _finding(stage: Stage, effect: Effect, facts: Facts) -> Finding:
    trial = effect.trial
    days, late = trial.within_days, effect.did_not.deals
    both = late + effect.acted.deals
    task = _task(stage, effect)
    return Finding(
        id="",
        rule="task-helps-early",
        subject=trial.subject,
        severity="medium",
        grade=grade_of(effect, facts.family),
        message=(
            f"{say_share(late, both)} deals that were in {stage.name} for {say_days(days)} had no '{trial.subject}'"
            f" until then{_said(effect)}"
        ),
        evidence=Evidence(
            population=f"Deals that were still in {stage.name} {say_days(days)} after they came to it.",
            n=late,
            of=both,
            share=None,
            numbers={
                "stage": stage.name,
                "within_days": days,
                "declared_days": None if task is None else task.within,
                "standing": "not in the playbook" if task is None else "declared",
                **comparison_numbers(effect, facts.family),
            },
            examples=(),
            command="processminer show early-tasks LOG --playbook PLAYBOOK",
        ),
    )


def _said(effect: Effect) -> str:
    if effect.printed is None:
        return "."
    told = effect.printed.interval
    return (
        f". Compared from {effect.trial.moment}, {say_held(effect)}: deals that had it are won"
        f" {100 * told.estimate:.1f} points more often (95 % limits {say_points(told.low)} to {say_points(told.high)})."
    )
