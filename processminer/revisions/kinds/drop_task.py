"""A required task that brings nothing becomes optional, or goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.family import MARGIN
from processminer.findings.pattern import say_part
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.dispensable import Proof, left_out_by_all, proof_of, say_proof
from processminer.revisions.revision import Revision, Undecided
from processminer.words import say_count

if TYPE_CHECKING:
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground

PROOF = 0.01
"""A task costs minutes and a lost deal costs months: more certainty is asked for than a 95 % interval gives."""


def drop_task(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose it only if leaving the task out is shown to be harmless; "not significant" is no such proof."""
    task = finding.subject
    proved = proof_of("drop-task", finding, ground, proof=PROOF, enough=lambda _, q: q <= PROOF)
    if not isinstance(proved, Proof):
        return proved
    practice = proved.practice
    path = ("stages", str(finding.evidence.numbers["stage"]), "tasks", task)
    harmful = proved.adjusted.high < 0
    return Revision(
        id="",
        kind="drop-task",
        subject=task,
        grade="B",
        because=(finding.id,),
        n=practice.done + practice.skipped,
        q=proved.q,
        effect={"win_rate": left_out_by_all(practice, proved.adjusted)},
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} go on without '{task}', which"
            f" {'does harm and is taken out' if harmful else 'becomes optional'}."
            f" {say_proof(practice, proved.adjusted)}"
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
