"""A stage whose declared win probability is not true declares the share that is won."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.family import fits
from processminer.playbook.edits import Edit
from processminer.playbook.graph import stages_before
from processminer.revisions.revision import Revision
from processminer.words import say_count, say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.estimates.flow.declared_chances import StageChance
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground


def set_probability(finding: Finding, ground: Ground) -> Revision | None:
    """Propose the share that was won of the deals that entered the stage, in whole per cent; no deal changes by it.

    Stages beside it that would then stand in the wrong order, as moving on makes a win likelier, are set with it.
    """
    facts = ground.facts
    stage = facts.playbook.stage(finding.subject)
    one = None if stage is None else facts.chance(stage)
    if stage is None or one is None:
        return None
    seen = one.observed
    percent = round(100 * seen.won.estimate)
    written, beside = f"{percent}%", _beside(stage, percent, facts)
    return Revision(
        id="",
        kind="set-probability",
        subject=stage.name,
        grade="B",
        because=(finding.id,),
        n=seen.deals,
        q=facts.family.rate(fits(one)),
        effect={},
        population=f"deals that entered {stage.name}, followed for {say_days(seen.within_days)}",
        why=(
            f"{say_percent(seen.won.estimate)} of {say_count(seen.deals, 'deal')} that entered {stage.name} were won"
            f" (95 % limits {say_percent(seen.won.low)} to {say_percent(seen.won.high)}), not"
            f" {say_percent(one.declared or 0.0)}.{_forecast(finding, one)}{_order(beside)} No"
            " deal is won or lost by it: what changes is the forecast."
        ),
        losers=_losers(one),
        refutation=(
            f"Of the deals that enter {stage.name} from now on, a share is won within {say_days(seen.within_days)} that"
            f" lies nearer to {say_percent(one.declared or 0.0)} than to {written}."
        ),
        trial=(
            f"Nothing has to be tried: forecast the next two quarters with both numbers, and keep the one whose"
            f" forecast was nearer to the wins that came from {stage.name}."
        ),
        edits=tuple(
            Edit("set", ("stages", name, "probability"), value=value)
            for name, value in {stage.name: written, **beside}.items()
        ),
        diff="",
    )


def _beside(stage: Stage, percent: int, facts: Facts) -> dict[str, str]:
    """Return the stages that the new number would put in the wrong order, with what is won of theirs or that number."""
    before, old = stages_before(facts.playbook), stage.probability or 0.0
    told: dict[str, str] = {}
    for other in facts.playbook.stages:
        said, chance = other.probability, facts.chance(other)
        seen = percent if chance is None else round(100 * chance.observed.won.estimate)
        if said is None:
            continue
        if other.name in before[stage.name] and percent / 100 < said <= old:
            told[other.name] = f"{min(seen, percent)}%"
        elif stage.name in before[other.name] and old <= said < percent / 100:
            told[other.name] = f"{max(seen, percent)}%"
    return told


def _order(beside: Mapping[str, str]) -> str:
    if not beside:
        return ""
    told = say_list((f"{name} at {value.removesuffix('%')} %" for name, value in beside.items()), len(beside))
    return f" With it goes {told}: a deal that has come further is likelier to be won."


def _forecast(finding: Finding, one: StageChance) -> str:
    there = finding.evidence.numbers.get("open_there")
    if not isinstance(there, int) or not there or one.declared is None:
        return ""
    return (
        f" A forecast counts the {say_count(there, 'deal')} that are in it now as {there * one.declared:.1f} wins; by"
        f" what was seen they are {there * one.observed.won.estimate:.1f}."
    )


def _losers(one: StageChance) -> str:
    if (one.declared or 0.0) > one.observed.won.estimate:
        return "Whoever has promised a pipeline by the old number: it will look smaller on the day of the change."
    return "Nobody's deals; the pipeline looks larger on the day of the change without a single new deal in it."
