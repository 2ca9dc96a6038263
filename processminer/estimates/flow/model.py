"""The deals of a log as a semi-Markov process, once as they are and many times resampled."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.statistics.semi_markov import kernel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import numpy.typing as npt

    from processminer.log.eventlog import EventLog
    from processminer.statistics.semi_markov import Kernel
    from processminer.statistics.survival import Floats

    Whole = npt.NDArray[np.int64]

TICKS = 365
"""Into so many ticks a horizon is parted: of a year, days; a finer grid moves no figure by a tenth of a point."""

ENOUGH_WON = 10
"""With fewer deals won, their times say too little to choose a horizon by them."""

USUAL_DAYS = 180.0
"""The horizon where too few were won to choose one."""

MOST_DAYS = 365.0
"""A longer horizon asks of a log how deals of years ago would do today."""

GROUPS = 400
"""Deals are resampled in so many groups at most: more of them change no interval that can be read, and cost memory."""

RESAMPLES = 200
"""Enough for limits of 95 %, of which five lie beyond on each side."""

CELLS_AT_ONCE = 4_000_000
"""Of all kernels that are held at once: some hundred megabytes with what solving them takes."""

SEED = 20_260_101

DAY = 86_400_000_000
"""Microseconds."""

WON, LOST = 0, 1
"""The ends, in the order of the kernel's last targets."""


