"""An optional stage that costs deals is taken out, or tried without first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.effects.trial import SETTLES
from processminer.findings.comparison import say_parts, say_who
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.kinds.require_step import FELT
from processminer.revisions.kinds.withdraw import without_stage
from processminer.revisions.revision import Revision, Undecided
from processminer.statistics.proportions import needed_units
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
    doubt = _doubt(effect, finding)
    if doubt:
        because = f"{doubt} A trial in which a lot decides who goes through it would tell ({finding.id})."
        base = min(max(effect.found.without, SETTLES), 1 - SETTLES)
        return Undecided("remove-stage", name, needed_units(base, SETTLES), because)
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
            " the worse ones: this is an observation, not an experiment."
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
    clear = effect.beats_benchmark and 0.0 < (effect.odds or 0.0) <= 1 / FELT
    doubts = {
        "Beside all that was tested, the difference may be chance.": finding.grade not in {"A", "B"},
        "Owners decide on it, and those who do it may just be the weaker sellers.": effect.by_owner,
        "Deals with it differed already before, in how long they were in their first stage.": effect.screams,
        "The newest deals do not confirm it.": effect.contradicted,
        f"Not of every {effect.segment} are deals with it won less often.": any(
            part.difference.value >= 0 for part in effect.parts
        ),
        "People may choose it for deals that look bad to them: that alone can make as large a difference.": not clear,
    }
    return next((doubt for doubt, holds in doubts.items() if holds), "")
