"""What the playbook explicitly permits beside its straight way, and how often deals made use of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage

PermissionKind = Literal["return", "skip", "start", "bypass", "visit"]


@dataclass(frozen=True, slots=True)
class Permission:
    """A return, a skip, a start, leaving out an optional stage (bypass), or entering one (visit)."""

    kind: PermissionKind
    stage: str
    """The stage that declares it."""
    other: str | None
    """Where a return or skip leads."""
    used: int
    """Deals that made use of it."""
    chances: int
    """Deals that could have."""

    @property
    def subject(self) -> str:
        """The stage, or the move as `Proposal -> Discovery`."""
        return self.stage if self.other is None else f"{self.stage} -> {self.other}"


def permissions(facts: Facts) -> Iterator[Permission]:
    """Yield every permission of the playbook whose use the log could show, in its order."""
    for stage in facts.playbook.stages:
        flow = facts.flow(stage)
        left = 0 if flow is None else flow.deals - flow.open
        taken = facts.conformance.move_counts
        for other in stage.may_return_to if facts.shows("loops") else ():
            yield Permission("return", stage.name, other, taken.get((stage.name, other), 0), left)
        for other in stage.may_skip_to:
            yield Permission("skip", stage.name, other, taken.get((stage.name, other), 0), left)
        if stage.may_start:
            paths = sum(one.starts for one in facts.discovery.stages)
            yield Permission("start", stage.name, None, 0 if flow is None else flow.starts, paths)
        if stage.optional:
            visited, passed_by = 0 if flow is None else flow.deals, _passed_by(facts, stage)
            perhaps = passed_by + _perhaps_passed_by(facts, stage)
            yield Permission("bypass", stage.name, None, perhaps, perhaps + visited)
            yield Permission("visit", stage.name, None, visited, passed_by + visited)


def _passed_by(facts: Facts, stage: Stage) -> int:
    """Return how many deals moved over an optional stage: from before it to after it, or began behind it."""
    place = {name: index for index, name in enumerate(facts.playbook.names)}
    place.update(dict.fromkeys(facts.playbook.outcomes.won, len(place)))
    here = place[stage.name]
    moved = sum(
        deals
        for (source, target), deals in facts.conformance.move_counts.items()
        if place.get(source, here) < here < place.get(target, here)
    )
    behind = [flow for later in facts.playbook.stages[here + 1 :] if (flow := facts.flow(later)) is not None]
    return moved + sum(flow.starts for flow in behind)


def _perhaps_passed_by(facts: Facts, stage: Stage) -> int:
    """Return how many deals came from a stage that the playbook does not know to one behind an optional stage.

    Where the stage before it has another name in the log, these are the ones that left the optional stage out.
    """
    names, won = facts.playbook.names, facts.playbook.outcomes.won
    behind = set(names[names.index(stage.name) + 1 :])
    kinds = {one.name: one.kind for one in facts.discovery.log.stages}
    return sum(
        move.deals
        for move in facts.discovery.moves
        if facts.declared(move.source) is None and kinds.get(move.source) == "open"
        if move.target in won or ((target := facts.declared(move.target)) is not None and target.name in behind)
    )
