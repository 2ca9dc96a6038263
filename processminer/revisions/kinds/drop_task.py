"""A required task that brings nothing becomes optional, or goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import TOLD, say_points
from processminer.findings.family import MARGIN, changes
from processminer.findings.pattern import say_part
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.dispensable import Proof, proof_of, say_losers, say_proof
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.revision import Revision, Undecided

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
    effect, facts = proved.effect, ground.facts
    path = ("stages", str(finding.evidence.numbers["stage"]), "tasks", task)
    rate = facts.family.rate(changes(effect))
    harmful = proved.adjusted.interval.high < 0 and rate is not None and rate <= TOLD
    change = predicted(effect, facts, "left out by all")
    return Revision(
        id="",
        kind="drop-task",
        subject=task,
        grade=proved.grade,
        because=(finding.id,),
        n=effect.deals,
        q=proved.q,
        effect=change.effect,
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} go on without '{task}', which"
            f" {'does harm and is taken out' if harmful else 'becomes optional'}."
            f" {say_proof(proved)} {say_effect('left it out', change.effect)}"
        ),
        losers=f"Whoever uses its output, and new colleagues who learn the work by it. {say_losers(effect)}".rstrip(),
        refutation=(
            f"Of comparable deals, those without '{task}' are won at least {say_points(MARGIN)[1:]} points less often."
        ),
        trial=(
            f"Let one team leave it to judgement while the others keep it; compare them from {effect.trial.moment}."
        ),
        edits=(Edit("remove", path) if harmful else Edit("set", (*path, "optional"), value=True),),
        diff="",
        crude=effect.crude,
        older=effect.older,
        population=change.population,
        beliefs=change.beliefs,
    )
