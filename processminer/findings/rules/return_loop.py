"""The rule for deals that go back where the playbook does not let them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern
from processminer.findings.ways_judged import say_way, way_numbers, way_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.05
"""One return in twenty is ordinary correction; above that, work leaves a stage before it is done there."""


def return_loop(facts: Facts) -> Iterator[Finding]:
    """Deals go back to an earlier stage although the playbook does not allow it.

    **Symptom.** A deal that had reached the later stage enters the earlier one again. Each deal counts once, however
    often it goes round. Deals reopened after they were closed are not meant here. Where enough deals go back, they are
    compared with all others that left the stage, and with the live ones among them: what going back does lies between.

    **Remedy.** Ask what was missing when these deals first left the earlier stage, and make that an exit criterion of
    it. Where the return is legitimate work, such as a change of scope, allow it with `may_return_to`, so that
    it is no longer told as a fault. That deals which return end worse is no proof against returning: hard deals are
    the ones that return. Only where they end worse than the stages that they pass once more explain, is it a fault
    (`move-harms`).
    """
    for returned in frequent(facts, "returned", OFTEN):
        source = returned.subject.partition(" -> ")[0]
        way = way_of(facts, returned.subject)
        yield pattern(
            "return-loop",
            returned,
            f"Deals that reached {source}.",
            beside=say_way(way),
            numbers=way_numbers(way, facts),
        )
