"""The rule for stages to which more deals come than their owners can move on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.facts import names_of
from processminer.findings.family import CONTENTION, grows
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import ENOUGH
from processminer.log.names import fold
from processminer.words import say_count, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.queue.contention import Contention
    from processminer.estimates.queue.weeks import QueueGrowth
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage

TOLD = 0.05
"""The usual bound, beside all other tests: a queue grows for a while by chance, and some owner is always slow."""


def queue_grows(facts: Facts) -> Iterator[Finding]:
    """More deals come to a stage than leave it, and deals wait for their owners.

    **Symptom.** Over the last eight complete weeks more deals came to the stage than left it, and everywhere in the log
    deals leave a stage the more slowly, the more other deals their owner had when they came; every owner is compared
    with themselves alone. Both beyond chance, beside all other tests of the audit.

    **Remedy.** Give the work to more people, begin fewer deals, or limit how many one owner holds, and disqualify early
    what will not be won. How much any of it would bring is not told: in a queue, waiting rises faster than load, and
    a log of stage changes does not show how much work a deal takes. Try it with one team.
    """
    queue = facts.estimates.queue
    contention = None if queue is None else queue.contention
    if queue is None or contention is None or not contention.waits or not _told(CONTENTION, facts):
        return
    for growth in queue.growth:
        stage = facts.declared(growth.stage)
        if stage is not None and growth.grows and growth.arrivals >= ENOUGH and _told(grows(growth.stage), facts):
            yield _finding(stage, growth, contention, facts)


def _told(test: str, facts: Facts) -> bool:
    rate = facts.family.rate(test)
    return rate is not None and rate <= TOLD


def _finding(stage: Stage, growth: QueueGrowth, contention: Contention, facts: Facts) -> Finding:
    slower = contention.doubled
    open_now = sum(flow.open for flow in facts.discovery.stages if fold(flow.stage) in names_of(stage))
    return Finding(
        id="",
        rule="queue-grows",
        subject=stage.name,
        severity="medium",
        grade="B",
        message=(
            f"In the last {growth.weeks} weeks {say_count(growth.arrivals, 'deal')} came to {stage.name} and"
            f" {growth.left:,} left it, and deals wait for their owners: with twice as many other deals of the owner,"
            f" they leave a stage at {say_percent(slower.estimate)} of the rate (95 % limits {say_percent(slower.low)}"
            f" to {say_percent(slower.high)}; {say_count(contention.owners, 'owner')}, each compared with themselves)."
            " What more people or fewer deals would bring cannot be computed from a log; no effect is predicted."
        ),
        evidence=Evidence(
            population=f"Deals that came to {stage.name} or left it in the last {growth.weeks} complete weeks.",
            n=growth.arrivals,
            of=facts.discovery.totals.deals,
            share=None,
            numbers={
                "left": growth.left,
                "ratio": growth.ratio.estimate,
                "ratio_low": growth.ratio.low,
                "ratio_high": growth.ratio.high,
                "growth_q": facts.family.rate(grows(growth.stage)),
                "doubled_load": slower.estimate,
                "doubled_load_low": slower.low,
                "doubled_load_high": slower.high,
                "contention_q": facts.family.rate(CONTENTION),
                "open": open_now,
            },
            examples=(),
            command="processminer show stage-times LOG --playbook PLAYBOOK",
        ),
    )
