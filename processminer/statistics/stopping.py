"""How long it pays to wait for units that pass from state to state: what each age still promises, by a day of waiting.

Arrays may have leading dimensions, one entry per resample, and all functions work on all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.semi_markov import ALIAS, Kernel, reached

if TYPE_CHECKING:
    from processminer.statistics.survival import Floats


def coarser(one: Kernel, points: int) -> Kernel:
    """Return the kernel on so many equal steps instead of its ticks; every length keeps its mean.

    A length between two steps is parted between them, the nearer one taking more.
    """
    at = np.arange(one.ticks) * points / (one.ticks - 1)
    low = np.minimum(np.floor(at + ALIAS).astype(int), points - 1)
    part = np.zeros((one.ticks, points + 1))
    part[np.arange(one.ticks), low] = low + 1 - at
    part[np.arange(one.ticks), low + 1] += at - low
    return Kernel(one.exits @ np.clip(part, 0.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """What units that have been in a state for longer than each age still promise; arrays of (..., states, ages)."""

    chance: Floats
    """To come to the end that pays, if they are waited for as long as is looked ahead."""
    index: Floats
    """The most by a tick of waiting: the chance over the mean ticks, for the best moment to stop waiting."""
    fresh: Floats
    """The chance of a unit that has just begun over its mean ticks, waited for to the last: (...)."""


def promise(one: Kernel, starts: Floats, pays: int, ages: int, ahead: int) -> Promise:
    """Return what units promise by state and age, 0 to `ages` - 1, if they come to the end `pays`.

    Who waits stops if the unit is still in its state some ticks later, `ahead` at most; one that has gone on by then
    is waited for until it ends, over all ticks of the kernel. That is the index of Gittins (1979) for a unit that pays
    once, without discount. NaN where no stay is known to last longer; `starts` is the share that begins in each state.
    Stays that last longer than an age are taken to be half a tick older, as they are on a grid of points (`coarser`).
    """
    ticks = one.ticks - 1
    ends = reached(one, ticks)
    alive = 1 - ends.sum(axis=-2)
    worth, days = ends[..., pays, -1], alive[..., :-1].sum(axis=-1)
    after = _behind(one.exits, ages, ahead)
    paid = np.cumsum(
        after[..., one.states + pays, :] + np.einsum("...saju,...j->...sau", after[..., : one.states, :], worth),
        axis=-1,
    )
    later = np.cumsum(np.einsum("...saju,...j->...sau", after[..., : one.states, :], days), axis=-1)
    gone = np.cumsum(after.sum(axis=-2), axis=-1)
    left = one.staying[..., :ages, None]
    here = np.concatenate((left, np.clip(left - gone, 0.0, None)), axis=-1)
    waited = np.cumsum((here[..., 1:] + here[..., :-1]) / 2, axis=-1) + later
    known = left[..., 0] > ALIAS
    return Promise(
        chance=np.where(known, paid[..., -1] / np.maximum(left[..., 0], ALIAS), np.nan),
        index=np.where(known, (paid / np.maximum(waited, ALIAS)).max(axis=-1), np.nan),
        fresh=np.einsum("...s,...s->...", starts, worth) / np.maximum(np.einsum("...s,...s->...", starts, days), ALIAS),
    )


def _behind(exits: Floats, ages: int, ticks: int) -> Floats:
    """Return the exits 1 to `ticks` ticks behind each age: (..., states, ages, targets, ticks)."""
    beyond = max(0, ages + ticks - exits.shape[-1])
    padded = np.concatenate((exits, np.zeros((*exits.shape[:-1], beyond))), axis=-1)
    windows = np.lib.stride_tricks.sliding_window_view(padded[..., 1:], ticks, axis=-1)[..., :ages, :]
    return np.swapaxes(windows, -2, -3)
