"""How many elements of a criterion are enough to go on: what deals with more of them bring, and what others cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.conditions.fields import put_fields
from processminer.statistics.doubly_robust import FOLDS, mean_by_cluster
from processminer.statistics.proportions import wilson
from processminer.statistics.pseudo_values import pseudo_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.estimates.conditions.fields import Tracked
    from processminer.log.eventlog import EventLog
    from processminer.statistics.doubly_robust import Counts, Flags
    from processminer.statistics.estimated import Estimated
    from processminer.statistics.interval import Interval
    from processminer.statistics.survival import Floats

PACKAGE = "processminer.estimates.conditions"

WORTH = 0.5
"""A day on a deal must bring half of what days on deals bring on average: freed days are never used as well as that."""

LARGE = 0.95
"""Amounts above this quantile count as it: one large deal must not decide what is asked of all."""

PRICED = 0.8
"""Of the deals, so many must have an amount for amounts to count; else every deal is worth the same."""

FEWEST_WON = 20
"""With fewer wins, what deals bring says too little."""

SEED = 20120512
"""Deals are dealt out to folds by it; any number would do."""


@dataclass(frozen=True, slots=True)
class ThresholdAsked:
    """A criterion of which so many elements are enough, each shown by a field whose value is known at any moment."""

    stage: str
    """As the log calls it."""
    criterion: str
    fields: tuple[Tracked, ...]
    needed: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """How deals that went on from a stage did, by how many elements of its criterion were there."""

    stage: str
    criterion: str
    needed: int
    """As the playbook has it."""
    deals: tuple[int, ...]
    """That went on with 0, 1, ... elements there."""
    won: tuple[float, ...]
    """The share of them won within the horizon, open deals counted as far as they were followed; 0 of none."""
    best: int
    """The smallest number that brings as much as the one that brings most, within one standard error."""
    better: Estimated
    """What asking for the best number brings beyond asking for `needed`, as a share of what a deal brings on average;
    the number was chosen on other deals than it is measured on."""
    stopped: int
    """Deals that went on and would not have, or, with a negative sign, that would be let go on."""
    stopped_won: Interval
    """The share of the deals that went on that are both of these and won."""
    rest_won: float
    """The share won among those that have the best number."""
    horizon_days: int


def thresholds(log: EventLog, asked: Sequence[ThresholdAsked]) -> tuple[Threshold, ...]:
    """Return what other numbers of elements would bring, in the order asked; criteria of a few wins are left out.

    A deal that is stopped brings nothing and costs nothing more; one that goes on brought what it brought. So the value
    of every number is seen, and no comparison has to be made. Needs `stays` and `owner_numbers`.
    """
    found = (_threshold(log, one) for one in asked)
    return tuple(one for one in found if one is not None)


def _threshold(log: EventLog, asked: ThresholdAsked) -> Threshold | None:
    put_fields(log, [(asked.stage, one) for one in asked.fields])
    told = log.relations.numbers(read_sql(PACKAGE, "elements_met.sql"), {"as_of": log.as_of.replace(tzinfo=None)})
    elements, cause = told["elements"].astype(np.int64), told["cause"].astype(np.int64)
    days = told["days"].astype(np.int64)
    if (cause == 1).sum() < FEWEST_WON:
        return None
    horizon = int(np.ceil(np.quantile(days[cause == 1], 0.9)))
    won = pseudo_values(days, cause, horizon).values
    brought = _brought(won, told["amount"], np.minimum(days, horizon).astype(np.float64))
    best = _smallest_good(elements, brought, len(asked.fields))
    gain = _out_of_fold(elements, brought, asked.needed, len(asked.fields))
    low, high = sorted((best, asked.needed))
    moved: Flags = (elements >= low) & (elements < high)
    return Threshold(
        stage=asked.stage,
        criterion=asked.criterion,
        needed=asked.needed,
        deals=tuple(int((elements == number).sum()) for number in range(len(asked.fields) + 1)),
        won=tuple(_mean(won, elements == number) for number in range(len(asked.fields) + 1)),
        best=best,
        better=mean_by_cluster(gain, told["owner"].astype(np.int64)),
        stopped=int(moved.sum()) * (1 if best > asked.needed else -1),
        stopped_won=wilson(int((moved & (cause == 1)).sum()), len(moved)),
        rest_won=_mean(won, elements >= best),
        horizon_days=horizon,
    )


def _brought(won: Floats, amount: Floats, days: Floats) -> Floats:
    """Return what each deal brought less what its days cost, in shares of what a deal brings on average."""
    known = (amount > 0).mean() >= PRICED
    worth = np.minimum(amount, np.quantile(amount[amount > 0], LARGE)) if known else np.ones(len(won))
    value = won * worth
    rate = max(float(value.sum()), 0.0) / float(days.sum())
    said: Floats = (value - WORTH * rate * days) / max(float(value.mean()), 1e-12)
    return said


def _smallest_good(elements: Counts, brought: Floats, most: int) -> int:
    values = [np.where(elements >= number, brought, 0.0) for number in range(1, most + 1)]
    top = max(values, key=lambda one: float(one.mean()))
    for number, one in enumerate(values, start=1):
        less = top - one
        if less.mean() <= less.std() / np.sqrt(len(less)):
            return number
    return most


def _out_of_fold(elements: Counts, brought: Floats, needed: int, most: int) -> Floats:
    """Return for each deal what the number chosen on the others' folds brings beyond the number needed now."""
    fold = np.random.default_rng(SEED).permutation(len(elements)) % FOLDS
    gain = np.zeros(len(elements))
    for one in range(FOLDS):
        here: Flags = fold == one
        best = _smallest_good(elements[~here], brought[~here], most)
        gain[here] = brought[here] * ((elements[here] >= best).astype(np.float64) - (elements[here] >= needed))
    return gain


def _mean(values: Floats, which: Flags) -> float:
    return float(values[which].mean()) if which.any() else 0.0
