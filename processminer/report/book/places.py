"""Where stages, roles and materials stand in the book, so that every mention of one leads there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.diagrams.slugs import slugs
from processminer.playbook.moves import allowed_moves
from processminer.report.book.links import address_of
from processminer.report.book.wording import NOT_SAID, says, text
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.playbook.model import Playbook
    from processminer.playbook.moves import Moves
    from processminer.playbook.parts.stages import Criterion, ServiceStage, Stage, Task
    from processminer.report.book.book import Run


@dataclass(frozen=True, slots=True)
class Places:
    """What the pages of one playbook need to speak of each other."""

    playbook: Playbook
    moves: Moves
    stages: Mapping[str, str]
    """Stage to the id of its page."""
    roles: Mapping[str, str]
    """Role to the id of its page, in the order in which a reader meets them."""
    same: Mapping[str, str]
    """Any way in which a role is written, folded, to its name."""

    def stage(self, name: str) -> Run:
        """Return a stage, a service stage or an outcome as a link to its page."""
        if name in self.stages:
            return text(name, page=self.stages[name])
        if any(name == stage.name for stage in self.playbook.service):
            return text(name, page="service")
        outcomes = self.playbook.outcomes
        return text(name, page="outcomes" if name in (*outcomes.won, *outcomes.lost) else None)

    def role_name(self, written: str) -> str:
        """Return the name of a role that is written in one of its ways."""
        return self.same.get(fold(written), written)

    def role(self, written: str | None) -> Run:
        """Return a role as a link to its page, or that none is named."""
        if written is None or not says(written):
            return NOT_SAID
        name = self.role_name(written)
        return text(name, page=self.roles[name])

    def material(self, name: str | None) -> Run:
        """Return a material as a link to where it is, or to its line in the book where that is not known."""
        if name is None or not says(name):
            return NOT_SAID
        address = self.address(name)
        return text(name, address=address, page="materials" if address is None else None)

    def address(self, name: str) -> str | None:
        """Return the address of a material: of the place that is said, else its name where that is one of the web."""
        listed = next((one for one in self.playbook.materials if fold(one.name) == fold(name)), None)
        if listed is not None and says(listed.where):
            return address_of(str(listed.where))
        return address_of(name) if "://" in name else None


def places_of(playbook: Playbook) -> Places:
    """Return the places of everything in a playbook."""
    names = playbook.names
    same = {fold(role.name): role.name for role in playbook.roles}
    for role in playbook.roles:
        for alias in role.aliases:
            same.setdefault(fold(alias), role.name)
    for written in _roles_written(playbook):
        if says(written):
            same.setdefault(fold(written), written)
    roles = list(dict.fromkeys(same.values()))
    return Places(
        playbook,
        allowed_moves(playbook),
        dict(zip(names, (f"stage-{slug}" for slug in slugs(names)), strict=True)),
        dict(zip(roles, (f"role-{slug}" for slug in slugs(roles)), strict=True)),
        same,
    )


def tasks_of(playbook: Playbook) -> Iterator[tuple[Stage | ServiceStage, Task]]:
    """Yield every task with the stage or service stage that it belongs to."""
    yield from ((stage, task) for stage in playbook.stages for task in stage.tasks)
    yield from ((stage, task) for stage in playbook.service for task in stage.tasks)


def criteria_of(playbook: Playbook) -> Iterator[tuple[Stage, Criterion]]:
    """Yield every criterion with its stage, those of entry before those of exit."""
    for stage in playbook.stages:
        yield from ((stage, criterion) for criterion in (*stage.entry_criteria, *stage.exit_criteria))


def _roles_written(playbook: Playbook) -> Iterator[str]:
    """Yield the roles that a playbook names outside its list of roles, as it writes them."""
    yield from (stage.owner for stage in playbook.stages if stage.owner)
    yield from (stage.owner for stage in playbook.service if stage.owner)
    yield from (task.by for _, task in tasks_of(playbook) if task.by)
    yield from (criterion.approved_by for _, criterion in criteria_of(playbook) if criterion.approved_by)
    yield from (name for handover in playbook.handovers for name in (handover.giver, handover.taker))
    yield from (one.owner for one in playbook.metrics if one.owner)
    yield from (one.owner for one in playbook.materials if one.owner)
    yield from (name for name in [playbook.owner] if name)
