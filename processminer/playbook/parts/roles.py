"""Who owns stages and does tasks, and where deals pass from one to the other."""

from __future__ import annotations

from pydantic import Field

from processminer.playbook.parts.part import Part
from processminer.playbook.values import Days, Name, Names


class Role(Part):
    """A role that owns stages and does tasks, and how the log writes it."""

    called = "a role"

    name: Name
    """What the role is called wherever the playbook speaks of it."""
    aliases: Names = ()
    """Its names in the log's column of roles or teams."""
    people: Names = ()
    """Owners of the log who have it, by name or id."""


class Handover(Part):
    """A deal passes from one role to another as it enters a stage."""

    called = "a handover"

    entering: Name
    """The stage, or the name of won."""
    giver: Name = Field(alias="from")
    """The role that had the deal."""
    taker: Name = Field(alias="to")
    """The role that has it from then on."""
    within: Days | None = None
    """The time after that by which it is taken."""
    passes: Names = ()
    """What is handed over: notes, documents, answers."""
    seen_as: Names = ()
    """Activities of the log that show that it was taken; else a change of owner shows it."""
