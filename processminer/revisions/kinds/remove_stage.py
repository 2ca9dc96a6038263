"""An optional stage that costs deals is taken out, or tried without first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import say_parts, say_who
from processminer.findings.deadly import only_longer
from processminer.findings.signs import sign_in
from processminer.revisions.kinds.doubts import doubt_of, say_large, to_be_tried
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.kinds.withdraw import without_stage
from processminer.revisions.revision import Revision, Undecided
from processminer.words import say_count

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Effect
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground


def remove_stage(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose to take out what harms more than a feeling for deals would make it seem; else say what would tell."""
    name, effect = finding.subject, ground.effect(finding)
    stage = ground.facts.playbook.stage(name)
    if stage is None or effect is None or effect.found is None:
        return None
    if sign_in(effect, ground.facts):
        return None  # No trial would tell: what is written down there was decided elsewhere.
    doubt = _doubt(effect, finding)
    if not doubt and only_longer(stage, effect.found.difference, ground.facts):
        doubt = f"No more deals are lost in {name} than in most stages: they may be lost elsewhere without it."
    if doubt:
        return to_be_tried("remove-stage", name, doubt, "who goes through it", effect, finding)
    change = predicted(effect, ground.facts, "left out by all")
    losers = (f"Whoever relies on what {name} yields.", say_parts(effect, helps=True), say_who(effect))
    return Revision(
        id="",
        kind="remove-stage",
        subject=name,
        grade=finding.grade,
        because=(finding.id,),
        n=effect.deals,
        q=float(str(finding.evidence.numbers["adjusted_q"])),
        effect=change.effect,
        why=(
            f"{finding.message} {say_effect('left it out', change.effect)} The deals that take it may just have been"
            f" the worse ones: this is an observation, not an experiment.{say_large(effect)}"
        ),
        losers=" ".join(one for one in losers if one),
        refutation=f"In the trial, deals of the team that leaves out '{name}' are won no more often than the others.",
        trial=(
            f"Let one team, chosen by lot, leave it out for a quarter, and the others do as they are used to; compare"
            f" from {effect.trial.moment} when {say_count(effect.needed_deals() or effect.deals, 'deal')} have been"
            f" followed for {effect.horizon_days} days."
        ),
        edits=tuple(without_stage(stage, ground.facts.playbook)),
        diff="",
        crude=effect.crude,
        older=effect.older,
        population=change.population,
        beliefs=change.beliefs,
    )


def _doubt(effect: Effect, finding: Finding) -> str:
    """Say what else than the stage may be behind the difference; empty where that is unlikely."""
    doubt = doubt_of(effect, finding.grade)
    if not doubt and any(part.difference.value >= 0 for part in effect.parts):
        return f"Not of every {effect.segment} are deals with it won less often."
    return doubt
