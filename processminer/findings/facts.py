"""What a rule may look at: the counted and estimated facts of one audit, and the playbook they are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.log.names import fold

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery, StageFlow
    from processminer.estimates.estimates import Estimates, Practice, StageTime
    from processminer.playbook.model import Playbook, Stage


@dataclass(frozen=True, slots=True)
class Facts:
    """One audit's facts. A rule reads them and decides; it counts nothing itself."""

    discovery: Discovery
    conformance: Conformance
    estimates: Estimates
    playbook: Playbook

    def flow(self, stage: Stage) -> StageFlow | None:
        """Return what passed through a declared stage: of the log's names for it, the one most deals bear."""
        own = [flow for flow in self.discovery.stages if fold(flow.stage) in names_of(stage)]
        return max(own, key=lambda flow: flow.deals, default=None)

    def time(self, stage: Stage) -> StageTime | None:
        """Return how long deals stay in a declared stage: of the log's names for it, the one with most stays."""
        own = [time for time in self.estimates.stages if fold(time.stage) in names_of(stage)]
        return max(own, key=lambda time: time.visits, default=None)

    def practice(self, kind: str, subject: str) -> Practice | None:
        """Return the comparison of deals that did with deals that did not, if there is one."""
        return next((one for one in self.estimates.practices if (one.kind, one.subject) == (kind, subject)), None)


def names_of(stage: Stage) -> tuple[str, ...]:
    """Return the names under which the log may know a declared stage, folded."""
    return tuple(fold(name) for name in (stage.name, *stage.aliases))
