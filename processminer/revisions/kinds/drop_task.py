"""A required task that brings nothing becomes optional, or goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import say_part
from processminer.playbook.edits import Edit
from processminer.revisions.ground import MARGIN
from processminer.revisions.kinds.dispensable import left_out_by_all, say_proof, undecided
from processminer.revisions.revision import Revision, Undecided
from processminer.words import say_count

if TYPE_CHECKING:
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground

PROOF = 0.01
"""A task costs minutes and a lost deal costs months: more certainty is asked for than a 95 % interval gives."""


def drop_task(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose it only if leaving the task out is shown to be harmless; "not significant" is no such proof."""
    task, practice = finding.subject, ground.practice(finding)
    q = ground.dispensable.get(finding.id)
    if practice is None or practice.adjusted is None or q is None:
        return undecided("drop-task", finding, practice, ground, proof=PROOF)
    if practice.adjusted.low > 0:
        return None
    if q > PROOF:
        return undecided("drop-task", finding, practice, ground, proof=PROOF)
    path = ("stages", str(finding.evidence.numbers["stage"]), "tasks", task)
    harmful = practice.adjusted.high < 0
    return Revision(
        id="",
        kind="drop-task",
        subject=task,
        grade="B",
        because=(finding.id,),
        n=practice.done + practice.skipped,
        q=q,
        effect={"win_rate": left_out_by_all(practice, practice.adjusted)},
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} go on without '{task}', which"
            f" {'does harm and is taken out' if harmful else 'becomes optional'}."
            f" {say_proof(practice, practice.adjusted)}"
        ),
        losers="Whoever uses its output later on, and new colleagues who learn the work by it.",
        refutation=(
            f"Of comparable deals, those without '{task}' are won at least {MARGIN * 100:.0f} points less often."
        ),
        trial=(
            f"Let one team leave it to judgement while the others keep it; compare from {practice.moment} when"
            f" {say_count(practice.needed_deals, 'deal')} have been followed for {practice.horizon_days:.0f} days."
        ),
        edits=(Edit("remove", path) if harmful else Edit("set", (*path, "optional"), value=True),),
        diff="",
    )
