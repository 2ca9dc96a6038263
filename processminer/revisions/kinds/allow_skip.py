"""A jump over required stages that is shown to do no harm is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import say_points
from processminer.findings.family import MARGIN
from processminer.findings.pattern import say_part
from processminer.findings.ways_judged import harm_of, say_way, unharmed, way_of
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.revision import Revision, Undecided
from processminer.statistics.proportions import needed_units

if TYPE_CHECKING:
    from processminer.estimates.ways.ways import Way
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground


def allow_skip(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose it where the jump is shown to cost less than `MARGIN`; where it does harm, the playbook is right."""
    facts, subject = ground.facts, finding.subject
    way = way_of(facts, subject)
    if way is None or way.effect is None or harm_of(way, facts) is not None:
        return None
    effect, q = way.effect, unharmed(way, facts)
    if q is None:
        return Undecided("allow-skip", subject, _needed(way, ground), _doubt(way, finding))
    source, _, target = subject.partition(" -> ")
    change = predicted(effect, facts, "done by all")
    over = str(finding.evidence.numbers["over"])
    return Revision(
        id="",
        kind="allow-skip",
        subject=subject,
        grade="B",
        because=(finding.id,),
        n=effect.deals,
        q=q,
        effect=change.effect,
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} go straight from {source} to {target}. {say_way(way)}"
            f" It costs less than {say_points(MARGIN)[1:]} points. {say_effect('did so', change.effect)} The stages"
            " between stay required for all other deals."
        ),
        losers=f"Whoever relies on what {over} yields, and deals that would have been found wanting there.",
        refutation=(
            f"Of comparable deals, those that jump are won at least {say_points(MARGIN)[1:]} points less often."
        ),
        trial=f"Let one team jump from {source} to {target} at will while the others do not.",
        edits=(Edit("add", ("stages", source, "may_skip_to"), value=target),),
        diff="",
        crude=effect.crude,
        older=effect.older,
        population=change.population,
        beliefs=change.beliefs,
    )


def _doubt(way: Way, finding: Finding) -> str:
    if way.effect is None or way.effect.found is None:
        why = "too few deals take it" if way.effect is None else way.effect.refused
        return f"Deals that jump could not be compared with others: {why} ({finding.id})."
    limits = way.effect.found.interval
    return (
        f"Jumping changes the share of deals won by {say_points(limits.low)} to {say_points(limits.high)} points (95 %"
        f" limits): it may cost {say_points(MARGIN)[1:]} points or more, or nothing ({finding.id})."
    )


def _needed(way: Way, ground: Ground) -> int:
    effect = way.effect
    needed = None if effect is None else effect.needed_deals(MARGIN)
    if effect is not None and needed is not None:
        return max(needed, effect.deals + 1)
    base = ground.facts.estimates.win_rate.rate.estimate
    share = 0.5 if effect is None else min(max(effect.acted.deals / effect.deals, 0.05), 0.95)
    return needed_units(base, MARGIN, share)
