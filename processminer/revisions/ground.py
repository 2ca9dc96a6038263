"""What a proposal may rest on: the facts, and how much the comparisons prove when they are looked at together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.findings.family import MARGIN, comparable
from processminer.statistics.multiplicity import adjusted_p_values, chance_above

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.estimates.estimates import Practice
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

_COMPARED = {"required-stage-skipped": "stage", "required-task-not-done": "task"}


@dataclass(frozen=True, slots=True)
class Ground:
    """The facts and, per finding on a step that could be tested, the p-value against "it adds `MARGIN` or more"."""

    facts: Facts
    dispensable: Mapping[str, float]
    """By the finding's id; adjusted for all steps that were tested."""

    def practice(self, finding: Finding) -> Practice | None:
        """Return the comparison that a finding on a step rests on, if there is one."""
        return _practice(finding, self.facts)


def ground_of(findings: Sequence[Finding], facts: Facts) -> Ground:
    """Return the ground for proposals; one family of tests, corrected together (Benjamini & Hochberg, 1995)."""
    tested = {
        finding.id: chance_above(practice.adjusted, MARGIN)
        for finding in findings
        if finding.rule in _COMPARED
        and (practice := _practice(finding, facts)) is not None
        and practice.adjusted is not None
        and comparable(practice)
    }
    return Ground(facts, dict(zip(tested, adjusted_p_values(list(tested.values())), strict=True)))


def _practice(finding: Finding, facts: Facts) -> Practice | None:
    numbers = finding.evidence.numbers
    kind, stage = _COMPARED.get(finding.rule) or str(numbers["kind"]), numbers["stage"]
    return facts.practice(kind, finding.subject, None if stage is None else str(stage))
