"""What becomes of units that pass from state to state until they end, each stay taking a time of its own, and when.

A semi-Markov process (Lévy, 1954; Smith, 1955) on a grid of equal ticks, solved in closed form: no path is simulated.
Arrays may have leading dimensions, one entry per resample, and all functions work on all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from processminer.statistics.survival import Floats

    Complexes = npt.NDArray[np.complex128]

ALIAS = 1e-8
"""What the circular convolution may add to a share: far below any sampling error. Rounding adds as much."""


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """The chance that a stay lasts so many ticks and then leads to such a target.

    `exits` has the shape (..., states, targets, ticks); the targets are the states, in their order, and then the ends.
    What is missing to 1 over all targets and ticks is the share of stays whose end was never seen.
    """

    exits: Floats

    @property
    def states(self) -> int:
        """How many states there are."""
        return int(self.exits.shape[-3])

    @property
    def ends(self) -> int:
        """How many ends there are."""
        return int(self.exits.shape[-2]) - self.states

    @property
    def ticks(self) -> int:
        """How many lengths of a stay are told apart: 0 up to one less than this."""
        return int(self.exits.shape[-1])

    @property
    def shares(self) -> Floats:
        """How often each state leads to each target, whenever: (..., states, targets)."""
        total: Floats = self.exits.sum(axis=-1)
        return total

    @property
    def staying(self) -> Floats:
        """The share of stays that last longer than each tick: (..., states, ticks)."""
        share: Floats = 1 - np.cumsum(self.exits.sum(axis=-2), axis=-1)
        return np.clip(share, 0.0, 1.0)


def kernel(exits: Floats, at_risk: Floats) -> Kernel:
    """Return the kernel of counted stays, those not ended included (Aalen & Johansen, 1978).

    `exits` counts the stays in a state that led to a target after so many ticks: (..., states, targets, ticks);
    `at_risk` those that had lasted as long, ended or not: (..., states, ticks). Without anybody at risk nothing leaves.
    """
    hazards = np.divide(
        exits, at_risk[..., None, :], out=np.zeros(np.broadcast_shapes(exits.shape)), where=at_risk[..., None, :] > 0
    )
    return _of_hazards(hazards)


def _of_hazards(hazards: Floats) -> Kernel:
    stays_on: Floats = np.clip(1 - hazards.sum(axis=-2), 0.0, 1.0)
    return Kernel(hazards * _before(np.cumprod(stays_on, axis=-1, dtype=np.float64))[..., None, :])


def _before(staying: Floats) -> Floats:
    """Return the share that had not left before each tick, from the share that had not left after it."""
    return np.concatenate((np.ones(staying[..., :1].shape), staying[..., :-1]), axis=-1)


def hazards_of(one: Kernel) -> Floats:
    """Return the chance to leave to each target at a tick, of those who are still there: as `Kernel.exits`."""
    before = _before(one.staying)[..., None, :]
    hazards: Floats = np.divide(one.exits, before, out=np.zeros_like(one.exits), where=before > ALIAS)
    return hazards


def faster(one: Kernel, chosen: npt.NDArray[np.bool_], times: float) -> Kernel:
    """Return the kernel in which stays leave to the chosen targets (states, targets) at so many times the rate.

    Rates to other targets stay what they are, so that fewer units get there: the competing risks of Prentice et al.
    (1978). On the grid a chance h becomes 1 - (1 - h) ** times, parted among the targets as before.
    """
    hazards = hazards_of(one)
    before = np.where(chosen[..., None], hazards, 0.0).sum(axis=-2)
    room = np.clip(1 - (hazards.sum(axis=-2) - before), 0.0, 1.0)
    after = np.minimum(1 - np.clip(1 - before, 0.0, 1.0) ** times, room)
    scale = np.divide(after, before, out=np.ones_like(before), where=before > 0)
    return _of_hazards(np.where(chosen[..., None], hazards * scale[..., None, :], hazards))


def hurried(one: Kernel, state: int, times: float) -> Kernel:
    """Return the kernel in which stays of a state take as many times less, and lead where they led before."""
    cumulated = np.cumsum(one.exits[..., state, :, :], axis=-1)
    reach = np.minimum((np.arange(1, one.ticks + 1) * times), one.ticks)
    low = np.floor(reach).astype(int)
    rest = reach - low
    padded = np.concatenate((np.zeros_like(cumulated[..., :1]), cumulated), axis=-1)
    moved = padded[..., low] + rest * (padded[..., np.minimum(low + 1, one.ticks)] - padded[..., low])
    exits = one.exits.copy()
    exits[..., state, :, :] = np.diff(moved, axis=-1, prepend=0.0)
    return Kernel(exits)


def bypassed(one: Kernel, state: int, keeps: Sequence[int]) -> Kernel:
    """Return the kernel in which nobody stays in a state: whoever came to it goes at once where its stays led.

    Targets in `keeps` are still reached from it; what led to others goes, in proportion, to those instead. With all
    targets kept the state costs no time any more; without the ends that lose, nobody is lost there either.
    """
    out = one.shares[..., state, :].copy()
    out[..., state] = 0.0
    kept = np.zeros(out.shape[-1], dtype=bool)
    kept[list(keeps)] = True
    share = np.where(kept, out, 0.0)
    total = share.sum(axis=-1, keepdims=True)
    share = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    exits = one.exits.copy()
    into = exits[..., :, state, :].copy()
    exits[..., :, state, :] = 0.0
    exits += into[..., :, None, :] * share[..., None, :, None]
    exits[..., state, :, :] = 0.0
    exits[..., state, :, 0] = share
    return Kernel(exits)


def given_up(one: Kernel, state: int, after: int, end: int) -> Kernel:
    """Return the kernel in which stays that have lasted `after` ticks go to an end at that tick."""
    exits = one.exits.copy()
    if after >= one.ticks:
        return Kernel(exits)
    left = 1 - exits[..., state, :, :after].sum(axis=(-1, -2))
    exits[..., state, :, after:] = 0.0
    exits[..., state, end, after] = np.clip(left, 0.0, 1.0)
    return Kernel(exits)


def reached(one: Kernel, ticks: int) -> Floats:
    """Return the chance to have come to each end within 0, 1, ... `ticks` ticks of entering each state.

    The shape is (..., states, ends, ticks + 1). Markov renewal equation (Pyke, 1961): F(t) is the chance of ending
    directly by t, plus that of moving on at u and ending within t - u from there. It is solved for all times at once
    by Fourier transforms of the kernel damped by r ** t, which keeps what wraps around below `ALIAS` (Abate & Whitt,
    1992).
    """
    spectrum = _spectrum(one.exits, ticks)
    inverse, ends = _inverse(spectrum[:, : one.states]), spectrum[:, one.states :]
    return np.moveaxis(_in_time(np.einsum("ij...,je...->ie...", inverse, ends), ticks), (0, 1), (-3, -2))


def reached_if(one: Kernel, rows: Floats, starts: Floats, end: int, ticks: int) -> Floats:
    """Return the chance to have come to an end within `ticks` ticks, if one state at a time had other exits.

    `rows` has the shape of `one.exits` and holds for each state its exits in the case that it alone is changed;
    `starts` is the share that begins in each state: (..., states). The shape is (..., states + 1): the unchanged
    process comes last. One inverse serves all cases (Sherman & Morrison, 1950).
    """
    states = one.states
    before, change = _spectrum(one.exits, ticks), _spectrum(rows - one.exits, ticks)
    inverse = _inverse(before[:, :states])
    begins = np.moveaxis(starts, -1, 0)[..., None]
    as_is = np.einsum("ij...,j...->i...", inverse, before[:, states + end])
    begun = np.einsum("i...,ij...->j...", begins, inverse)
    gained = change[:, states + end] + np.einsum("sj...,j...->s...", change[:, :states], as_is)
    kept = 1 - np.einsum("sj...,js...->s...", change[:, :states], inverse)
    whole = np.einsum("i...,i...->...", begins, as_is)[None]
    by_time = _in_time(np.concatenate((whole + begun * gained / kept, whole)), ticks)
    return np.moveaxis(by_time[..., -1], 0, -1)


def _spectrum(exits: Floats, ticks: int) -> Complexes:
    """Return the transform of damped exits: (states, targets, ..., frequencies)."""
    used = min(exits.shape[-1], ticks + 1)
    damped = np.moveaxis(exits[..., :used], (-3, -2), (0, 1)) * _damping(ticks)[:used]
    spectrum = np.fft.rfft(damped, n=_length(ticks), axis=-1)
    return np.ascontiguousarray(spectrum).astype(np.complex128, copy=False)


def _inverse(moves: Complexes) -> Complexes:
    """Return the inverse of 1 - moves (states, states, ...), all frequencies and resamples at once.

    Gauss and Jordan's elimination in place. It needs no exchange of rows: damped exits of a state sum to less than 1,
    so that each diagonal entry outweighs its row.
    """
    inverse = -moves
    states = range(len(inverse))
    for state in states:
        inverse[state, state] += 1
    for pivot in states:
        scale = 1 / inverse[pivot, pivot]
        inverse[pivot, pivot] = 1
        inverse[pivot] *= scale
        for row in states:
            if row != pivot:
                factor = inverse[row, pivot].copy()
                inverse[row, pivot] = 0
                inverse[row] -= factor * inverse[pivot]
    return inverse


def _in_time(spectrum: Complexes, ticks: int) -> Floats:
    """Return cumulated shares at 0 to `ticks` from the transform of their damped steps."""
    steps = np.fft.irfft(spectrum, n=_length(ticks), axis=-1)[..., : ticks + 1] / _damping(ticks)
    share: Floats = np.clip(np.cumsum(steps, axis=-1), 0.0, 1.0)
    return share


def _damping(ticks: int) -> Floats:
    damping: Floats = ALIAS ** (np.arange(ticks + 1, dtype=np.float64) / _length(ticks))
    return damping


def _length(ticks: int) -> int:
    """Return at how many points to transform: all ticks, and a length of small factors, which is quick."""
    return -(-(ticks + 1) // 32) * 32


def reached_from(one: Kernel, ends: Floats, ticks: int) -> Floats:
    """Return the chance of a unit to come to each end within `ticks` more, for each state and ticks spent in it so far.

    `ends` is what `reached` gave for at least as many ticks. The shape is (..., states, ages, ends), with an age per
    tick of the kernel; NaN where no stay was ever seen to last that long, since then nothing is known.
    """
    states, ages = one.states, one.ticks
    length = ages + ticks
    # Behind age a, u more ticks bring a unit to another state with ticks - u left: a convolution, read at a + ticks.
    later = np.fft.rfft(ends[..., :ticks], n=length, axis=-1)
    moving = np.fft.rfft(one.exits[..., :states, :], n=length, axis=-1)
    onward = np.fft.irfft(np.einsum("...sjf,...jef->...sef", moving, later), n=length, axis=-1)
    gone = np.cumsum(one.exits[..., states:, :], axis=-1)
    known = np.concatenate((gone, np.repeat(gone[..., -1:], ticks, axis=-1)), axis=-1)
    direct = known[..., ticks:] - gone
    left = one.staying[..., :, None, :]
    share = np.divide(direct + onward[..., ticks:], left, out=np.full(np.shape(direct), np.nan), where=left > ALIAS)
    chance: Floats = np.clip(np.swapaxes(share, -1, -2), 0.0, 1.0)
    return chance


def visits(one: Kernel) -> Floats:
    """Return how often a unit that enters a state comes to each state before it ends: (..., states, states).

    The fundamental matrix of an absorbing chain (Kemeny & Snell, 1960), of the moves whose end was seen.
    """
    among = one.shares[..., : one.states]
    found: Floats = np.linalg.inv(np.eye(one.states) - among).astype(np.float64)
    return found


def stay(one: Kernel, most: int) -> Floats:
    """Return the mean length of a stay in each state, counting no more than `most` ticks: (..., states).

    A stay of u ticks counts u: shift by half a tick where ticks stand for their middle.
    """
    mean: Floats = one.staying[..., :most].sum(axis=-1)
    return mean
