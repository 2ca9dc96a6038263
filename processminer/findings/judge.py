"""Every rule asked, and its findings put in the order in which they should be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.findings.catalogue import RULES
from processminer.findings.facts import Facts

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Estimates
    from processminer.findings.finding import Finding
    from processminer.playbook.model import Playbook

_ORDER = ("high", "medium", "low")


def judge(
    discovery: Discovery, conformance: Conformance, estimates: Estimates, playbook: Playbook
) -> tuple[Finding, ...]:
    """Return what is wrong: the most severe first, then by how many deals show it, by rule and by subject."""
    facts = Facts(discovery, conformance, estimates, playbook)
    found = [finding for rule in RULES.values() for finding in rule(facts)]
    found.sort(key=lambda one: (_ORDER.index(one.severity), -one.evidence.n, one.rule, one.subject))
    return tuple(replace(finding, id=f"F{number}") for number, finding in enumerate(found, start=1))
