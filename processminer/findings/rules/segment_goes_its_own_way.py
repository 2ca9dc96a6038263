"""The rule for segments that leave aside what the others keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.finding import Evidence, Finding
from processminer.findings.own_ways import effect_on, own_ways, verdict_on
from processminer.findings.pattern import DEVIATIONS, limits, say_part
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.own_ways import OwnWay

SAYS = {
    "harmless": "Nothing shows that it harms them.",
    "harmful": "Among their own deals, those that keep it are won more often: it is their rule as well.",
    "unknown": "Deals in general are won more often with it, and too few of theirs keep it to tell whether theirs are.",
}
"""What is known of leaving it aside."""


def segment_goes_its_own_way(facts: Facts) -> Iterator[Finding]:
    """Nearly all deals of one segment leave aside what nearly all others keep.

    **Symptom.** More than four in five deals of some values of an attribute (a segment, a source, a region) leave out a
    required stage or task, fewer than one in five of all others do, and the segments part beyond chance. That deals of
    a segment are slower, or won more rarely, is no such difference: one playbook fits both.

    **Remedy.** Where leaving it out does no harm to those deals, let the playbook say so: accept it for that segment,
    or give the segment a playbook of its own (`applies_to`) once more such differences come together. Where it does
    harm, find out who sells to that segment and what keeps them from it.
    """
    for way in own_ways(facts):
        yield _finding(way, facts)


def _finding(way: OwnWay, facts: Facts) -> Finding:
    what = f"{'leave out' if way.deviation.kind == 'skipped' else 'are without'} '{way.deviation.subject}'"
    who = f"{way.attribute} {say_list(way.values, 9)}"
    effect = effect_on(way, facts)
    told = verdict_on(way, facts)
    return Finding(
        id="",
        rule="segment-goes-its-own-way",
        subject=way.deviation.subject,
        severity="medium",
        grade="C",
        message=(
            f"{say_part(way.deals, way.reached)} of {who} {what}; of all others,"
            f" {say_part(way.others_deals, way.others_reached)}. {SAYS[told]}"
        ),
        evidence=Evidence(
            population=f"Deals that came to '{way.deviation.subject}' or past it, and whose {way.attribute} is known.",
            n=way.deals,
            of=way.reached,
            share=limits(way.theirs),
            numbers={
                "kind": way.deviation.kind,
                "stage": way.deviation.stage,
                "attribute": way.attribute,
                "values": "; ".join(way.values),
                "others": way.others_deals,
                "others_of": way.others_reached,
                "adjusted_difference": None
                if effect is None or effect.found is None
                else effect.found.difference.value,
            },
            examples=way.deviation.examples,
            command=DEVIATIONS,
        ),
    )
