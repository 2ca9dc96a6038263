"""The playbook as a model: its stages in order, and what stands around them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from processminer.playbook.parts.metrics import Metric
from processminer.playbook.parts.outcomes import Outcomes
from processminer.playbook.parts.part import Part
from processminer.playbook.parts.roles import Handover, Role
from processminer.playbook.parts.stages import ServiceStage, Stage
from processminer.playbook.parts.upkeep import Acceptance, Amendment, Material
from processminer.playbook.values import Cost, Days, Many, Name, Names


class Playbook(Part):
    """The declared process. Made by `read_playbook`, which tells every fault with its line."""

    called = "a playbook"

    name: Name
    """What the playbook is called."""
    version: str = "1.0.0"
    """Raised whenever a definition changes; in quotation marks where it looks like a number."""
    valid_from: date | None = None
    """The first day on which deals that begin are judged by this version."""
    replaces: Name | None = None
    """The file of the version before this one, seen from this file; older deals are judged by it."""
    owner: str | None = None
    """The role that answers for it."""
    review_every: Days | None = None
    """How often somebody is to look whether it still holds, as `90 days`."""
    reviewed: date | None = None
    """The day on which somebody last did, as 2026-01-31."""
    applies_to: dict[str, Names] = Field(default_factory=dict[str, Names])
    """The deals it is for: attribute of the log to its values."""
    roles: Many[Role] = ()
    """Who owns stages and does tasks."""
    stages: tuple[Stage, ...] = Field(min_length=1)
    """The stages in their order."""
    outcomes: Outcomes = Outcomes()
    """What the log calls the ends of a deal."""
    handovers: Many[Handover] = ()
    """Where a deal passes from one role to another."""
    service: Many[ServiceStage] = ()
    """The cycle after the win."""
    metrics: Many[Metric] = ()
    """The few numbers to look at."""
    materials: Many[Material] = ()
    """What tasks are done with, so that each piece has an owner and is looked at in time."""
    undeclared_cost: Cost = 1
    """What a stage weighs that the playbook does not know."""
    accepted: Many[Acceptance] = ()
    """Deviations that are accepted for a time."""
    changes: Many[Amendment] = ()
    """What changed from version to version."""

    def stage(self, name: str) -> Stage | None:
        """Return the stage of this declared name, or None."""
        return next((stage for stage in self.stages if stage.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Declared stage names, in order."""
        return tuple(stage.name for stage in self.stages)
