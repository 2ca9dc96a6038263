"""What deals lacked when they went on, and came back or were lost for, becomes a criterion of the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.conditions_judged import criterion_for, use_of
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.doubts import doubt_of, to_be_tried
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.revision import Belief, Revision, Undecided
from processminer.statistics.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.conditions.conditions import Condition
    from processminer.estimates.effects.trial import Effect
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground
    from processminer.revisions.revision import RevisionKind


def add_criterion(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose to ask for it as deals leave the stage, or, where a later stage asks for it, to ask for it here.

    Where a feeling for deals may decide for which of them it is asked, say what would tell.
    """
    facts, numbers = ground.facts, finding.evidence.numbers
    stage = facts.playbook.stage(str(numbers["stage"]))
    condition = _condition(finding, facts)
    told = None if condition is None else use_of(condition, facts)
    if stage is None or condition is None or told is None or condition.wins is None:
        return None
    use, effect, grade = told
    late = None if numbers["asked_at"] is None else facts.playbook.stage(str(numbers["asked_at"]))
    kind: RevisionKind = "add-exit-criterion" if late is None else "check-earlier"
    subject = stage.name if late is None else _name(condition, late)
    doubt = doubt_of(condition.wins, grade) if use == "wins" else ""
    if doubt:
        return to_be_tried(kind, subject, doubt, "for which deals it is asked", condition.wins, finding)
    change = predicted(condition.wins, facts, "done by all")
    days = _days(effect, condition, facts) if use == "returns" else None
    return Revision(
        id="",
        kind=kind,
        subject=subject,
        grade=grade,
        because=(finding.id,),
        n=effect.deals,
        q=float(str(numbers["q"])),
        effect={**change.effect, **({} if days is None else {"won_cycle_days": days})},
        why=(
            f"{finding.message} {say_effect('had it', change.effect) if change.effect else ''} This is an observation,"
            " not an experiment."
        ),
        losers=(
            f"Deals that would have gone on without it and never come back:"
            f" {_needless(effect, use):.0%} of those that it would hold up."
        ),
        refutation=(
            f"In the trial, deals of the team that asks for it come back to {stage.name} as often as the others."
            if use == "returns"
            else "In the trial, deals of the team that asks for it are won no more often than the others."
        ),
        trial=f"Let one team, chosen by lot, ask for it before deals leave {stage.name}, and the others not.",
        edits=tuple(_edits(condition, stage, late)),
        diff="",
        crude=condition.wins.crude,
        older=condition.wins.older,
        population=change.population,
        beliefs={
            **change.beliefs,
            **(
                {}
                if days is None
                else {"won_cycle_days": Belief("all deals have it, and come back less", "nobody changes")}
            ),
        },
    )


def _condition(finding: Finding, facts: Facts) -> Condition | None:
    numbers = finding.evidence.numbers
    for one in facts.estimates.conduct.conditions:
        stage = facts.declared(one.stage)
        same = (one.kind, one.name) == (numbers["kind"], finding.subject)
        if same and stage is not None and stage.name == numbers["stage"]:
            return one
    return None


def _edits(condition: Condition, stage: Stage, late: Stage | None) -> Iterator[Edit]:
    known = None if late is None else criterion_for(condition, late)
    if late is not None and known is not None:
        yield Edit("remove", ("stages", late.name, "exit_criteria", known.name))
        yield Edit(
            "add", ("stages", stage.name, "exit_criteria"), value=known.model_dump(mode="json", exclude_unset=True)
        )
        return
    shown = {"field": condition.name} if condition.kind == "field" else {"seen_as": [condition.name]}
    yield Edit("add", ("stages", stage.name, "exit_criteria"), value={"name": _fresh(condition, stage), **shown})


def _fresh(condition: Condition, stage: Stage) -> str:
    """Return the name of a column as people say it, unless the stage has a criterion of that name."""
    plain = condition.name.removesuffix("__c").replace("_", " ").strip() or condition.name
    return condition.name if any(one.name == plain for one in stage.exit_criteria) else plain


def _name(condition: Condition, late: Stage) -> str:
    known = criterion_for(condition, late)
    return condition.name if known is None else known.name


def _needless(effect: Effect, use: str) -> float:
    """Return the share of deals without it that fared well all the same."""
    share = 0.0 if effect.printed is None else effect.printed.without
    return min(1.0, max(0.0, 1 - share if use == "returns" else share))


def _days(effect: Effect, condition: Condition, facts: Facts) -> Interval | None:
    """Return what won deals would save: fewer of them come back, and each is spared the days until it is back."""
    loops = [way for way in facts.estimates.conduct.ways if way.kind == "return" and way.target == condition.stage]
    lasting = [way.loop_days for way in loops if way.loop_days is not None]
    if not lasting or effect.printed is None:
        return None
    fewer = effect.printed.if_all.interval()
    days = max(lasting, key=lambda one: one.high)
    return Interval(min(0.0, fewer.estimate) * days.estimate, min(0.0, fewer.low) * days.high * 2, 0.0)
