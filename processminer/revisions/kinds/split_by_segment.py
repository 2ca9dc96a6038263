"""What only some segments have to do is asked of them alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.findings.own_ways import FEWEST, own_ways, verdict_on
from processminer.playbook.edits import Edit
from processminer.revisions.revision import Revision, Undecided
from processminer.words import say_list

if TYPE_CHECKING:
    from processminer.findings.finding import Finding
    from processminer.findings.own_ways import OwnWay
    from processminer.revisions.ground import Ground


def split_by_segment(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    """Propose to accept it of the segment that leaves it aside, where nothing shows that this harms its deals.

    An accepted deviation is the smallest edit that says so in one playbook; a second playbook for the segment would
    say everything else twice.
    """
    kind = finding.evidence.numbers["kind"]
    way = next(
        (
            one
            for one in own_ways(ground.facts)
            if (one.deviation.kind, one.deviation.subject) == (kind, finding.subject)
        ),
        None,
    )
    if way is None or (verdict := verdict_on(way, ground.facts)) == "harmful":
        return None
    return _undecided(way, finding) if verdict == "unknown" else _revision(way, finding)


def _revision(way: OwnWay, finding: Finding) -> Revision:
    subject, who = way.deviation.subject, f"{way.attribute} {say_list(way.values, 9)}"
    return Revision(
        id="",
        kind="split-by-segment",
        subject=subject,
        grade="C",
        because=(finding.id,),
        n=way.reached + way.others_reached,
        q=None,
        effect={},
        why=(
            f"{finding.message} Two kinds of deals are held to one rule. Accepting it for {who} makes the playbook say"
            " what is done and keeps the rule for the others; it changes no deal, and no effect is predicted."
        ),
        losers=f"Deals of {who} that would be better off with '{subject}': nobody will be told that it was left out.",
        refutation=f"Of deals of {who}, those with '{subject}' are won more often than comparable ones without.",
        trial=(
            f"Ask the owners of the example deals why '{subject}' is left out; for a quarter, let every second one of"
            f" them, drawn by lot, do it for {who} and compare."
        ),
        edits=(
            Edit(
                "add",
                ("accepted",),
                value={
                    "deviation": way.deviation.kind,
                    "subject": subject,
                    "because": f"{way.deals} of {way.reached} such deals do without it and nothing shows harm.",
                    "where": {way.attribute: list(way.values)},
                },
            ),
        ),
        diff="",
        population=f"deals of {who} that came to '{subject}' or past it",
        pays=("quality",),
        examples=way.deviation.examples,
    )


def _undecided(way: OwnWay, finding: Finding) -> Undecided:
    """Return that too few of these deals keep the rule to tell what it does for them."""
    keeping = max(1, way.reached - way.deals) / (way.reached + way.others_reached)
    return Undecided(
        "split-by-segment",
        way.deviation.subject,
        math.ceil(FEWEST / keeping),
        f"Whether deals of {way.attribute} {say_list(way.values, 9)} do as well without '{way.deviation.subject}'"
        f" cannot be told: {way.reached - way.deals} of theirs have it ({finding.id}).",
    )
