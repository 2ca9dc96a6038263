"""A task that does more the sooner it is done gets a time, or is added with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.family import changes
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.doubts import doubt_of, to_be_tried
from processminer.revisions.kinds.lengths import write_days
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.new_task import new_task
from processminer.revisions.revision import Revision, Undecided
from processminer.words import say_count

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Effect
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground
    from processminer.revisions.revision import RevisionKind


def hurry_task(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose the time by which deals that have the task fare better, with what it brings if all have it by then.

    Where a feeling for deals may decide which of them have it soon, say what would tell.
    """
    facts = ground.facts
    stage, effect = facts.playbook.stage(str(finding.evidence.numbers["stage"])), _effect(finding, facts)
    if stage is None or effect is None:
        return None
    declared = any(task.do == finding.subject for task in stage.tasks)
    kind: RevisionKind = "set-time-limit" if declared else "add-task"
    doubt = doubt_of(effect, finding.grade)
    if doubt:
        return to_be_tried(kind, finding.subject, doubt, "which deals have it soon", effect, finding)
    written = write_days(effect.trial.within_days)
    change = predicted(effect, facts, "done by all")
    return Revision(
        id="",
        kind=kind,
        subject=finding.subject,
        grade=finding.grade,
        because=(finding.id,),
        n=effect.deals,
        q=facts.family.rate(changes(effect)),
        effect=change.effect,
        why=(
            f"{finding.message} {say_effect(f'had it within {written}', change.effect)} Who is answered first may be"
            " who looked good: this is an observation, not an experiment."
        ),
        losers="Whoever does it: it comes before other work, and deals that could have waited are not told apart.",
        refutation=(
            f"In the trial, deals of the team that does '{finding.subject}' within {written} are won no more often than"
            " the others."
        ),
        trial=(
            f"Hold one team, chosen by lot, to {written}, and leave the others as they are; compare from"
            f" {effect.trial.moment} when {say_count(effect.needed_deals() or effect.deals, 'deal')} have been followed"
            f" for {effect.horizon_days} days."
        ),
        edits=(_edit(stage, finding.subject, effect, facts.playbook, written, declared=declared),),
        diff="",
        crude=effect.crude,
        older=effect.older,
        population=change.population,
        beliefs=change.beliefs,
    )


def _effect(finding: Finding, facts: Facts) -> Effect | None:
    stage = str(finding.evidence.numbers["stage"])
    for one in facts.estimates.prompt:
        declared = facts.declared(one.trial.stage)
        if one.trial.subject == finding.subject and declared is not None and declared.name == stage:
            return one
    return None


def _edit(stage: Stage, task: str, effect: Effect, playbook: Playbook, written: str, *, declared: bool) -> Edit:
    path = ("stages", stage.name, "tasks")
    if declared:
        return Edit("set", (*path, task, "within"), value=written)
    return Edit("add", path, value=new_task(task, stage, playbook, effect.trial.seen_as, within=written))
