"""Stages that turn deals down at once, and the stage behind which they would do so first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.findings.pattern import ENOUGH
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage
    from processminer.statistics.interval import Interval

SHORT = 5.0
"""Days, by the upper limit of the mean: a working week. In what takes longer more is done than a check."""

REJECTS = 0.15
"""By the lower limit: a stage in which fewer deals are lost turns down hardly any."""

TIMES = 3.0
"""So many times the days, and the days for each deal turned down: stages differ, and their order has its reasons."""


@dataclass(frozen=True, slots=True)
class KnockOut:
    """A declared stage that turns deals down at once, and how far back it could do so."""

    stage: Stage
    behind: Stage
    """Where deals begin, or the last stage that costs no more for each deal lost there; the next one costs more."""
    before: Stage
    """The stage behind that one, which takes far longer for each deal that is lost in it."""
    lost: int
    ended: int
    days: Interval
    """Restricted mean stay."""

    @property
    def share(self) -> Interval:
        """Of the deals that have left it, the share that was lost there."""
        return wilson(self.lost, self.ended)


def knock_out(stage: Stage, facts: Facts) -> KnockOut | None:
    """Return how a stage turns deals down, where another one should come after it; None for any other stage.

    Checks are best done in the order of effort for each deal that they turn down (the knock-out principle: van der
    Aalst, 2001). Effort is the days that a deal stays; limits are those that speak against it, of both stages. Where
    deals begin stays where it is, and so does the last stage, in which the buyer decides.
    """
    judged = _judged(stage, facts)
    place = facts.playbook.names.index(stage.name)
    if judged is None or stage.optional or not 1 < place < len(facts.playbook.stages) - 1:
        return None
    lost, ended, days = judged
    share = wilson(lost, ended)
    if days.high > SHORT or share.low < REJECTS:
        return None
    effort = days.high / share.low
    for number, one in enumerate(facts.playbook.stages[1:place], start=1):
        other = None if one.optional else _judged(one, facts)
        if other is None:
            continue
        turned, left, stays = other
        costs = stays.low / max(wilson(turned, left).high, 1e-9)
        if stays.low > TIMES * days.high and costs > TIMES * effort:
            return KnockOut(stage, facts.playbook.stages[number - 1], one, lost, ended, days)
    return None


def _judged(stage: Stage, facts: Facts) -> tuple[int, int, Interval] | None:
    """Return how many were lost straight from a stage, of how many that have left it, and the mean stay."""
    time, flow = facts.time(stage), facts.flow(stage)
    if not facts.shows("durations") or time is None or flow is None or flow.deals - flow.open < ENOUGH:
        return None
    return flow.lost_here, flow.deals - flow.open, time.mean_days
