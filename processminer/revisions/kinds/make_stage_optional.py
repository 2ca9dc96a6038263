"""A required stage that many pass by without harm becomes optional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.edits import Edit
from processminer.revisions.ground import MARGIN
from processminer.revisions.kinds.dispensable import say_proof, undecided
from processminer.revisions.revision import Revision, Undecided
from processminer.words import say_count, say_share

if TYPE_CHECKING:
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground

PROOF = 0.025
"""The one-sided level that belongs to a 95 % interval lying below the margin."""


def make_stage_optional(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose it only if skipping is shown to be harmless; where the stage is shown to help, the playbook is right."""
    stage, practice = finding.subject, ground.facts.practice("stage", finding.subject)
    q = ground.dispensable.get(("stage", stage))
    if practice is None or practice.adjusted is None or q is None:
        return undecided("make-stage-optional", finding, practice, ground, proof=PROOF)
    if practice.adjusted.low > 0:
        return None
    if q > PROOF:
        return undecided("make-stage-optional", finding, practice, ground, proof=PROOF)
    compared = practice.done + practice.skipped
    return Revision(
        id="",
        kind="make-stage-optional",
        subject=stage,
        grade="B",
        because=(finding.id,),
        n=compared,
        q=q,
        effect={},
        why=(
            f"{say_share(finding.evidence.n, finding.evidence.of)} deals leave out {stage}. {say_proof(practice)}"
            " How many more would leave it out is unknown, so no change of the win rate is predicted."
        ),
        losers=(
            f"Whoever relies on what {stage} yields, and any kind of deal it does help: the comparison is a mean over"
            f" {practice.strata}."
        ),
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
