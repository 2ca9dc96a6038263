"""The rule for deals that nobody speaks to for longer than the playbook allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.10
"""One in ten may be a holiday; above that, deals wait without anybody asking."""


def silent_in_stage(facts: Facts) -> Iterator[Finding]:
    """Deals are silent in a stage for longer than the playbook allows.

    **Symptom.** Between two activities in the stage, or from the last one until now, lies more time than `max_silence`
    says. An activity is a call, mail or meeting, a change of a field, of the owner or of the stage, by a person. Open
    deals that are silent for so long today count as well; other open deals in the stage are not counted yet.

    **Remedy.** Go through the open ones first: each gets a next step with a date, or is closed. Then let the CRM
    remind the owner before the time is over. Where deals rightly rest for so long (a budget round, a holiday season),
    say so with a longer `max_silence`: a limit that is always broken reminds nobody.
    """
    for silent in frequent(facts, "too-long-silent", OFTEN):
        yield pattern(
            "silent-in-stage",
            silent,
            f"Deals whose stay in {silent.stage} has ended or was silent for too long already.",
        )
