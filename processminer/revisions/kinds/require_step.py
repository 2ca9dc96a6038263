"""A step that nobody has to do and after which more deals are won becomes required."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.edits import Edit
from processminer.revisions.kinds.dispensable import everybody, say_effect
from processminer.revisions.revision import Revision
from processminer.words import say_count

if TYPE_CHECKING:
    from processminer.estimates.estimates import Practice
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground
    from processminer.revisions.revision import RevisionKind


def require_step(finding: Finding, ground: Ground) -> Revision | None:
    """Propose to require what the comparison shows to help, with the gain if every deal did it."""
    step, practice = finding.subject, ground.practice(finding)
    if practice is None or practice.adjusted is None:
        return None
    kind, edit = _edit(practice, str(finding.evidence.numbers["standing"]), ground.facts)
    if edit is None:
        return None
    effect = everybody(practice, practice.adjusted, practice.skipped)
    return Revision(
        id="",
        kind=kind,
        subject=step,
        grade="B",
        because=(finding.id,),
        n=practice.done + practice.skipped,
        q=float(str(finding.evidence.numbers["q"])),
        effect={"win_rate": effect},
        why=(
            f"{finding.message} {say_effect('did it, and it helped those as it helps the others', effect)} The"
            " deals that do it may just have been the better ones: this is an observation, not an experiment."
        ),
        losers="The time of whoever does it, and deals that were right to go without: they will be told as deviations.",
        refutation=f"In the trial, deals of the team that must do '{step}' are won no more often than the others.",
        trial=(
            f"Require it of one team, chosen by lot, for a quarter, and leave the others as they are; compare from"
            f" {practice.moment} when {say_count(practice.needed_deals, 'deal')} have been followed for"
            f" {practice.horizon_days:.0f} days."
        ),
        edits=(edit,),
        diff="",
    )


def _edit(practice: Practice, standing: str, facts: Facts) -> tuple[RevisionKind, Edit | None]:
    step = practice.subject
    if practice.kind == "stage":
        return "require-stage", Edit("remove", ("stages", step, "optional"))
    stage = facts.declared(practice.stage or "")
    if stage is None:
        return "add-task", None
    tasks = ("stages", stage.name, "tasks")
    if standing == "optional":
        return "require-task", Edit("remove", (*tasks, step, "optional"))
    return "add-task", Edit("add", tasks, value={"do": step, "seen_as": [step]})
