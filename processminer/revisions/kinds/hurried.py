"""What a limit may do in the stage that would gain most by speed, where old deals go on more slowly than young ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.estimates.flow.model import MOST_DAYS, flow_model
from processminer.estimates.flow.what_if import stage_faster, what_if
from processminer.findings.family import slows
from processminer.findings.rules.stage_waits import SURE
from processminer.playbook.values import read_days
from processminer.revisions.kinds.lengths import write_days
from processminer.revisions.revision import Belief
from processminer.statistics.interval import Interval
from processminer.words import say_percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.estimates.flow.slowing import Slowing
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage

TOLD = 0.05
"""The false discovery rate at which it is told that deals slow down, beside all other tests of the audit."""


@dataclass(frozen=True, slots=True)
class Hurried:
    """A limit for such a stage, and what it may change."""

    written: str
    """What four in five of the deals that go on keep."""
    q: float
    effect: Mapping[str, Interval]
    beliefs: Mapping[str, Belief]
    said: str


def hurried(stage: Stage, facts: Facts) -> Hurried | None:
    """Return it; None where another stage gains more, or deals do not slow down."""
    gain, one = facts.gain(stage), facts.slowing(stage)
    q = None if one is None else facts.family.rate(slows(one))
    if gain is None or one is None or q is None or gain.rank_1 < SURE or q > TOLD:
        return None
    model = flow_model(facts.discovery.log, MOST_DAYS)
    if model is None:
        return None
    order = [each.name for each in facts.discovery.log.stages]
    ends = what_if(model, [stage_faster(model, order, one.stage, gain.times_faster)]).ends
    wins, days = _hull([end.win_share for end in ends]), _hull([end.won_days for end in ends])
    low, high = ends[0].beliefs[0], ends[-1].beliefs[0]
    return Hurried(
        written=write_days(one.four_in_five_days),
        q=q,
        effect={"win_rate": wins, "won_cycle_days": days},
        beliefs={
            "win_rate": Belief(low=f"nobody hurries, or {low}", high=f"deals go on faster by it, and {high}"),
            "won_cycle_days": Belief(low="deals go on faster by it", high="nobody hurries"),
        },
        said=_said(stage, one, gain.rank_1, gain.times_faster, wins),
    )


def enough(stage: Stage, found: Hurried) -> bool:
    """Tell whether the declared limit is as long already: then it is to be kept, not stretched."""
    return stage.time_limit is not None and stage.time_limit >= read_days(found.written)


def _hull(ends: list[Interval]) -> Interval:
    """Return the range from nothing to the farther end; its middle is no more than that."""
    low, high = min(0.0, *(end.low for end in ends)), max(0.0, *(end.high for end in ends))
    middle = sum(end.estimate for end in ends) / len(ends)
    return Interval(min(max(middle, low), high), low, high)


def _said(stage: Stage, one: Slowing, rank: float, times: float, wins: Interval) -> str:
    return (
        f" No other stage would gain as much by speed (in {say_percent(rank)} of the resamples), and after"
        f" {one.after_days:.0f} days in {stage.name} deals go on more slowly than before ({one.went[0]:,} stays led on"
        f" by then, {one.went[1]:,} later). A limit that four in five of the deals that go on keep may change the share"
        f" won by {100 * wins.low:+.1f} to {100 * wins.high:+.1f} points, if deals then go on at up to {times:g} times"
        " the rate: which end is true no log tells."
    )
