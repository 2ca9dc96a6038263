"""Every rule asked, and its findings put in the order in which they should be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.findings.catalogue import RULES

if TYPE_CHECKING:
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

_ORDER = ("high", "medium", "low")


def judge(facts: Facts) -> tuple[Finding, ...]:
    """Return what is wrong: the most severe first, then by how many deals show it, by rule and by subject."""
    found = [finding for rule in RULES.values() for finding in rule(facts)]
    found.sort(key=lambda one: (_ORDER.index(one.severity), -one.evidence.n, one.rule, one.subject))
    return tuple(replace(finding, id=f"F{number}") for number, finding in enumerate(found, start=1))
