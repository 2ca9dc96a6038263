"""A stage at which many deals begin is declared as a place to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import say_part
from processminer.playbook.edits import Edit
from processminer.revisions.revision import Revision

if TYPE_CHECKING:
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground

MUCH = 0.10
"""By its lower limit. Fewer deals that appear out of nowhere are better entered in time than declared."""


def allow_start(finding: Finding, ground: Ground) -> Revision | None:
    """Propose that deals may begin here where at least one in ten does."""
    stage, share = finding.subject, finding.evidence.share
    if share is None or share[1] < MUCH or ground.facts.playbook.stage(stage) is None:
        return None
    return Revision(
        id="",
        kind="allow-skip",
        subject=stage,
        grade="C",
        because=(finding.id,),
        n=finding.evidence.of,
        q=None,
        effect={},
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} begin at {stage}. Declaring it makes the"
            " playbook say what is done; no effect is predicted. The alternatives are to enter deals when work on them"
            " begins, or to give this kind of deal a playbook of its own."
        ),
        losers=(
            "The earlier stages: work done before a deal is entered stays invisible, and their times and conversions"
            " are told too well."
        ),
        refutation=f"The deals that begin at {stage} had been worked on before they were entered.",
        trial=f"Ask the owners of the example deals where those came from; allow {stage} as a start for one source.",
        edits=(Edit("set", ("stages", stage, "may_start"), value=True),),
        diff="",
    )
