"""What changes of the flow would do to wins and to the days to a win: a range, and what each end of it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.estimates.flow.gain import onward
from processminer.estimates.flow.model import LOST, TICKS, WON
from processminer.statistics.interval import Interval
from processminer.statistics.semi_markov import Kernel, bypassed, faster, given_up, hurried, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from processminer.estimates.flow.model import FlowModel
    from processminer.statistics.survival import Floats

    Changed = Callable[[Kernel], Kernel]


@dataclass(frozen=True, slots=True)
class Belief:
    """What must be true of the deals for a change to work in one way."""

    said: str
    changed: Changed


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the flow, with one belief or two; nothing in a log tells which of two is true."""

    said: str
    beliefs: tuple[Belief, ...]
    times_begun: float = 1.0
    """So many times as many deals begin."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of the range."""

    beliefs: tuple[str, ...]
    """What must be true of the deals for it to come out so, one for each change."""
    win_share: Interval
    """Change of the share of new deals that are won in time, in points (0.02: two more of a hundred)."""
    won_days: Interval
    """Change of the mean days of those that are won in time."""
    wins: Interval
    """Change of the wins of those that begin in a month of 30 days."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What changes would do together, between two ends; limits hold 95 % of the resamples of the deals."""

    changes: tuple[str, ...]
    ends: tuple[End, ...]
    """The lower change of wins first; one only where no belief matters."""
    base_share: float
    base_days: float
    base_wins: float
    """Of the deals that begin in a month of 30 days."""
    within_days: float
    deals: int


def stage_faster(model: FlowModel, order: Sequence[str], stage: str, times: float) -> Change:
    """Return the change by which stays in a stage take `times` less.

    If only the waiting shrinks, all deals meet the same fate sooner; if speed decides, they go on at that many times
    the rate and fewer are lost on the way (Prentice et al., 1978).
    """
    at = model.stages.index(stage)
    chosen = np.zeros((len(model.stages), len(model.stages) + 2), dtype=bool)
    chosen[at] = onward(model.stages, order)[at]
    return Change(
        f"deals go on from {stage} {times:g} times as fast",
        (
            Belief(f"who is lost in {stage} would be lost anyway, only sooner", lambda one: hurried(one, at, times)),
            Belief(f"deals are lost in {stage} because it takes long", lambda one: faster(one, chosen, times)),
        ),
    )


def stage_removed(model: FlowModel, order: Sequence[str], stage: str) -> Change:
    """Return the change by which nobody stays in a stage, nor goes back from it: who comes to it goes on at once."""
    at, states = model.stages.index(stage), len(model.stages)
    ahead = np.flatnonzero(onward(model.stages, order)[at]).tolist()
    return Change(
        f"there is no {stage}",
        (
            Belief(
                f"who is lost in {stage} would be lost anyway", lambda one: bypassed(one, at, [*ahead, states + LOST])
            ),
            Belief(
                f"it is {stage} that loses them, and who is spared it does as well as the others",
                lambda one: bypassed(one, at, ahead),
            ),
        ),
    )


def given_up_after(model: FlowModel, stage: str, days: float) -> Change:
    """Return the change by which deals that have been in a stage for so many days are given up."""
    at, states = model.stages.index(stage), len(model.stages)
    after = max(0, round(days / model.tick_days))
    return Change(
        f"deals are given up after {days:g} days in {stage}",
        (
            Belief(
                f"deals in {stage} would have gone on as those did that stayed as long",
                lambda one: given_up(one, at, after, states + LOST),
            ),
        ),
    )


def passed_more(model: FlowModel, order: Sequence[str], stage: str, times: float) -> Change:
    """Return the change by which `times` as many of the deals in a stage go on from it, at the pace of now."""
    at, states = model.stages.index(stage), len(model.stages)
    advance = onward(model.stages, order)[at]

    def changed(one: Kernel) -> Kernel:
        exits = one.exits.copy()
        lost = exits[..., at, states + LOST, :].sum(axis=-1)
        going = exits[..., at, advance, :].sum(axis=(-1, -2))
        # More cannot go on than are lost; what goes on is taken from the losses.
        moved = np.clip(going * (times - 1), -np.inf, lost)
        scale = np.divide(going + moved, going, out=np.ones_like(going), where=going > 0)
        left = np.divide(lost - moved, lost, out=np.ones_like(lost), where=lost > 0)
        exits[..., at, advance, :] *= scale[..., None, None]
        exits[..., at, states + LOST, :] *= left[..., None]
        return Kernel(exits)

    return Change(
        f"{times:g} times as many go on from {stage}",
        (Belief(f"those who go on from {stage} in addition do as well as the others", changed),),
    )


