"""A return that many deals take is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import say_part
from processminer.playbook.edits import Edit
from processminer.revisions.revision import Revision

if TYPE_CHECKING:
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground

MUCH = 0.10
"""By its lower limit. A rarer return is better met one by one than written down."""


def allow_return(finding: Finding, ground: Ground) -> Revision | None:
    """Propose to allow it where at least one deal in ten goes back."""
    share = finding.evidence.share
    source, _, target = finding.subject.partition(" -> ")
    if share is None or share[1] < MUCH or ground.facts.playbook.stage(source) is None:
        return None
    return Revision(
        id="",
        kind="allow-return",
        subject=finding.subject,
        grade="C",
        because=(finding.id,),
        n=finding.evidence.of,
        q=None,
        effect={},
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} go back from {source} to {target}. Declaring"
            " it makes the playbook say what is done; it changes no deal, and no effect is predicted. The alternative"
            f" is to enforce: make what was missing an exit criterion of {target}."
        ),
        losers=(
            f"Whoever wants {target} done once: an allowed return is no longer told as a fault, though its time is"
            " still counted."
        ),
        refutation=(
            f"The deals that go back did so because something was missing that {target} should have asked for."
        ),
        trial=(
            "Ask the owners of the example deals why they went back. Allow it for one team for a quarter, while another"
            f" adds the missing exit criterion to {target}, and compare the share of deals that go back."
        ),
        edits=(Edit("add", ("stages", source, "may_return_to"), value=target),),
        diff="",
    )
