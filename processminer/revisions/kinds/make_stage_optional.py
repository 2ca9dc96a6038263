"""A required stage that many pass by without harm becomes optional."""

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

PROOF = 0.025
"""The one-sided level at which a 95 % interval lies below the margin."""

TOGETHER = 0.05
"""The false discovery rate among all steps that were tested beside it."""


def make_stage_optional(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose it only if skipping is shown to be harmless; where the stage is shown to help, the playbook is right."""
    stage = finding.subject
    proved = proof_of(
        "make-stage-optional",
        finding,
        ground,
        proof=PROOF,
        enough=lambda adjusted, q: adjusted.high < MARGIN and q <= TOGETHER,
    )
    if not isinstance(proved, Proof):
        return proved
    practice = proved.practice
    return Revision(
        id="",
        kind="make-stage-optional",
        subject=stage,
        grade="B",
        because=(finding.id,),
        n=practice.done + practice.skipped,
        q=proved.q,
        effect={"win_rate": left_out_by_all(practice, proved.adjusted)},
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} leave out {stage}."
            f" {say_proof(practice, proved.adjusted)}"
        ),
        losers=f"Whoever relies on what {stage} yields, and any kind of deal it does help: the comparison is a mean.",
        refutation=(
            f"Of comparable deals, those that leave out {stage} are won at least {MARGIN * 100:.0f} points less often."
        ),
        trial=(
            f"Let one team leave out {stage} at will while the others keep it; compare from {practice.moment} when"
            f" {say_count(practice.needed_deals, 'deal')} have been followed for {practice.horizon_days:.0f} days."
        ),
        edits=(Edit("set", ("stages", stage, "optional"), value=True),),
        diff="",
    )
