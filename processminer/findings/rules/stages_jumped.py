"""The rule for moves that pass several required stages at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.ways.candidates import jumps
from processminer.findings.comparison import grade_beside
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import NOTABLE, limits, say_part, weigh
from processminer.findings.ways_judged import of_few, say_way, way_numbers, way_of
from processminer.statistics.proportions import wilson
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts


def stages_jumped(facts: Facts) -> Iterator[Finding]:
    """Deals jump from one stage to a later one, over required stages that other deals keep to.

    **Symptom.** At least every tenth deal that moves on from a stage goes straight to one further on, past several
    required stages, or past one that deals from elsewhere do not leave out; and hardly any deal leaves these stages
    out in another way. So it is the move that people take, not the stages that they think needless. At least three
    owners do it, where owners are known.

    **Remedy.** Look at the comparison with deals that took a stage between, from the moment both moved on. If the jump
    does no harm, allow it with `may_skip_to`: the stages stay required for all others. If it costs deals, let the
    CRM refuse it. If the comparison cannot tell, wait, or let one team try it.
    """
    for jump in jumps(facts.discovery, facts.playbook):
        subject = f"{jump.source} -> {jump.target}"
        way = way_of(facts, subject)
        if way is None or way.effect is None or of_few(way):
            continue
        effect = way.effect
        share = wilson(effect.acted.deals, effect.deals)
        if share.low > NOTABLE:
            yield Finding(
                id="",
                rule="stages-jumped",
                subject=subject,
                severity=weigh(share),
                grade=grade_beside(effect, facts.family),
                message=(
                    f"{say_part(effect.acted.deals, effect.deals)} that moved on from {jump.source} went straight to"
                    f" {jump.target}, past {say_list(jump.over, most=8)}, which the playbook requires. {say_way(way)}"
                ).rstrip(),
                evidence=Evidence(
                    population=f"Deals that moved on from {jump.source}, as far as {jump.target}.",
                    n=effect.acted.deals,
                    of=effect.deals,
                    share=limits(share),
                    numbers={"over": say_list(jump.over, most=8), **way_numbers(way, facts)},
                    examples=way.examples,
                    command="processminer show ways LOG --playbook PLAYBOOK",
                ),
            )
