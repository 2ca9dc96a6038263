"""The rule for stages that the playbook does not know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.findings.entry import entry_of
from processminer.findings.pattern import ANECDOTE, pattern, say_part
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.conformance.conformance import Deviation
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.playbook.parts.stages import Stage

OFTEN = 0.05
"""Of the deals that got there: what one in twenty passes through is part of the process; less may be a slip."""


def undeclared_stage(facts: Facts) -> Iterator[Finding]:
    """Deals pass through a stage that the playbook does not mention.

    **Symptom.** The log holds a stage whose name is neither the name nor an alias of any declared stage. In an
    alignment these are moves on log. Counted are the deals that reached the stage from which most come into it.

    **Remedy.** If it is a new name of a declared stage, add the name to that stage's aliases. If it is a step of
    its own that people need, declare it where it happens, with a goal, an owner and exit criteria. If nobody needs
    it, deactivate it in the CRM; never rename it, since old and new deals would then be blended.
    """
    for undeclared in facts.conformance.deviations:
        if undeclared.kind == "undeclared" and undeclared.stage is None and undeclared.deals >= ANECDOTE:
            entry = entry_of(undeclared.subject, facts)
            before = None if entry is None else entry.before
            near = _of_those_that_got_there(undeclared, before, facts)
            if near.share.low > OFTEN:
                yield _finding(near, None if near is undeclared else before)


def _of_those_that_got_there(undeclared: Deviation, before: Stage | None, facts: Facts) -> Deviation:
    """Return the deviation among deals that reached the stage before it, if fewer did: the others had no chance."""
    flow = None if before is None else facts.flow(before)
    if flow is None or not undeclared.deals <= flow.deals < undeclared.reached:
        return undeclared
    return replace(undeclared, reached=flow.deals, share=wilson(undeclared.deals, flow.deals))


def _finding(undeclared: Deviation, before: Stage | None) -> Finding:
    if before is None:
        return pattern("undeclared-stage", undeclared, "Deals with at least one stage event.")
    reached = say_part(undeclared.deals, undeclared.reached)
    return pattern(
        "undeclared-stage",
        undeclared,
        f"Deals that reached {before.name}, from which most come into it.",
        beside=f"That is as many as {reached} that reached {before.name}, from which most come into it.",
    )
