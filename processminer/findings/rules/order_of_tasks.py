"""The rule for two tasks of a stage that are better done in the other order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.comparison import comparison_numbers, grade_of, say_held, say_points
from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import limits, say_part, weigh
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts


def order_of_tasks(facts: Facts) -> Iterator[Finding]:
    """Deals that do two tasks of a stage in the other order than the playbook are won more often.

    **Symptom.** Both tasks are done in the same stay, by enough deals in either order; and from the moment of the first
    of them, with what was known then held equal, deals that turn the order round are won more often. A hidden cause as
    strong as the strongest known one would not explain it.

    **Remedy.** Put the tasks into that order, for one team first. That no difference is found is no proof that they can
    be done at the same time.
    """
    for order in facts.estimates.conduct.orders:
        stage, effect = facts.declared(order.stage), order.effect
        grade = grade_of(effect, facts.family)
        if stage is None or effect.printed is None or grade not in {"A", "B"} or not effect.beats_benchmark:
            continue
        interval = effect.printed.interval
        if effect.found is not None and effect.found.difference.value > 0:
            share = wilson(order.turned, order.turned + order.as_declared)
            yield Finding(
                id="",
                rule="order-of-tasks",
                subject=order.second,
                severity=weigh(share),
                grade=grade,
                message=(
                    f"{say_part(order.turned, order.turned + order.as_declared)} do '{order.second}' before"
                    f" '{order.first}' in {stage.name}, which the playbook has the other way round. Compared from"
                    f" {effect.trial.moment}, {say_held(effect)}: they are won"
                    f" {abs(interval.estimate) * 100:.1f} points more often (95 % limits"
                    f" {say_points(interval.low)} to {say_points(interval.high)})."
                ),
                evidence=Evidence(
                    population=f"Deals that did both in their first stay in {stage.name}.",
                    n=order.turned,
                    of=order.turned + order.as_declared,
                    share=limits(share),
                    numbers={
                        "stage": stage.name,
                        "before": order.first,
                        **comparison_numbers(effect, facts.family),
                    },
                    examples=(),
                    command="processminer show orders LOG --playbook PLAYBOOK",
                ),
            )
