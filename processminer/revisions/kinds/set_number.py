"""A criterion asks for as many of its elements as pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.edits import Edit
from processminer.revisions.revision import Belief, Revision
from processminer.statistics.interval import Interval

if TYPE_CHECKING:
    from processminer.estimates.conditions.thresholds import Threshold
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground


def set_number(finding: Finding, ground: Ground) -> Revision | None:
    """Propose the smallest number of elements that brings as much as the best one, within one standard error."""
    facts = ground.facts
    stage = facts.playbook.stage(str(finding.evidence.numbers["stage"]))
    told = facts.estimates.conduct.thresholds
    one = next((each for each in told if each.criterion == finding.subject), None)
    if stage is None or one is None:
        return None
    raised = one.best > one.needed
    return Revision(
        id="",
        kind="add-exit-criterion",
        subject=one.criterion,
        grade="B",
        because=(finding.id,),
        n=finding.evidence.of,
        q=float(str(finding.evidence.numbers["q"])),
        effect={"win_rate": _change(one, finding)},
        why=(
            f"{finding.message} What every number brings is seen from the deals that went on with it, so that nothing"
            " had to be held equal; that deals which are asked for more will get it is not known."
        ),
        losers=(
            f"The deals that were won with fewer: {one.stopped_won.estimate:.1%} of those that went on."
            if raised
            else "Whoever works on the deals that now go on with less."
        ),
        refutation=f"Of deals with fewer than {max(one.best, one.needed)}, as many are won, or in as few days.",
        trial=f"Let one team ask for {one.best}, chosen by lot, and the others for {one.needed}.",
        edits=(Edit("set", ("stages", stage.name, "exit_criteria", one.criterion, "at_least"), value=one.best),),
        diff="",
        population=f"deals that go on from {stage.name}",
        beliefs={
            "win_rate": Belief(
                "every deal with fewer ends there" if raised else "nobody changes",
                "every deal with fewer gets what it lacks, and is won as often as those that have it"
                if raised
                else "deals that were kept back so far are won as often as those that went on all the same",
            )
        },
    )


def _change(one: Threshold, finding: Finding) -> Interval:
    share = finding.evidence.n / finding.evidence.of
    if one.best > one.needed:
        gained = max(0.0, share * one.rest_won - one.stopped_won.low)
        return Interval(-one.stopped_won.estimate, -one.stopped_won.high, gained)
    return Interval(0.0, 0.0, one.stopped_won.high)
