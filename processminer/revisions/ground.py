"""What a proposal may rest on: the facts, and how much the comparisons prove when they are looked at together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.statistics.multiplicity import adjusted_p_values, chance_above

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.estimates.estimates import Practice
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

MARGIN = 0.05
"""A step is called dispensable only if it is shown to add less than five points to the share of deals won: below
that, what the step costs may well outweigh what it brings; to show less takes more deals than most teams have."""

ARM = 30
"""With fewer deals on one side, the normal approximation behind the limits is not to be trusted."""

_TESTED = {"required-stage-skipped": "stage", "required-task-not-done": "task"}


@dataclass(frozen=True, slots=True)
class Ground:
    """The facts and, per compared step, the adjusted p-value against "it adds `MARGIN` or more"."""

    facts: Facts
    dispensable: Mapping[tuple[str, str], float]
    """By (kind, subject); a step that could not be tested is absent."""


def ground_of(findings: Sequence[Finding], facts: Facts) -> Ground:
    """Return the ground for proposals; one family of tests, corrected together (Benjamini & Hochberg, 1995)."""
    steps = dict.fromkeys((_TESTED[one.rule], one.subject) for one in findings if one.rule in _TESTED)
    tested = {
        step: chance_above(practice.adjusted, MARGIN)
        for step in steps
        if (practice := facts.practice(*step)) is not None and practice.adjusted is not None and _enough(practice)
    }
    return Ground(facts, dict(zip(tested, adjusted_p_values(list(tested.values())), strict=True)))


def _enough(practice: Practice) -> bool:
    return min(practice.done, practice.skipped) >= ARM
