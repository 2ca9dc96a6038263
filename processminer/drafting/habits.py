"""What most won deals have done to them in a stage, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.drafting.shape import REQUIRED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processminer.discovery.won_tasks import WonTask
    from processminer.drafting.shape import Shape

COMMON = 0.5
"""A task that half of the won deals show is worth writing down; whether it helps is for the audit to say."""


@dataclass(frozen=True, slots=True)
class Habit:
    """A task as a draft writes it down."""

    task: WonTask
    reached: int
    """Won deals that were in the stage."""
    optional: bool
    times: int
    """How often REQUIRED of the won deals that were there did it at least; of those that did it, if optional."""
    so_often: int
    """Won deals that did it so often."""


def habits_of(shape: Shape, tasks: Iterable[WonTask]) -> dict[str, tuple[Habit, ...]]:
    """Return by stage what at least COMMON of the won deals that were there did there, the most common first.

    Of two spellings of a stage the one with more deals counts.
    """
    reached = {step.name: step.won_deals for step in shape.steps}
    found: dict[str, dict[str, Habit]] = {}
    for task in tasks:
        stage = shape.spellings.get(task.stage)
        if stage is None or not task.name.strip() or task.deals < COMMON * reached[stage]:
            continue
        found.setdefault(stage, {}).setdefault(task.name, _habit(task, reached[stage]))
    return {stage: tuple(habits.values()) for stage, habits in found.items()}


def _habit(task: WonTask, reached: int) -> Habit:
    optional = task.deals < REQUIRED * reached
    base = task.deals if optional else reached
    often = {times: _at_least(times, task.times) for times in sorted(task.times)}
    times = max((times for times, deals in often.items() if deals >= REQUIRED * base), default=1)
    return Habit(task, reached, optional, times, _at_least(times, task.times))


def _at_least(times: int, counts: Mapping[int, int]) -> int:
    return sum(deals for often, deals in counts.items() if often >= times)
