"""What a draft rests on, asked of the log in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.discovery.won_deals import ways_travelled
from processminer.discovery.won_examples import won_examples
from processminer.discovery.won_tasks import won_tasks
from processminer.drafting.ends import ends_of
from processminer.drafting.habits import habits_of
from processminer.drafting.owners import owners_of
from processminer.drafting.shape import shape_of
from processminer.estimates.advance import advance_times
from processminer.estimates.stage_wins import stage_wins

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from processminer.discovery.discovery import Discovery, Totals
    from processminer.discovery.won_examples import WonExample
    from processminer.drafting.ends import Ends
    from processminer.drafting.habits import Habit
    from processminer.drafting.owners import Owners
    from processminer.drafting.shape import Shape
    from processminer.estimates.advance import AdvanceTime
    from processminer.estimates.stage_wins import StageWins

MOST_EXAMPLES = 5
"""As many deals as somebody will read."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the lines of a draft tell."""

    totals: Totals
    as_of: datetime
    """When the deals were looked at."""
    shape: Shape
    habits: Mapping[str, tuple[Habit, ...]]
    """Stage to what most won deals did there, the most common first."""
    times: Mapping[str, AdvanceTime]
    wins: Mapping[str, StageWins]
    ends: Ends
    owners: Owners
    segment: str | None
    """The attribute that parts deals into segments."""
    examples: tuple[WonExample, ...]


def evidence_of(discovery: Discovery) -> Evidence:
    """Return what the deals of a log, the won ones above all, say about how they are won."""
    log = discovery.log
    ends = ends_of(log)
    entered = [stage.stage for stage in discovery.stages if stage.kind == "open" and stage.deals]
    shape = shape_of(ways_travelled(discovery), (*ends.won, *ends.lost), entered)
    place = {step.name: at for at, step in enumerate(shape.steps)}
    habits = habits_of(shape, won_tasks(discovery) if log.has_tasks else ())
    usual = sorted({habit.task.name for found in habits.values() for habit in found})
    segment, examples = won_examples(discovery, _usual_ways(shape), usual, MOST_EXAMPLES)
    return Evidence(
        totals=discovery.totals,
        as_of=log.as_of,
        shape=shape,
        habits=habits,
        times=advance_times(discovery, {one: place[main] for one, main in shape.spellings.items()}),
        wins=stage_wins(discovery),
        ends=ends,
        owners=owners_of(log),
        segment=segment,
        examples=examples,
    )


def _usual_ways(shape: Shape) -> list[tuple[str, ...]]:
    """Return the most travelled way, and the next ones where too few deals went it to choose examples from."""
    ways: list[tuple[str, ...]] = []
    deals = 0
    for way, often in shape.ways.items():
        if deals >= MOST_EXAMPLES:
            break
        ways.append(way)
        deals += often
    return ways
