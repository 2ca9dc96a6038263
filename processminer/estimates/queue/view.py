"""The pipeline as queues in one view: weeks, growth, balance, and whether its times are to be taken at their word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.estimates.queue.balance import stage_balances
from processminer.estimates.queue.bursts import bursts
from processminer.estimates.queue.contention import contention
from processminer.estimates.queue.weeks import queue_growth, stage_weeks

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.queue.balance import StageBalance
    from processminer.estimates.queue.bursts import Bursts
    from processminer.estimates.queue.contention import Contention
    from processminer.estimates.queue.weeks import QueueGrowth, StageWeek


@dataclass(frozen=True, slots=True)
class QueueView:
    """What comes to each stage, leaves it and waits in it."""

    weeks: tuple[StageWeek, ...]
    """Stage by stage, from the log's first week."""
    growth: tuple[QueueGrowth, ...]
    balances: tuple[StageBalance, ...]
    bursts: Bursts | None
    """None where no stage ever changed."""
    contention: Contention | None
    """None where no owner is known, or their work never varied."""


def queue_view(discovery: Discovery) -> QueueView:
    """Return the stages of a log as queues. Needs the relations of a discovery."""
    log = discovery.log
    weeks = stage_weeks(log)
    return QueueView(weeks, queue_growth(weeks), stage_balances(discovery), bursts(log), contention(log))
