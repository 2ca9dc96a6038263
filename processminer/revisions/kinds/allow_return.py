"""A return that many deals take, and that is not shown to harm, is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import say_points
from processminer.findings.conditions_judged import explained
from processminer.findings.family import MARGIN
from processminer.findings.pattern import say_part
from processminer.findings.ways_judged import costs_deals, of_few, unharmed, way_of
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.predicted import predicted
from processminer.revisions.revision import Revision

if TYPE_CHECKING:
    from processminer.estimates.ways.ways import Way
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground

MUCH = 0.10
"""By its lower limit. A rarer return is better met one by one than written down."""


def allow_return(finding: Finding, ground: Ground) -> Revision | None:
    """Propose to allow it where at least one deal in ten goes back, of three owners or more, at no cost of deals.

    An effect is promised only where returning is shown to cost less than `MARGIN`. Where it is shown what the deals
    lacked, that is asked for instead (`add_criterion`).
    """
    share = finding.evidence.share
    source, _, target = finding.subject.partition(" -> ")
    way = way_of(ground.facts, finding.subject)
    if share is None or share[1] < MUCH or ground.facts.playbook.stage(source) is None or of_few(way):
        return None
    if (way is not None and costs_deals(way)) or explained(target, ground.facts):
        return None
    q = None if way is None else unharmed(way, ground.facts)
    change = (
        None if way is None or way.worst is None or q is None else predicted(way.worst, ground.facts, "done by all")
    )
    return Revision(
        id="",
        kind="allow-return",
        subject=finding.subject,
        grade="C" if q is None else "B",
        because=(finding.id,),
        n=finding.evidence.of,
        q=q,
        effect={} if change is None else change.effect,
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} go back from {source} to {target}. Declaring"
            f" it makes the playbook say what is done; it changes no deal{_harm(way, q, ground.facts)} The alternative"
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
        crude=None if way is None or way.effect is None else way.effect.crude,
        population="" if change is None else change.population,
        beliefs={} if change is None else change.beliefs,
    )


def _harm(way: Way | None, q: float | None, facts: Facts) -> str:
    """Say what is known of the harm it does, as the end of a sentence."""
    if q is not None:
        return f", and going back is shown to cost less than {say_points(MARGIN)[1:]} points of the share won."
    if way is None or way.effect is None or way.effect.printed is None:
        return ", and no effect is predicted."
    limits = way.effect.printed.interval
    return (
        f". Whether going back costs deals this log cannot tell ({say_points(limits.low)} to {say_points(limits.high)}"
        " points of the share won, 95 % limits), so no effect is predicted."
    )
