"""What a change of the flow would do to wins and to the days to a win: a range, and what each end of it needs."""

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
class End:
    """One end of the range."""

    belief: str
    """What must be true of the deals for it to come out so."""
    win_share: Interval
    """Change of the share of new deals that are won in time, in points (0.02: two more of a hundred)."""
    won_days: Interval
    """Change of the mean days of those that are won in time."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a change would do, between its two ends; limits hold 95 % of the resamples of the deals."""

    change: str
    ends: tuple[End, ...]
    """The lower change of wins first; one only where no belief matters."""
    base_share: float
    base_days: float
    within_days: float
    deals: int


def stage_faster(model: FlowModel, order: Sequence[str], stage: str, times: float) -> WhatIf:
    """Return what it does if stays in a stage take `times` less.

    If only the waiting shrinks, all deals meet the same fate sooner; if speed decides, they go on at that many times
    the rate and fewer are lost on the way (Prentice et al., 1978). Nothing in a log tells which.
    """
    at = model.stages.index(stage)
    chosen = np.zeros((len(model.stages), len(model.stages) + 2), dtype=bool)
    chosen[at] = onward(model.stages, order)[at]
    return _range(
        model,
        f"{stage} goes {times:g} times as fast",
        {
            "who is lost there would be lost anyway, only sooner": lambda one: hurried(one, at, times),
            "deals are lost there because it takes long": lambda one: faster(one, chosen, times),
        },
    )


def stage_removed(model: FlowModel, stage: str) -> WhatIf:
    """Return what it does if nobody stays in a stage."""
    at, states = model.stages.index(stage), len(model.stages)
    everything = range(states + 2)
    return _range(
        model,
        f"without {stage}",
        {
            "who is lost there would be lost anyway": lambda one: bypassed(one, at, everything),
            "it is the stage that loses them": lambda one: bypassed(one, at, [*range(states), states + WON]),
        },
    )


def given_up_after(model: FlowModel, stage: str, days: float) -> WhatIf:
    """Return what it does if deals that have been in a stage for so many days are given up."""
    at, states = model.stages.index(stage), len(model.stages)
    after = max(0, round(days / model.tick_days))
    return _range(
        model,
        f"deals are given up after {days:g} days in {stage}",
        {"deals go on as those did that stayed as long": lambda one: given_up(one, at, after, states + LOST)},
    )


def passed_more(model: FlowModel, order: Sequence[str], stage: str, times: float) -> WhatIf:
    """Return what it does if `times` as many of the deals in a stage go on from it, at the pace of now."""
    at, states = model.stages.index(stage), len(model.stages)
    advance = onward(model.stages, order)[at]

    def changed(one: Kernel) -> Kernel:
        exits = one.exits.copy()
        lost = exits[..., at, states + LOST, :].sum(axis=-1)
        more = exits[..., at, advance, :].sum(axis=(-1, -2)) * (times - 1)
        # More cannot go on than are lost; what goes on is taken from the losses.
        moved = np.clip(more, -np.inf, lost)
        going = exits[..., at, advance, :].sum(axis=(-1, -2))
        scale = np.divide(going + moved, going, out=np.ones_like(going), where=going > 0)
        left = np.divide(lost - moved, lost, out=np.ones_like(lost), where=lost > 0)
        exits[..., at, advance, :] *= scale[..., None, None]
        exits[..., at, states + LOST, :] *= left[..., None]
        return Kernel(exits)

    return _range(
        model,
        f"{times:g} times as many go on from {stage}",
        {"those who go on in addition do as well as the others": changed},
    )


def _range(model: FlowModel, change: str, beliefs: dict[str, Changed]) -> WhatIf:
    share, days = _wins(model.observed, model.starts)
    resampled = [(kernel, starts, _wins(kernel, starts)) for kernel, starts in model.resamples()]
    ends: list[End] = []
    for belief, changed in beliefs.items():
        new_share, new_days = _wins(changed(model.observed), model.starts)
        drawn = [(_wins(changed(kernel), starts), before) for kernel, starts, before in resampled]
        ends.append(
            End(
                belief,
                _limits(float(new_share - share), np.concatenate([after[0] - before[0] for after, before in drawn])),
                _limits(float(new_days - days), np.concatenate([after[1] - before[1] for after, before in drawn])),
            )
        )
    ends.sort(key=lambda end: end.win_share.estimate)
    scale = model.tick_days
    return WhatIf(
        change=change,
        ends=tuple(End(one.belief, one.win_share, _scaled(one.won_days, scale)) for one in ends),
        base_share=float(share),
        base_days=float(days) * scale,
        within_days=model.horizon_days,
        deals=model.deals,
    )


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


def _scaled(one: Interval, scale: float) -> Interval:
    return Interval(one.estimate * scale, one.low * scale, one.high * scale)
