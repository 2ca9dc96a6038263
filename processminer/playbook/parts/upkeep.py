"""What keeps a playbook alive: its change log, the material that is looked at in time, what is accepted for a while."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from processminer.playbook.parts.part import Part
from processminer.playbook.values import Name, Names

DeviationKind = Literal[
    "skipped",
    "not-repeated",
    "undeclared",
    "returned",
    "started-late",
    "over-time",
    "task-missing",
    "task-late",
    "criterion-missing",
    "entry-criterion-missing",
    "too-many-visits",
    "too-long-silent",
    "too-few-contacts",
    "wrong-owner",
    "late-handover",
    "no-loss-reason",
    "service-late",
]
"""The ways in which a deal can leave a playbook."""


class Amendment(Part):
    """An entry of the playbook's change log."""

    called = "a change"

    version: str
    """The version that it led to, in quotation marks where it looks like a number."""
    day: date | None = None
    """The day of the change, as 2026-01-31."""
    why: Name
    """Why it was made."""
    evidence: str | None = None
    """The audit or observation that it rests on."""


class Material(Part):
    """A script, form or page that tasks are done with."""

    called = "a material"

    name: Name
    """As tasks write it in `material`."""
    where: str | None = None
    """Where it is found: a path or an address."""
    owner: str | None = None
    """The role that keeps it up to date."""
    reviewed: date | None = None
    """The day on which somebody last looked whether it still holds, as 2026-01-31."""


class Acceptance(Part):
    """A deviation that is accepted for a time, with its reason."""

    called = "an acceptance"

    deviation: DeviationKind
    """The kind of deviation, as the audit calls it."""
    subject: Name
    """The stage, task, criterion or move, as the audit calls it."""
    because: Name
    """Why it is accepted."""
    until: date | None = None
    """The last day on which it is accepted."""
    where: dict[str, Names] = Field(default_factory=dict[str, Names])
    """The deals it is accepted for: attribute to its values; all if nothing is said."""
