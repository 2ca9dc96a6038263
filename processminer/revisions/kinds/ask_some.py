"""A step that does one segment good and another harm is asked of the former alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.findings.comparison import say_points
from processminer.findings.family import MARGIN
from processminer.findings.two_sides import subject_of, two_sides
from processminer.playbook.edits import Edit
from processminer.revisions.revision import Belief, Revision, Undecided
from processminer.statistics.estimated import Estimated
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.findings.two_sides import TwoSides
    from processminer.revisions.ground import Ground


_POWER = 0.8416
"""Standard errors for 80 % power."""


def ask_some(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose to accept that the segments that it harms go without, and to require it of the others.

    The effect is a range from nobody to everybody keeping to that. Where one side is not clear, how many deals would
    make it so is said.
    """
    facts = ground.facts
    one = next((side for side in two_sides(facts) if subject_of(side.effect, facts) == finding.subject), None)
    if one is None or not one.clear:
        return None if one is None else _undecided(one, finding)
    effect, others = one.effect, say_list(one.names, 9)
    change = _change(one)
    limits = change.interval()
    return Revision(
        id="",
        kind="split-by-segment",
        subject=finding.subject,
        grade=finding.grade,
        because=(finding.id,),
        n=finding.evidence.n,
        q=one.q,
        effect={"win_rate": Interval(limits.estimate, min(0.0, limits.low), max(0.0, limits.high))},
        why=(
            f"{finding.message} So it is asked of {say_list((part.name for part in one.helped), 9)} and no longer of"
            f" {others}. If all deals keep to that, the share won of the deals that come to the decision changes by"
            f" {say_points(limits.estimate)} points ({say_points(limits.low)} to {say_points(limits.high)}). This is an"
            " observation, not an experiment."
        ),
        losers=(
            f"One rule for all: whoever moves between segments has to know both. Deals of {others} that would have been"
            " better off with it: within a segment this is a mean."
        ),
        refutation=(
            f"In the trial, deals of {others} with '{finding.subject}' are won as often as those without, or the others"
            " no more often with it."
        ),
        trial=(
            f"In half of the teams, drawn by lot, let {others} go without and the others do it; compare both by"
            f" {effect.segment} from {effect.trial.moment} when they have been followed for {effect.horizon_days} days."
        ),
        edits=tuple(_edits(one, finding.subject, facts)),
        diff="",
        crude=effect.crude,
        population=f"deals that come to {effect.trial.moment}, of the segments named",
        beliefs={
            "win_rate": Belief(
                low="nobody changes what they do",
                high="all deals of each segment do as is asked of them, and the truth is the upper limit",
            )
        },
        pays=("flexibility",),
    )


def _undecided(one: TwoSides, finding: Finding) -> Undecided:
    """Return the deals that would tell `MARGIN` from nothing in the segment of each side that is known best."""
    best = [min(part.difference.error for part in side) for side in (one.helped, one.harmed)]
    needed = one.effect.deals * ((normal_quantile(0.95) + _POWER) * max(best) / MARGIN) ** 2
    return Undecided(
        "split-by-segment",
        finding.subject,
        max(math.ceil(needed), one.effect.deals + 1),
        f"Whether '{finding.subject}' helps {say_list((part.name for part in one.helped), 9)} and harms"
        f" {say_list(one.names, 9)} is not shown on both sides ({finding.id}).",
    )


def _change(one: TwoSides) -> Estimated:
    """Return the change of the share won of all these deals if all are on the side that is better for their segment.

    Segments are other deals, so that their errors are independent.
    """
    whole = sum(part.deals for part in (*one.helped, *one.harmed))
    turned = [
        *(((part.deals - part.acted) / whole, part.difference) for part in one.helped),
        *((-part.acted / whole, part.difference) for part in one.harmed),
    ]
    error = math.sqrt(sum((weight * found.error) ** 2 for weight, found in turned))
    return Estimated(sum(weight * found.value for weight, found in turned), max(error, 1e-12), math.inf)


def _edits(one: TwoSides, subject: str, facts: Facts) -> Iterator[Edit]:
    """Yield the acceptance; where the step was left to people, all but those whom it helps are let go without it."""
    stage = facts.declared(one.effect.trial.stage)
    names = one.names
    if one.optional and stage is not None:
        path = ("stages", stage.name) if one.deviation == "skipped" else ("stages", stage.name, "tasks", subject)
        yield Edit("remove", (*path, "optional"))
        helped = {part.name for part in one.helped}
        names = tuple(value for value in _values(one.effect.segment, facts) if value not in helped)
    yield Edit(
        "add",
        ("accepted",),
        value={
            "deviation": one.deviation,
            "subject": subject,
            "because": "It harms such deals and helps the others.",
            "where": {one.effect.segment: list(names)},
        },
    )


def _values(attribute: str, facts: Facts) -> tuple[str, ...]:
    rows = facts.discovery.log.relations.rows(
        "SELECT DISTINCT value FROM attributes WHERE attribute = $attribute AND value IS NOT NULL ORDER BY value",
        {"attribute": attribute},
    )
    return tuple(str(value) for (value,) in rows)
