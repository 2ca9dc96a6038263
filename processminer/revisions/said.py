"""What people say of what lies behind the proposals, beside what the log says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A question to the team, with what it answered; nobody is named."""

    asked: str
    answered: str
    """How many said what, and a few of their words."""
    about: tuple[str, ...]
    """Ids of the revisions that it may change; empty where none rests on it."""
