"""The rule for stages that the playbook does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.05
"""A stage that one deal in twenty passes through is part of the process; below that it may be a slip of the hand."""


def undeclared_stage(facts: Facts) -> Iterator[Finding]:
    """Deals pass through a stage that the playbook does not mention.

    **Symptom.** The log holds a stage whose name is neither the name nor an alias of any declared stage. In an
    alignment these are moves on log.

    **Remedy.** If it is a new name of a declared stage, add the name to that stage's aliases. If it is a step of
    its own that people need, declare it where it happens, with a goal, an owner and exit criteria. If nobody needs
    it, deactivate it in the CRM; never rename it, since old and new deals would then be blended.
    """
    for undeclared in frequent(facts, "undeclared", OFTEN):
        yield pattern(
            "undeclared-stage",
            undeclared,
            "Deals with at least one stage event.",
        )
