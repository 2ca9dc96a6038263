"""The rule for work that waits between two people: hand-overs, and what begins after the sale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.10
"""One in ten falls on a holiday; more is a gap between two teams."""


def handed_over_late(facts: Facts) -> Iterator[Finding]:
    """Deals wait between two roles, or between the sale and the service.

    **Symptom.** After a deal entered the stage or was won, the role that takes it over gave no sign within the time
    of the hand-over: it did not own the deal, did nothing for it, and no activity shows that it was taken. Or a
    service stage began later than the playbook says after what sets it off. Where there is still time, deals are not
    counted.

    **Remedy.** Begin with the deals that nobody has taken to this day. Let the taker confirm the hand-over as an
    activity, and give the time limit to the role that takes, not to the one that gives: only the taker can keep it.
    If deals wait because something is missing, make that an exit criterion of the stage before.
    """
    for late in (*frequent(facts, "late-handover", OFTEN), *frequent(facts, "service-late", OFTEN)):
        yield pattern("handed-over-late", late, "Deals that were to be taken over, and whose time for it is over.")
