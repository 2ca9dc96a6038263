"""A step that nobody has to do and after which many more deals are won becomes required, or is tried first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import say_parts, say_who
from processminer.findings.signs import sign_in
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.doubts import doubt_of, say_large, to_be_tried
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.new_task import new_task
from processminer.revisions.revision import Revision, Undecided
from processminer.words import say_count

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Effect, Trial
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground
    from processminer.revisions.revision import RevisionKind


SURE = 0.02
"""The false discovery rate at which something is asked of everybody: half of what suffices to tell a difference, as
people have to do what turns out to be chance."""


def require_step(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose to require what helps more than a feeling for deals would make it seem; else say what would tell."""
    step, effect = finding.subject, ground.effect(finding)
    if effect is None or effect.found is None:
        return None
    kind, edit = _edit(effect.trial, str(finding.evidence.numbers["standing"]), ground.facts)
    if edit is None:
        return None
    if sign_in(effect, ground.facts):
        return None  # No trial would tell: nobody is won by being made to write down what was decided elsewhere.
    doubt = _doubt(effect, finding)
    if doubt:
        return to_be_tried(kind, step, doubt, "who does it", effect, finding)
    change = predicted(effect, ground.facts, "done by all")
    return Revision(
        id="",
        kind=kind,
        subject=step,
        grade=finding.grade,
        because=(finding.id,),
        n=effect.deals,
        q=float(str(finding.evidence.numbers["adjusted_q"])),
        effect=change.effect,
        why=(
            f"{finding.message} {say_effect('did it, and it helped those as it helps the others', change.effect)} The"
            " deals that do it may just have been the better ones: this is an observation, not an experiment."
            f"{say_large(effect)}"
        ),
        losers=" ".join(
            one
            for one in (
                "The time of whoever does it, and deals that were right to go without.",
                say_parts(effect, helps=False),
                say_who(effect),
            )
            if one
        ),
        refutation=f"In the trial, deals of the team that must do '{step}' are won no more often than the others.",
        trial=(
            f"Require it of one team, chosen by lot, for a quarter, and leave the others as they are; compare from"
            f" {effect.trial.moment} when {say_count(effect.needed_deals() or effect.deals, 'deal')} have been followed"
            f" for {effect.horizon_days} days."
        ),
        edits=(edit,),
        diff="",
        crude=effect.crude,
        older=effect.older,
        population=change.population,
        beliefs=change.beliefs,
    )


def _doubt(effect: Effect, finding: Finding) -> str:
    """Say what else than the step may be behind the difference; empty where that is unlikely."""
    sure = float(str(finding.evidence.numbers["adjusted_q"])) <= SURE
    return doubt_of(effect, finding.grade if sure else "D")


def _edit(trial: Trial, standing: str, facts: Facts) -> tuple[RevisionKind, Edit | None]:
    step = trial.subject
    if trial.kind == "stage":
        return "require-stage", Edit("remove", ("stages", step, "optional"))
    stage = facts.declared(trial.stage)
    if stage is None:
        return "add-task", None
    tasks = ("stages", stage.name, "tasks")
    if standing == "optional":
        return "require-task", Edit("remove", (*tasks, step, "optional"))
    return "add-task", Edit("add", tasks, value=new_task(step, stage, facts.playbook, (step,)))
