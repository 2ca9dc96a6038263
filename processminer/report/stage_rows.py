"""One row a stage: what passed through it, how long it took, and which moves left the order or the playbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.discovery.discovery import StageFlow
    from processminer.estimates.figures import StageGain, StageTime
    from processminer.study import Study


@dataclass(frozen=True, slots=True)
class StageRow:
    """What is known of one stage, from discovery, estimates and conformance together."""

    flow: StageFlow
    time: StageTime | None
    """None for a stage whose times could not be estimated."""
    moves_back: int
    """Moves from here to an earlier stage."""
    moves_undeclared: int
    """Moves from here that the playbook does not allow."""
    gain: StageGain | None
    """None where it could not be estimated."""

    @property
    def stage(self) -> str:
        """Name of the stage."""
        return self.flow.stage


def stage_rows(study: Study) -> tuple[StageRow, ...]:
    """Return the stages that deals work through, in the log's order, won and lost left out."""
    flows = study.discovery.stages
    times = {time.stage: time for time in study.estimates.stages}
    gains = {one.stage: one for one in study.estimates.gains}
    place = {flow.stage: index for index, flow in enumerate(flows)}
    working = [flow for flow in flows if flow.kind == "open"]
    names = {flow.stage for flow in working}
    back = dict.fromkeys(place, 0)
    undeclared = dict.fromkeys(place, 0)
    for move in study.discovery.moves:
        if move.target in names and place[move.target] < place[move.source]:
            back[move.source] += move.count
        if (move.source, move.target) not in study.conformance.declared_moves:
            undeclared[move.source] += move.count
    return tuple(
        StageRow(flow, times.get(flow.stage), back[flow.stage], undeclared[flow.stage], gains.get(flow.stage))
        for flow in working
    )