@dataclass(frozen=True, slots=True, eq=False)
class FlowModel:
    """Stages as states, won and lost as ends; times in ticks of `tick_days`."""

    stages: tuple[str, ...]
    """Open stages that deals were in, in the log's order."""
    observed: Kernel
    starts: Floats
    """The share of deals that begin in each stage."""
    deals: int
    """Deals whose beginning was seen."""
    stays: int
    open: int
    """Stays that had not ended at `as_of`."""
    tick_days: float
    horizon_days: float
    followed: Floats
    """Stays that lasted at least as long: by stage and tick."""
    groups: Groups
    priced: Priced

    def by_worth(self) -> FlowModel | None:
        """Return the model in which a deal counts as often as it is worth, of deals whose amount is known.

        Its shares are shares of the value: to those of all deals they stand as value won to deals won. Resamples draw
        the same deals as this model's. None where no deal that is worth anything was seen to begin.
        """
        return self._of(self.priced.groups)

    def of_priced(self) -> FlowModel | None:
        """Return the model of the deals whose amount is known, each counted once: beside it `by_worth` shows what
        amounts change, and not who has one. None where no such deal was seen to begin.
        """
        return self._of(self.priced.counted)

    def _of(self, groups: Groups) -> FlowModel | None:
        if groups.begun.sum() <= 0:
            return None
        stays = groups.table(np.ones(len(groups.begun)), math.prod(self._shape)).reshape(self._shape)
        return replace(
            self,
            observed=_kernel(stays),
            followed=_at_risk(stays),
            starts=_shares(groups.begun.sum(axis=0)),
            deals=round(self.priced.deals.sum()),
            groups=groups,
        )

    @property
    def _shape(self) -> tuple[int, int, int]:
        return len(self.stages), len(self.stages) + 3, TICKS + 1

    def resamples(self, many: int = RESAMPLES) -> Iterator[tuple[Kernel, Floats]]:
        """Yield kernels and starts of resampled deals (Efron, 1979), some at a time: each has a leading dimension.

        Deals are drawn, not stays, since the stays of a deal belong together.
        """
        shape = self._shape
        at_once = max(1, CELLS_AT_ONCE // math.prod(shape))
        weights = self.draws(many)
        for first in range(0, many, at_once):
            drawn = weights[first : first + at_once]
            stays = np.stack([self.groups.table(each, math.prod(shape)) for each in drawn])
            yield _kernel(stays.reshape(-1, *shape)), _shares(drawn @ self.groups.begun)

    def draws(self, many: int = RESAMPLES) -> Floats:
        """Return how often each group of deals is there, by resample, in the order of `resamples`."""
        groups = len(self.groups.begun)
        drawn = np.random.default_rng(SEED).multinomial(groups, np.full(groups, 1 / groups), size=many)
        return drawn.astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """What each group of deals did: the unit of resampling."""

    group: Whole
    cell: Whole
    """Where stage, target and length are found in the flattened table; the last target stands for not gone yet."""
    stays: Floats
    """How many stays the group has there: three arrays of equal length."""
    begun: Floats
    """Deals that began, by group and stage."""

    def table(self, weights: Floats, cells: int) -> Floats:
        """Return the stays by cell if each group is there so many times."""
        return np.bincount(self.cell, weights[self.group] * self.stays, minlength=cells).astype(np.float64, copy=False)


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """The same groups, of the deals whose amount is known in the currency of most deals."""

    groups: Groups
    """Each deal counted as often as it is worth."""
    counted: Groups
    """Each deal counted once."""
    deals: Floats
    """By group, those that began."""


def usual_horizon(log: EventLog) -> float:
    """Return within how many whole days nine in ten wins came; at most a year, and half a year where few were won."""
    won, days = log.relations.row(read_sql("processminer.estimates.flow", "usual_horizon.sql"), {})
    return min(MOST_DAYS, max(1.0, math.ceil(days))) if won >= ENOUGH_WON else USUAL_DAYS


def flow_model(log: EventLog, horizon_days: float, as_of: datetime | None = None) -> FlowModel | None:
    """Return the model of a log up to a horizon, or None where no stay has a length.

    `as_of` is the moment from which it is seen, the log's own by default: what came later counts for nothing.

    Stays whose true begin or end is not known are left out; open ones are censored, and those seen only from some age
    on are at risk only from then on (delayed entry). Resamples are seeded: the same log
    gives the same ones, whatever the order of its rows and the names of its deals.
    """
    days = min(horizon_days, MOST_DAYS)
    if days <= 0:
        return None
    cells = _cells(log, days / TICKS, log.as_of if as_of is None else as_of)
    codes = [code for code, stage in enumerate(log.stages) if stage.kind == "open" and np.any(cells[:, 1] == code)]
    if not codes:
        return None
    groups, priced = _groups(log, cells, codes)
    shape = (len(codes), len(codes) + 3, TICKS + 1)
    stays = groups.table(np.ones(len(groups.begun)), math.prod(shape)).reshape(shape)
    return FlowModel(
        stages=tuple(log.stages[code].name for code in codes),
        observed=_kernel(stays),
        followed=_at_risk(stays),
        starts=_shares(groups.begun.sum(axis=0)),
        deals=round(groups.begun.sum()),
        stays=int(cells[cells[:, 2] >= -1, 4].sum()),
        open=int(cells[cells[:, 2] == -1, 4].sum()),
        tick_days=days / TICKS,
        horizon_days=days,
        groups=groups,
        priced=priced,
    )


def _cells(log: EventLog, tick_days: float, as_of: datetime) -> Floats:
    """Return rows of group, stage, target, length in ticks, stays, and deals that began with it.

    Target -1 stands for not gone yet, -2 for stays to be taken off: they were not seen before that length.

    Then what the stays are worth, those deals are worth, how many of them have an amount, and how many of the stays.
    """
    values = {
        "as_of": as_of.replace(tzinfo=None),
        "groups": GROUPS,
        "tick": tick_days * DAY,
        "ticks": TICKS,
    }
    rows = log.relations.rows(read_sql("processminer.estimates.flow", "stays_by_group.sql"), values)
    return np.array(rows, dtype=np.float64).reshape(-1, 10)


def _groups(log: EventLog, cells: Floats, codes: list[int]) -> tuple[Groups, Priced]:
    states = len(codes)
    place = {code: at for at, code in enumerate(codes)}
    ends = {code: states + (WON if stage.kind == "won" else LOST) for code, stage in enumerate(log.stages)}
    # A stage that only untimed stays were in cannot be passed through; who went there was last seen before.
    target = np.array(
        [place.get(code, ends[code] if log.stages[code].kind != "open" else -1) for code in range(len(log.stages))]
    )
    grp, stage, to, length = cells[:, :4].T.astype(np.int64)
    stays, begun, worth, worth_begun, priced, priced_stays = cells[:, 4:].T
    gone = np.where(to >= 0, target[to], -1)
    column = np.ravel_multi_index(
        (np.array([place[code] for code in stage]), np.where(gone >= 0, gone, states + 2), length),
        (states, states + 3, TICKS + 1),
    )
    many, where = int(grp.max()) + 1, np.array([place[code] for code in stage])

    def entered(deals: Floats) -> Floats:
        found = np.zeros((many, states))
        np.add.at(found, (grp, where), deals)
        return found

    valued = Groups(grp, column, worth, entered(worth_begun))
    counted = Groups(grp, column, priced_stays, entered(priced))
    told = Priced(valued, counted, np.bincount(grp, priced, many).astype(np.float64))
    return Groups(grp, column, stays, entered(begun)), told


def _kernel(stays: Floats) -> Kernel:
    """Return the kernel of counts by stage, target (the last one: not gone yet) and length.

    Stays that lasted beyond the horizon are counted at its last tick, where they are still at risk and do not leave.
    """
    exits = stays[..., :-1, :].copy()
    exits[..., -1] = 0.0
    return kernel(exits, _at_risk(stays))


def _at_risk(stays: Floats) -> Floats:
    lasted: Floats = np.cumsum(stays.sum(axis=-2)[..., ::-1], axis=-1)[..., ::-1]
    return lasted


def _shares(begun: Floats) -> Floats:
    total = begun.sum(axis=-1, keepdims=True)
    share: Floats = np.divide(begun, total, out=np.zeros_like(begun), where=total > 0)
    return share
