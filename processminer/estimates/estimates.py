"""All numbers with an interval that one audit rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.estimates.conduct import Conduct

if TYPE_CHECKING:
    from processminer.estimates.by_segment.ways_apart import WaysApart
    from processminer.estimates.effects.actions import ActionEffect
    from processminer.estimates.effects.edits import EditEffect
    from processminer.estimates.effects.trial import Effect
    from processminer.estimates.figures import StageGain, StageTime, WinRate
    from processminer.estimates.flow.declared_chances import StageChance
    from processminer.estimates.flow.give_up import GiveUp
    from processminer.estimates.flow.slowing import Slowing
    from processminer.estimates.handovers.waits import HandoverWait
    from processminer.estimates.held import HeldMetric
    from processminer.estimates.pass_throughs import PassThrough
    from processminer.estimates.queue.view import QueueView
    from processminer.estimates.triage.triage import Triage


@dataclass(frozen=True, slots=True)
class Estimates:
    """Everything with an interval."""

    stages: tuple[StageTime, ...]
    """In the log's stage order, terminal stages left out."""
    win_rate: WinRate
    gains: tuple[StageGain, ...] = ()
    """The largest first; empty where they were not asked for, or no stay has a length."""
    metrics: tuple[HeldMetric, ...] = ()
    """Those of the playbook, in its order."""
    chances: tuple[StageChance, ...] = ()
    """Stages with the probability that is declared for them beside what was won; empty where not asked for."""
    slowing: tuple[Slowing, ...] = ()
    """Whether old deals go on from a stage more slowly than young ones; empty where not asked for."""
    prompt: tuple[Effect, ...] = ()
    """What it changes that tasks are done soon after deals come to their stage; empty where not asked for."""
    handovers: tuple[HandoverWait, ...] = ()
    """Hand-overs of the playbook whose taking the log shows; empty where not asked for."""
    give_ups: tuple[GiveUp, ...] = ()
    """Stages in which deals come to an age at which they are not worth their days; empty where not asked for."""
    edits: tuple[EditEffect, ...] = ()
    """What follows changes of owner, amount and close date, where the log keeps them."""
    ways: tuple[WaysApart, ...] = ()
    """Whether segments go different ways, by attribute."""
    triage: tuple[Triage, ...] = ()
    """What two attributes promise together, beyond each by itself."""
    queue: QueueView | None = None
    """Its stages as queues; None where it was not asked for."""
    passing: tuple[PassThrough, ...] = ()
    """Of stages with ended stays, in the log's order."""
    effects: tuple[Effect, ...] = ()
    """What steps change of the share of deals won: stages of the log, tasks of the playbook, undeclared activities."""
    actions: tuple[ActionEffect, ...] = ()
    """What follows undeclared activities, for as long as deals live."""
    conduct: Conduct = Conduct()  # noqa: RUF009 - it is frozen
    """Jumps and returns, what was there when deals went on, checks that they fail, orders of tasks."""
