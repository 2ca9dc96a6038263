"""A hand-over gets the limit within which deals fare better, or one that is kept where the present one is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.family import changes
from processminer.findings.pattern import say_part
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.doubts import doubt_of, to_be_tried
from processminer.revisions.kinds.lengths import write_days
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.revision import Revision, Undecided
from processminer.words import say_count, say_days

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Effect
    from processminer.estimates.handovers.waits import HandoverWait
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground

KEPT = 0.90
"""A limit that one deal in ten breaks still singles out; it is also where `handed-over-late` begins."""

STRETCHED = 3.0
"""A limit of more than three times the present one would say nothing any more: then the work is to keep it."""

SURE = 0.05
"""The false discovery rate at which waiting is told to cost wins: then a limit is to be kept, not stretched."""


def set_handover_limit(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose the days within which taken deals fare better, with what it would bring if all were taken by then.

    Where a feeling for deals may decide who is taken, say what would tell.
    """
    one = _wait(finding, ground.facts)
    if one is None or one.effect is None or finding.rule != "handover-waits":
        return None
    facts, effect = ground.facts, one.effect
    doubt = doubt_of(effect, finding.grade)
    if doubt:
        lot = "which deals have to be taken over at once"
        return to_be_tried("set-handover-limit", finding.subject, doubt, lot, effect, finding)
    written = write_days(effect.trial.within_days)
    change = predicted(effect, facts, "done by all")
    return Revision(
        id="",
        kind="set-handover-limit",
        subject=finding.subject,
        grade=finding.grade,
        because=(finding.id,),
        n=effect.deals,
        q=facts.family.rate(changes(effect)),
        effect=change.effect,
        why=(
            f"{finding.message} {say_effect(f'were taken over within {written}', change.effect)} Deals may have been"
            " left because nobody believed in them: this is an observation, not an experiment."
        ),
        losers=f"{one.taker}: deals have to be taken at once, whatever else there is to do.",
        refutation=(
            f"In the trial, deals that {one.taker} must take within {written} are won no more often than the others."
        ),
        trial=(
            f"Hold one team, chosen by lot, to {written}, and leave the others as they are; compare from the day deals"
            f" come to {one.entering} when {say_count(effect.needed_deals() or effect.deals, 'deal')} have been"
            f" followed for {effect.horizon_days} days."
        ),
        edits=(_edit(one, written),),
        diff="",
        crude=effect.crude,
        older=effect.older,
        population=change.population,
        beliefs=change.beliefs,
    )


def loosen_handover_limit(finding: Finding, ground: Ground) -> Revision | None:
    """Propose the shortest limit that nine in ten deals keep, where waiting is not shown to cost wins.

    None for the beginning of a service, and where the limit would be more than `STRETCHED` times the present one.
    """
    one = _wait(finding, ground.facts)
    kept = None if one is None else one.kept_by(KEPT)
    if one is None or kept is None or one.declared_days is None or _costs(one.effect, ground.facts):
        return None
    if not one.declared_days < kept.days <= STRETCHED * one.declared_days:
        return None
    written = write_days(kept.days)
    return Revision(
        id="",
        kind="set-handover-limit",
        subject=finding.subject,
        grade="C",
        because=(finding.id,),
        n=kept.taken + kept.waiting,
        q=None,
        effect={},
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} break the limit of {say_days(one.declared_days)}, and"
            f" nine in ten are taken within {written}. A limit that is broken every day warns of nothing. The"
            " alternative is to keep it and enforce it; that waiting costs wins cannot be read from this log, so no"
            " effect is predicted."
        ),
        losers="Buyers, who wait for as long as they do now.",
        refutation=f"Deals that are taken over after {written} are won as often as the others.",
        trial=(
            f"Let one team work with {written} and the others as before; after a quarter, compare how many deals nobody"
            " has taken."
        ),
        edits=(_edit(one, written),),
        diff="",
    )


def _wait(finding: Finding, facts: Facts) -> HandoverWait | None:
    stage = finding.evidence.numbers.get("stage")
    own = (one for one in facts.estimates.handovers if (one.subject, one.entering) == (finding.subject, stage))
    return next(own, None)


def _costs(effect: Effect | None, facts: Facts) -> bool:
    if effect is None or effect.found is None or effect.found.difference.value <= 0:
        return False
    rate = facts.family.rate(changes(effect))
    return rate is not None and rate <= SURE


def _edit(one: HandoverWait, written: str) -> Edit:
    return Edit("set", ("handovers", one.entering, "within"), value=written)
