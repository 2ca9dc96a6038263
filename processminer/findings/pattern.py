"""How a deviation becomes a finding: what counts as enough, how severity follows, and the evidence it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.finding import Evidence, Finding
from processminer.words import say_count, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.conformance.conformance import Deviation
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Grade, Severity
    from processminer.playbook.parts.upkeep import DeviationKind
    from processminer.statistics.interval import Interval

ENOUGH = 20
"""With fewer deals the limits of a share lie some forty points apart: it can be told, but nothing follows from it."""

ANECDOTE = 5
"""Fewer than five deals are stories to listen to, not a pattern."""

SERIOUS = 0.25
"""What at least every fourth deal does, by the lower limit, is how the team works and not a slip."""

NOTABLE = 0.10
"""What at least every tenth deal does shows in the figures of a quarter."""

DEVIATIONS = "processminer show deviations LOG --playbook PLAYBOOK"
"""Prints what the deviation rules rest on."""

Numbers = dict[str, float | int | str | None]


def frequent(facts: Facts, kind: DeviationKind, often: float) -> Iterator[Deviation]:
    """Yield the deviations of a kind whose share, by its lower limit, lies above `often`."""
    for deviation in facts.conformance.deviations:
        if deviation.kind == kind and deviation.deals >= ANECDOTE and deviation.share.low > often:
            yield deviation


def weigh(share: Interval) -> Severity:
    """Return how much a share matters, by its lower limit: the more deals stand behind it, the closer that is."""
    if share.low >= SERIOUS:
        return "high"
    return "medium" if share.low >= NOTABLE else "low"


def pattern(
    rule: str,
    deviation: Deviation,
    population: str,
    *,
    beside: str = "",
    numbers: Mapping[str, float | int | str | None] | None = None,
    grade: Grade = "C",
) -> Finding:
    """Return the finding that a frequent deviation is; with too few deals it is graded D and says so.

    Its message is the deviation's own sentence and what stands `beside` it.
    """
    few = deviation.reached < ENOUGH
    told = f"{deviation.sentence} {deviation.reached} deals are too few to act on it."
    return Finding(
        id="",
        rule=rule,
        subject=deviation.subject,
        severity="low" if few else weigh(deviation.share),
        grade="D" if few else grade,
        message=told if few else f"{deviation.sentence} {beside}".rstrip(),
        evidence=Evidence(
            population=population,
            n=deviation.deals,
            of=deviation.reached,
            share=limits(deviation.share),
            numbers={
                "stage": deviation.stage,
                "won": deviation.won,
                "lost": deviation.lost,
                "open": deviation.open,
                **(numbers or {}),
            },
            examples=deviation.examples,
            command=DEVIATIONS,
        ),
    )


def limits(share: Interval) -> tuple[float, float, float]:
    """Return an interval as evidence writes it: estimate, low, high."""
    return (share.estimate, share.low, share.high)


def say_part(part: int, whole: int, one: str = "deal") -> str:
    """Say how many deals of how many, as deviations do.

    >>> say_part(2, 3), say_part(2, 3, "open deal")
    ('2 of 3 deals (67 %)', '2 of 3 open deals (67 %)')
    """
    return f"{part:,} of {say_count(whole, one)} ({say_percent(part / whole)})"
