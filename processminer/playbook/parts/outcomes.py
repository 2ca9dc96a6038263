"""The ends of a deal, by the names of the log."""

from __future__ import annotations

from pydantic import model_validator

from processminer.playbook.parts.part import Part
from processminer.playbook.values import Name, Names


class Outcomes(Part):
    """The names that the log gives to the ends of a deal."""

    called = "the outcomes"

    won: Names = ("Closed Won",)
    """All names of won deals."""
    lost: Names = ("Closed Lost",)
    """All names of lost deals, those of the two kinds below included."""
    no_decision: Names = ()
    """Lost to nobody: the buyer did not decide."""
    disqualified: Names = ()
    """Lost because it should not have been pursued."""
    loss_reason: Name | None = None
    """The column that says why a deal was lost; every lost deal must have it filled."""

    @model_validator(mode="after")
    def _kinds_of_lost_are_lost(self) -> Outcomes:
        kinds = (name for name in (*self.no_decision, *self.disqualified) if name not in self.lost)
        # The model is frozen for its readers; this completes it while it is made.
        object.__setattr__(self, "lost", (*self.lost, *dict.fromkeys(kinds)))
        return self
