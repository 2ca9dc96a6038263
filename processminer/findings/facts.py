"""What a rule may look at: the counted and estimated facts of one audit, and the playbook they are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.findings.family import family_of
from processminer.log.names import fold

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery, StageFlow
    from processminer.estimates.effects.actions import ActionEffect
    from processminer.estimates.effects.trial import Effect, TrialKind
    from processminer.estimates.estimates import Estimates
    from processminer.estimates.figures import StageGain, StageTime
    from processminer.estimates.flow.declared_chances import StageChance
    from processminer.estimates.flow.give_up import GiveUp
    from processminer.estimates.flow.slowing import Slowing
    from processminer.estimates.pass_throughs import PassThrough
    from processminer.findings.family import Family
    from processminer.log.eventlog import Question
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage


@dataclass(frozen=True, slots=True)
class Facts:
    """One audit's facts. A rule reads them and decides; it counts nothing itself."""

    discovery: Discovery
    conformance: Conformance
    estimates: Estimates
    playbook: Playbook
    family: Family
    """All tests of the audit, corrected together."""

    def declared(self, name: str) -> Stage | None:
        """Return the declared stage that the log knows by this name."""
        return next((stage for stage in self.playbook.stages if fold(name) in names_of(stage)), None)

    def shows(self, question: Question) -> bool:
        """Tell whether the log can show a kind of thing at all; what it cannot show has not failed to happen."""
        return all(one.verdict != "no" for one in self.discovery.log.ingest.answers if one.question == question)

    def flow(self, stage: Stage) -> StageFlow | None:
        """Return what passed through a declared stage: of the log's names for it, the one most deals bear."""
        own = [flow for flow in self.discovery.stages if fold(flow.stage) in names_of(stage)]
        return max(own, key=lambda flow: flow.deals, default=None)

    def time(self, stage: Stage) -> StageTime | None:
        """Return how long deals stay in a declared stage: of the log's names for it, the one with most stays."""
        own = [time for time in self.estimates.stages if fold(time.stage) in names_of(stage)]
        return max(own, key=lambda time: time.visits, default=None)

    def gain(self, stage: Stage) -> StageGain | None:
        """Return what a declared stage would gain if deals went on from it faster; None where it was not estimated."""
        own = [one for one in self.estimates.gains if fold(one.stage) in names_of(stage)]
        return max(own, key=lambda one: one.gain.estimate, default=None)

    def passing(self, stage: Stage) -> PassThrough | None:
        """Return how deals pass through a declared stage: of the log's names for it, the one with most stays."""
        own = [one for one in self.estimates.passing if fold(one.stage) in names_of(stage)]
        return max(own, key=lambda one: one.stays, default=None)

    def effect(self, kind: TrialKind, subject: str, stage: str | None = None) -> Effect | None:
        """Return what a step changes of the share of deals won; of tasks, the one of this stage, if one is named."""
        own = [one for one in self.estimates.effects if (one.trial.kind, one.trial.subject) == (kind, subject)]
        declared = None if stage is None else self.playbook.stage(stage)
        if declared is not None:
            own = [one for one in own if fold(one.trial.stage) in names_of(declared)]
        return own[0] if own else None

    def chance(self, stage: Stage) -> StageChance | None:
        """Return a stage's declared probability beside what was won: of the log's names, the one of most deals."""
        own = [one for one in self.estimates.chances if fold(one.stage) in names_of(stage)]
        return max(own, key=lambda one: one.observed.deals, default=None)

    def slowing(self, stage: Stage) -> Slowing | None:
        """Return whether old deals go on from a stage more slowly; of the log's names, the one most stays bear."""
        own = [one for one in self.estimates.slowing if fold(one.stage) in names_of(stage)]
        return max(own, key=lambda one: sum(one.went), default=None)

    def give_up(self, stage: Stage) -> GiveUp | None:
        """Return the age at which deals in a stage are not worth their days; None where there is none."""
        return next((one for one in self.estimates.give_ups if fold(one.stage) in names_of(stage)), None)

    def action(self, subject: str) -> ActionEffect | None:
        """Return what follows an undeclared activity; None where it was not followed."""
        return next((one for one in self.estimates.actions if one.action.label == subject), None)


def facts_of(discovery: Discovery, conformance: Conformance, estimates: Estimates, playbook: Playbook) -> Facts:
    """Return the facts of one audit, its tests corrected together."""
    return Facts(discovery, conformance, estimates, playbook, family_of(estimates))


def names_of(stage: Stage) -> tuple[str, ...]:
    """Return the names under which the log may know a declared stage, folded."""
    return tuple(fold(name) for name in (stage.name, *stage.aliases))
