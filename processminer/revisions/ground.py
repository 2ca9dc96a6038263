"""What a proposal may rest on: the facts, and the comparison behind a finding on a step."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from processminer.findings.family import dispensable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.estimates.effects.trial import Effect, TrialKind
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

_COMPARED: Mapping[str, TrialKind] = MappingProxyType(
    {"required-stage-skipped": "stage", "required-task-not-done": "task"}
)


@dataclass(frozen=True, slots=True)
class Ground:
    """The facts of the audit."""

    facts: Facts

    def effect(self, finding: Finding) -> Effect | None:
        """Return the comparison that a finding on a step rests on, if there is one."""
        numbers = finding.evidence.numbers
        kind = _COMPARED.get(finding.rule) or cast("TrialKind", numbers["kind"])
        stage = numbers["stage"]
        return self.facts.effect(kind, finding.subject, None if stage is None else str(stage))

    def dispensable(self, effect: Effect) -> float | None:
        """Return the false discovery rate of "it adds less than the margin"; None where that was not tested."""
        return self.facts.family.rate(dispensable(effect))

    @property
    def tests(self) -> int:
        """How many steps were tested for adding less than the margin."""
        return sum(1 for name in self.facts.family.rates if name.startswith("dispensable "))
