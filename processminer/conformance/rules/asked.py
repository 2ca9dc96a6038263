"""What the kinds of rules ask of a playbook and a log alike: which activities are meant, and who has which role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.conformance.checkable import ACTIVITIES, named_activities_needed
from processminer.conformance.labels import labels_meant
from processminer.conformance.rules.roles import Roles, roles_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import ServiceStage, Stage


@dataclass(frozen=True, slots=True)
class Asked:
    """A playbook and the log that it is held against, with what several kinds of rules look up."""

    playbook: Playbook
    log: EventLog
    meant: Mapping[str, tuple[str, ...]]
    """For each wanted name of an activity, what the log calls it."""
    roles: Roles

    def stages(self) -> Iterator[tuple[int, Stage | ServiceStage, tuple[str, ...]]]:
        """Yield the stages of both cycles: its place, the stage, and where it stands in the playbook."""
        for place, stage in enumerate(self.playbook.stages, start=1):
            yield place, stage, ("stages", stage.name)
        for place, service in enumerate(self.playbook.service, start=len(self.playbook.stages) + 1):
            yield place, service, ("service", service.name)

    @property
    def beyond(self) -> int:
        """The place of what belongs to no stage."""
        return len(self.playbook.stages) + len(self.playbook.service) + 1

    def labels(self, seen_as: Sequence[str]) -> tuple[str, ...]:
        """Return the names and subjects of the log's activities that are meant, in alphabetical order."""
        return tuple(sorted({label for name in seen_as for label in self.meant[name]}))

    def activities_needed(self, seen_as: Sequence[str]) -> str | None:
        """Return what the log lacks to show these activities; None where it has some of them."""
        if not self.log.has_tasks:
            return ACTIVITIES
        return None if self.labels(seen_as) else named_activities_needed(seen_as)


def ask(playbook: Playbook, log: EventLog) -> Asked:
    """Return what rules look up, with each name of an activity looked for once."""
    return Asked(playbook, log, labels_meant(log, _wanted(playbook)), roles_of(playbook, log))


def _wanted(playbook: Playbook) -> Iterator[str]:
    for stage in playbook.stages:
        for task in stage.tasks:
            yield from task.seen_as
        for criterion in (*stage.entry_criteria, *stage.exit_criteria):
            yield from criterion.seen_as
    for handover in playbook.handovers:
        yield from handover.seen_as
    for service in playbook.service:
        yield from service.seen_as
        for task in service.tasks:
            yield from task.seen_as