def more_begun(times: float) -> Change:
    """Return the change by which so many times as many deals begin."""
    said = "the deals that begin in addition are like the others, and there are people enough for all of them"
    return Change(f"{times:g} times as many deals begin", (Belief(said, lambda one: one),), times)


def what_if(model: FlowModel, changes: Sequence[Change], begun_a_day: float = 0.0) -> WhatIf:
    """Return what all the changes do together: predicted together, in their order, since effects do not add up.

    The ends are where for each change the belief holds by which it does least, and most.
    """
    share, days = _wins(model.observed, model.starts)
    a_month = 30 * begun_a_day
    times = float(np.prod([change.times_begun for change in changes]))
    # Each resample is changed as the observed deals are, and compared with itself.
    resampled = [(kernel, starts, _wins(kernel, starts)) for kernel, starts in model.resamples()]
    ends: list[End] = []
    for beliefs in _ends(model, changes):
        new_share, new_days = _wins(_all(beliefs, model.observed), model.starts)
        drawn = [(_wins(_all(beliefs, kernel), starts), before) for kernel, starts, before in resampled]
        shares = np.concatenate([after[0] for after, _ in drawn]), np.concatenate([before[0] for _, before in drawn])
        scale = model.tick_days
        ends.append(
            End(
                beliefs=tuple(belief.said for belief in beliefs),
                win_share=_limits(float(new_share - share), shares[0] - shares[1]),
                won_days=_limits(
                    float(new_days - days) * scale,
                    np.concatenate([after[1] - before[1] for after, before in drawn]) * scale,
                ),
                wins=_limits(a_month * float(times * new_share - share), a_month * (times * shares[0] - shares[1])),
            )
        )
    return WhatIf(
        changes=tuple(change.said for change in changes),
        ends=tuple(sorted(ends, key=lambda end: end.wins.estimate if a_month else end.win_share.estimate)),
        base_share=float(share),
        base_days=float(days) * model.tick_days,
        base_wins=a_month * float(share),
        within_days=model.horizon_days,
        deals=model.deals,
    )


def _ends(model: FlowModel, changes: Sequence[Change]) -> list[tuple[Belief, ...]]:
    """Return the beliefs of the lower end and of the upper one; a single set where no change has two."""
    ranked = [
        sorted(change.beliefs, key=lambda belief: float(_wins(belief.changed(model.observed), model.starts)[0]))
        for change in changes
    ]
    if all(len(beliefs) == 1 for beliefs in ranked):
        return [tuple(beliefs[0] for beliefs in ranked)]
    return [tuple(beliefs[0] for beliefs in ranked), tuple(beliefs[-1] for beliefs in ranked)]


def _all(beliefs: Sequence[Belief], one: Kernel) -> Kernel:
    for belief in beliefs:
        one = belief.changed(one)
    return one


def _wins(kernel: Kernel, starts: Floats) -> tuple[Floats, Floats]:
    """Return the share won within the horizon, and the mean ticks of those (0 where none is)."""
    by_time = np.einsum("...s,...st->...t", starts, reached(kernel, TICKS)[..., WON, :])
    share: Floats = by_time[..., -1]
    # Who is won by t has not waited on: what is left of the area above the curve is the time to a win.
    area = (share[..., None] - by_time[..., :-1]).sum(axis=-1)
    days: Floats = np.divide(area, share, out=np.zeros_like(share), where=share > 0)
    return share, days


def _limits(estimate: float, drawn: Floats) -> Interval:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(estimate, min(float(low), estimate), max(float(high), estimate))
