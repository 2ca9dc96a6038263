"""A jump or return that costs deals is taken out of the playbook."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from processminer.findings.comparison import say_points
from processminer.findings.signs import sign_in
from processminer.findings.ways_judged import harm_of, way_of
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.doubts import doubt_of, say_large, to_be_tried
from processminer.revisions.kinds.predicted import predicted
from processminer.revisions.revision import Belief, Revision, Undecided
from processminer.statistics.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.estimates.ways.ways import Way, WayKind
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground
    from processminer.revisions.kinds.predicted import Predicted


_KEYS: Mapping[WayKind, str] = MappingProxyType({"skip": "may_skip_to", "return": "may_return_to"})


def forbid_move(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose to take out what permits it, where it is shown to harm; of a jump, beyond what a feeling would do."""
    facts, subject = ground.facts, finding.subject
    way = way_of(facts, subject)
    grade = None if way is None else harm_of(way, facts)
    if way is None or way.effect is None or grade is None:
        return None
    source, _, target = subject.partition(" -> ")
    if way.kind == "skip" and sign_in(way.effect, facts):
        return None  # No trial would tell: what is written down on the way was decided elsewhere.
    doubt = doubt_of(way.effect, grade) if way.kind == "skip" else ""
    if doubt:
        return to_be_tried("forbid-skip", subject, doubt, "who may take it", way.effect, finding)
    change = _change(way, facts)
    days = _days(way)
    return Revision(
        id="",
        kind="forbid-skip" if way.kind == "skip" else "limit-returns",
        subject=subject,
        grade=grade,
        because=(finding.id,),
        n=way.effect.deals,
        q=float(str(finding.evidence.numbers["adjusted_q"])),
        effect={**change.effect, **({} if days is None else {"won_cycle_days": days})},
        why=(
            f"{finding.message} If nobody did it, the share won of the deals that come to this decision would change by"
            f" {say_points(change.effect['win_rate'].low)} to {say_points(change.effect['win_rate'].high)} points, from"
            " nobody changing to everybody. This is an observation, not an experiment: what makes deals"
            f" {'jump' if way.kind == 'skip' else 'go back'} may itself be what loses them.{say_large(way.effect)}"
        ),
        losers=(
            "Deals in a hurry, which now take every stage."
            if way.kind == "skip"
            else f"Deals whose scope rightly changes: going back to {target} will be told as a deviation."
        ),
        refutation=f"In the trial, deals of the team that must not go from {source} to {target} are won no more often.",
        trial=f"Forbid it for one team, chosen by lot, for a quarter, and leave the others as they are ({subject}).",
        edits=(Edit("remove", ("stages", source, _KEYS[way.kind], target)),),
        diff="",
        crude=way.effect.crude,
        older=way.effect.older,
        population=change.population,
        beliefs={
            **change.beliefs,
            **(
                {}
                if days is None
                else {
                    "won_cycle_days": Belief(
                        "nobody goes back, and deals take no longer for it elsewhere", "nobody changes"
                    )
                }
            ),
        },
    )


def _change(way: Way, facts: Facts) -> Predicted:
    """Return what is predicted; of a return, up to what its comparison with live deals tells."""
    assert way.effect is not None
    change = predicted(way.effect, facts, "left out by all")
    live = way.among_live
    if live is None or live.printed is None or "win_rate" not in change.effect:
        return change
    part = live.deals / way.effect.deals
    most = live.printed.if_none.interval().high * part
    widened = {
        name: Interval(one.estimate, one.low, max(one.high, most * (1.0 if name == "win_rate" else _ratio(change))))
        for name, one in change.effect.items()
    }
    high = "nobody does it, and deals that died could not have done it either: the comparison with live ones is right"
    beliefs = {name: Belief(one.low, high) for name, one in change.beliefs.items()}
    return type(change)(widened, beliefs, change.population)


def _ratio(change: Predicted) -> float:
    """Return how much of all new deals come to the decision."""
    whole, overall = change.effect["win_rate"], change.effect["win_rate_overall"]
    return overall.high / whole.high if whole.high else 1.0


def _days(way: Way) -> Interval | None:
    """Return what won deals would save if none of them went round: the loop's days, for the share that did."""
    if way.loop_days is None or way.effect is None:
        return None
    won = way.effect.acted.won + way.effect.did_not.won
    share = way.effect.acted.won / won if won else 0.0
    return Interval(-share * way.loop_days.estimate, -share * way.loop_days.high, 0.0)
