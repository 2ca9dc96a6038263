"""The rule for jumps and returns that cost deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import grade_beside_sign
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import limits, say_part, weigh
from processminer.findings.signs import sign_in
from processminer.findings.ways_judged import declared_subject, harm_of, say_way, way_numbers
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.ways.ways import Way
    from processminer.findings.facts import Facts

OFTEN = 0.05
"""What one deal in twenty does, by the lower limit, costs enough to be worth a rule."""


def move_harms(facts: Facts) -> Iterator[Finding]:
    """Deals that take a jump or a return are won less often than deals that could have taken it.

    **Symptom.** From the moment they left the stage, and with what was known then held equal, deals that go back, or
    straight on over other stages, are won less often. A return is called harmful only if deals that return do worse
    than the risks of the stages explain that they pass once more, no hidden cause as strong as the strongest known one
    would explain it, and they did not differ before. Only what the playbook permits is told; other returns are told
    by `return-loop`. Where the stages that a jump passes over take no time, the difference is a sign of what was
    decided elsewhere, and is told as a pattern.

    **Remedy.** Take the permission out of the playbook, and ask what deals lacked when they went on. It may still be a
    symptom: try it with one team before it is the rule for all.
    """
    for way in facts.estimates.conduct.ways:
        subject, grade = declared_subject(way, facts), harm_of(way, facts)
        if subject is None or grade is None or way.effect is None:
            continue
        share = wilson(way.effect.acted.deals, way.effect.deals)
        sign = sign_in(way.effect, facts) if way.kind == "skip" else ""
        if _permitted(way, facts) and share.low > OFTEN:
            yield Finding(
                id="",
                rule="move-harms",
                subject=subject,
                severity=weigh(share),
                grade=grade_beside_sign(grade, sign),
                message=(
                    f"{say_part(way.effect.acted.deals, way.effect.deals)} {_did(way)}, which the playbook"
                    f" allows. {say_way(way)} {sign}"
                ).rstrip(),
                evidence=Evidence(
                    population=f"Deals from {way.effect.trial.moment}, followed for {way.effect.horizon_days} days.",
                    n=way.effect.acted.deals,
                    of=way.effect.deals,
                    share=limits(share),
                    numbers={"kind": way.kind, **way_numbers(way, facts)},
                    examples=way.examples,
                    command="processminer show ways LOG --playbook PLAYBOOK",
                ),
            )


def _did(way: Way) -> str:
    if way.kind == "skip":
        return f"that moved on from {way.source} went straight to {way.target}"
    return f"that left {way.source} went back to {way.target}"


def _permitted(way: Way, facts: Facts) -> bool:
    source, target = facts.declared(way.source), facts.declared(way.target)
    if source is None or target is None:
        return False
    return target.name in (source.may_skip_to if way.kind == "skip" else source.may_return_to)
