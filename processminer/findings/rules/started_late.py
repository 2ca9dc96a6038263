"""The rule for deals that appear in the middle of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.05
"""One deal in twenty may come from an import or a partner; above that, it is a way in that the playbook hides."""


def started_late(facts: Facts) -> Iterator[Finding]:
    """Deals begin at a stage where the playbook lets none begin.

    **Symptom.** The first stage event of a deal is at this stage, although required stages come before it. Either
    the deal was worked on before anybody entered it, or it is of a kind (renewal, referral, expansion) that needs
    no earlier stage.

    **Remedy.** Split these deals by type and source first. Where a kind of deal rightly begins here, say so with
    `may_start: true`, or give it a playbook of its own. Else have deals entered when work on them begins: until then,
    every time and every conversion of the earlier stages is told too well.
    """
    for late in frequent(facts, "started-late", OFTEN):
        yield pattern(
            "started-late",
            late,
            "Deals with at least one stage event.",
        )
