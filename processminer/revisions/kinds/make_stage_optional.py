"""A required stage that many pass by without harm becomes optional; one that does harm goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.ways.candidates import jumps
from processminer.findings.comparison import TOLD, say_points
from processminer.findings.deadly import only_longer
from processminer.findings.family import MARGIN, changes
from processminer.findings.pattern import say_part
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.dispensable import Proof, proof_of, say_losers, say_proof
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.kinds.withdraw import without_stage
from processminer.revisions.revision import Revision, Undecided

if TYPE_CHECKING:
    from processminer.findings.finding import Finding
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground

PROOF = 0.025
"""The one-sided level at which a 95 % interval lies below the margin."""

TOGETHER = 0.05
"""The false discovery rate among all steps that were tested beside it."""


def make_stage_optional(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose it only if skipping is shown to be harmless; where the stage is shown to help, the playbook is right."""
    stage = finding.subject
    if any(stage in jump.concerns for jump in jumps(ground.facts.discovery, ground.facts.playbook)):
        return None  # The jump is the matter, not the stage: `allow_skip` looks at it.
    proved = proof_of(
        "make-stage-optional",
        finding,
        ground,
        proof=PROOF,
        enough=lambda limits, q: limits.high < MARGIN and q <= TOGETHER,
    )
    if not isinstance(proved, Proof):
        return proved
    effect, facts = proved.effect, ground.facts
    declared = facts.playbook.stage(stage)
    removed = declared is not None and _harms(declared, proved, ground)
    change = predicted(effect, facts, "left out by all")
    return Revision(
        id="",
        kind="remove-stage" if removed else "make-stage-optional",
        subject=stage,
        grade=proved.grade,
        because=(finding.id,),
        n=effect.deals,
        q=proved.q,
        effect=change.effect,
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} leave out {stage}, which"
            f" {'does harm and is taken out' if removed else 'becomes optional'}."
            f" {say_proof(proved)} {say_effect('left it out', change.effect)}"
        ),
        losers=f"Whoever relies on what {stage} yields. {say_losers(effect)}".rstrip(),
        refutation=(
            f"Of comparable deals, those that leave out {stage} are won at least {say_points(MARGIN)[1:]} points less"
            " often."
        ),
        trial=(
            f"Let one team leave out {stage} at will while the others keep it; compare them from {effect.trial.moment}."
        ),
        edits=(
            tuple(without_stage(declared, facts.playbook))
            if removed and declared is not None
            else (Edit("set", ("stages", stage, "optional"), value=True),)
        ),
        diff="",
        crude=effect.crude,
        older=effect.older,
        population=change.population,
        beliefs=change.beliefs,
    )


def _harms(stage: Stage, proved: Proof, ground: Ground) -> bool:
    """Tell whether doing the stage is shown to cost deals beside all other tests, and of every segment.

    By more than `MARGIN`: where a few deals die in a stage that the others do not need, people may choose. And by more
    than the days of a longer way cost anywhere.
    """
    effect, rate = proved.effect, ground.facts.family.rate(changes(proved.effect))
    return (
        proved.adjusted.interval.high <= -MARGIN
        and rate is not None
        and rate <= TOLD
        and all(part.difference.value < 0 for part in effect.parts)
        and not only_longer(stage, proved.adjusted.difference, ground.facts)
    )
