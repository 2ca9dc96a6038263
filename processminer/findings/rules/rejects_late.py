"""The rule for stages that turn deals down at once, and come late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.finding import Evidence, Finding
from processminer.findings.knock_outs import knock_out
from processminer.findings.pattern import limits, say_part, weigh
from processminer.words import say_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.knock_outs import KnockOut


def rejects_late(facts: Facts) -> Iterator[Finding]:
    """A short stage late in the process loses many deals, after weeks in stages that lose few.

    **Symptom.** Deals are in the stage for a few days only, and many of them are lost there. A stage before it takes at
    least three times as long, and three times as many days for each deal that is lost in it. If what the stage decides
    on could be known at the beginning, those weeks were spent on deals that had no chance.

    **Remedy.** Put the stage before those that cost more for each deal that they turn down (the knock-out principle:
    van der Aalst, 2001), as far as it does not need what they yield. Whether it does only people know: a stage in which
    the buyer decides on an offer belongs behind the offer.
    """
    for stage in facts.playbook.stages[2:-1]:
        found = knock_out(stage, facts)
        if found is not None:
            yield _finding(found)


def _finding(found: KnockOut) -> Finding:
    name = found.stage.name
    return Finding(
        id="",
        rule="rejects-late",
        subject=name,
        severity=weigh(found.share),
        grade="B",
        message=(
            f"{say_part(found.lost, found.ended)} that left {name} were lost there, where deals stay for"
            f" {say_days(found.days.estimate)} on average (at most {say_days(found.days.high)}). {found.before.name}"
            " before it takes several times as many days for each deal that is lost in it."
        ),
        evidence=Evidence(
            population=f"Deals whose stay in {name} has ended.",
            n=found.lost,
            of=found.ended,
            share=limits(found.share),
            numbers={
                "mean_days": found.days.estimate,
                "mean_days_high": found.days.high,
                "before": found.before.name,
            },
            examples=(),
            command="processminer show stages LOG",
        ),
    )
