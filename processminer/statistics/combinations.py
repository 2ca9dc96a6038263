"""What a combination of two traits brings beyond what the two bring each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.doubly_robust import mean_by_cluster

if TYPE_CHECKING:
    from processminer.statistics.estimated import Estimated
    from processminer.statistics.pseudo_values import Counts
    from processminer.statistics.survival import Floats

OWN = 0.25
"""Of a combination's units, so many must be left once its parts and groups are held equal: else nothing is its own."""


@dataclass(frozen=True, slots=True)
class Excess:
    """One combination: its level of the one trait and of the other, as numbered by the caller."""

    one: int
    other: int
    units: int
    mean: float
    """Of its outcomes."""
    beyond: Estimated
    """How far they lie from what all other combinations promise, if the two traits add up; groups held equal."""


def excesses(outcome: Floats, one: Counts, other: Counts, group: Counts, fewest: int) -> tuple[Excess, ...]:
    """Return what each combination of at least `fewest` units brings beyond its parts, in the order of levels.

    The coefficient of the combination beside additive levels and a level for each group, by partialling out (Frisch &
    Waugh, 1933; Lovell, 1963). Errors count groups, by what each adds to the coefficient with the residuals of the
    additive fit: in a small combination without a single win, or with nothing else, they do not vanish, as those of
    its own fit would. Combinations that are a whole level, or one group's own, are left out.
    """
    kinds, place = np.unique(np.column_stack([group, one, other]), axis=0, return_inverse=True)
    place = place.reshape(-1)
    units = np.bincount(place).astype(np.float64)
    level = np.bincount(place, outcome) / units
    cells, cell = np.unique(kinds[:, 1:], axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    held = np.concatenate([_flags(kinds[:, 1]), _flags(kinds[:, 2])], axis=1)
    columns = np.column_stack([level, _flags(cell)])
    owner = np.unique(kinds[:, 0], return_inverse=True)[1].reshape(-1)
    left = _partialled(_within(columns, owner, units), _within(held, owner, units), units)
    unexplained = outcome - level[place] + left[place, 0]
    cluster = np.unique(group, return_inverse=True)[1].reshape(-1).astype(np.int64)
    found: list[Excess] = []
    for number, (first, second) in enumerate(cells.tolist()):
        own, here = left[:, 1 + number], cell == number
        many, weight = float(units[here].sum()), float(units @ own**2)
        if many >= fewest and weight >= OWN * fewest:
            values: Floats = own[place] * unexplained * len(place) / weight
            mean = float(units[here] @ level[here]) / many
            found.append(Excess(first, second, round(many), mean, mean_by_cluster(values, cluster)))
    return tuple(found)


def _flags(numbers: Counts) -> Floats:
    """Return a column of 0 and 1 for each number."""
    flags: Floats = (numbers[:, None] == np.unique(numbers)).astype(np.float64)
    return flags


def _within(columns: Floats, group: Counts, units: Floats) -> Floats:
    """Return the columns less their mean in each group."""
    sums = np.zeros((int(group.max()) + 1, columns.shape[1]))
    np.add.at(sums, group, columns * units[:, None])
    means: Floats = sums / np.bincount(group, units)[:, None]
    away: Floats = columns - means[group]
    return away


def _partialled(columns: Floats, held: Floats, units: Floats) -> Floats:
    """Return what is left of the columns once `held` is taken out of them."""
    root = np.sqrt(units)[:, None]
    slopes = np.linalg.lstsq(root * held, root * columns, rcond=1e-10)[0]
    left: Floats = columns - held @ slopes
    return left
