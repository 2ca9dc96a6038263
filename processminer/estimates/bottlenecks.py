"""Where deals wait, and where it would pay if they waited less: every stage with its times, its share and its gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.estimates.estimates import Estimates
from processminer.estimates.flow.backtest import recent_changes
from processminer.estimates.flow.gain import gains
from processminer.estimates.group_times import group_times
from processminer.estimates.over_time.whole import whole_process
from processminer.estimates.queue.view import queue_view
from processminer.estimates.stage_times import stage_times
from processminer.estimates.waiting.causes import waiting_causes
from processminer.estimates.waiting.silences import stage_silences
from processminer.estimates.win_rate import win_rate

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.flow.backtest import Change
    from processminer.estimates.group_times import GroupTimes
    from processminer.estimates.over_time.whole import WholeProcess
    from processminer.estimates.queue.view import QueueView
    from processminer.estimates.waiting.causes import ActivityWait
    from processminer.estimates.waiting.silences import StageSilence


@dataclass(frozen=True, slots=True)
class Bottlenecks:
    """What is known of where deals wait."""

    discovery: Discovery
    estimates: Estimates
    """Stage times and gains; no effects."""
    changes: tuple[Change, ...]
    """Stages that deals have lately left otherwise than before: their figures mix two ways of working."""
    queue: QueueView
    whole: WholeProcess
    silences: tuple[StageSilence, ...]
    """Empty where the log has no activities."""
    waits: tuple[ActivityWait, ...]
    """Empty where the log does not have starts and ends of work, and who did it."""
    groups: GroupTimes | None
    """None unless asked for."""


def bottlenecks(discovery: Discovery, by: str | None = None) -> Bottlenecks:
    """Return the times, shares and gains of all stages, their queues and the process over time.

    With `by` also the times of each group (see `group_times`).
    """
    log = discovery.log
    return Bottlenecks(
        discovery=discovery,
        estimates=Estimates(stages=stage_times(discovery), win_rate=win_rate(discovery), gains=gains(log)),
        changes=recent_changes(log),
        queue=queue_view(discovery),
        whole=whole_process(discovery),
        silences=stage_silences(log),
        waits=waiting_causes(log),
        groups=None if by is None else group_times(log, by),
    )
