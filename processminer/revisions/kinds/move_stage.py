"""A stage that turns deals down at once comes before those that take weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.knock_outs import knock_out
from processminer.playbook.edits import Edit
from processminer.revisions.revision import Belief, Revision
from processminer.statistics.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.finding import Finding
    from processminer.findings.knock_outs import KnockOut
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground


def move_stage(finding: Finding, ground: Ground) -> Revision | None:
    """Propose to put the stage before the first one that takes far longer for each deal that is lost there.

    None where the playbook says more of its place than the order of stages: jumps, returns and hand-overs that name it,
    or what comes next of each.
    """
    facts = ground.facts
    stage = facts.playbook.stage(finding.subject)
    found = None if stage is None else knock_out(stage, facts)
    if stage is None or found is None or _tied(stage, facts.playbook):
        return None
    share = found.share
    return Revision(
        id="",
        kind="check-earlier",
        subject=stage.name,
        grade="B",
        because=(finding.id,),
        n=found.ended,
        q=None,
        effect={"win_rate": Interval(0.0, share.estimate - share.high, share.estimate - share.low)},
        why=(
            f"{finding.message} Right after {found.behind.name}, it would turn down the same deals before the work that"
            " is done for them now; which deals are won stays the same as long as it sees then what it sees now."
            " Stages that turn deals down come in the order of effort for each such deal (van der Aalst, 2001)."
        ),
        losers=(
            f"Whoever works in {stage.name}: it is done for more deals, also for those that would have been lost before"
            " it anyway."
        ),
        refutation=f"{stage.name} needs what {found.before.name} yields, or turns down others then.",
        trial=(
            f"Let one team, chosen by lot, begin with {stage.name} right after {found.behind.name} for a quarter, and"
            " compare the days spent on lost deals."
        ),
        edits=tuple(_edits(found)),
        diff="",
        population=f"deals that come to {stage.name}",
        beliefs={
            "win_rate": Belief(
                "done early, it turns down as many as the upper limit of what it turns down now",
                "done early, it turns down as few as the lower limit",
            )
        },
    )


def _tied(stage: Stage, playbook: Playbook) -> bool:
    named = any(stage.name in (*one.next, *one.may_skip_to, *one.may_return_to) or one.next for one in playbook.stages)
    return named or bool(stage.may_skip_to or stage.may_return_to) or _handed_over(stage, playbook)


def _handed_over(stage: Stage, playbook: Playbook) -> bool:
    return any(one.entering == stage.name for one in playbook.handovers)


def _edits(found: KnockOut) -> Iterator[Edit]:
    stage, behind = found.stage, found.behind
    yield Edit("move", ("stages", stage.name), after=behind.name)
    # What is won of deals that come to it there, nobody has seen yet.
    if stage.probability is not None:
        yield Edit("remove", ("stages", stage.name, "probability"))
