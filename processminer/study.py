"""The tool in one function: measure, judge, propose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Estimates
    from processminer.findings.finding import Finding
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook
    from processminer.revisions.revision import Revision, Undecided


@dataclass(frozen=True, slots=True)
class Declared:
    """A playbook with the text it was read from."""

    playbook: Playbook
    text: str
    file: str
    """Where it was read from; `drafted from the log` for a drafted one."""
    drafted: bool


@dataclass(frozen=True, slots=True)
class Study:
    """Everything one audit found; the report renders it and nothing else."""

    log: EventLog
    declared: Declared
    discovery: Discovery
    conformance: Conformance
    estimates: Estimates
    findings: tuple[Finding, ...]
    revisions: tuple[Revision, ...]
    undecided: tuple[Undecided, ...]
    revised: str
    """The playbook with every revision applied."""
    version: str
    """The program's version."""
