"""Comparing like with like: which traits define the strata, and the difference within them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from processminer.statistics.clusters import Cells, between_share, clustered_difference
from processminer.statistics.proportions import Stratum, pooled_difference
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.statistics.interval import Interval

Counts = npt.NDArray[np.int64]

ENOUGH_OVERLAP = 0.6
"""Strata are too thin where fewer of the deals than this have, in their own stratum, deals that chose otherwise."""

MOSTLY_BETWEEN = 0.5
"""Where more of the choice than this is the owner's, deals of one owner count as one piece of evidence."""

OWNER = "owner"


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Deals counted by what was known of them at the moment, what they did, and how many were won in time."""

    traits: Mapping[str, Counts]
    """By name, the most important first; equal numbers stand for equal values."""
    done: Counts
    deals: Counts
    won: Counts


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The difference within strata, and what defined them, as a phrase."""

    difference: Interval | None
    strata: str


def adjust(compared: Compared) -> Adjusted:
    """Return the difference of shares won, those that did minus those that did not, among deals that were alike.

    Traits join the strata one after the other as long as enough deals still find others that chose otherwise. Where
    owners decide and are no stratum, the limits count owners. No difference is told where nothing that is known of
    the deals could be held equal.
    """
    telling = {name: values for name, values in compared.traits.items() if len(np.unique(values)) > 1}
    strata = np.zeros(len(compared.deals), dtype=np.int64)
    chosen: list[str] = []
    for name, values in telling.items():
        finer = _numbered(strata * (values.max() + 1) + values)
        if _overlap(compared, finer) >= ENOUGH_OVERLAP:
            strata = finer
            chosen.append(name)
    left_out = [name for name in telling if name not in chosen]
    if OWNER in left_out:
        cells = Cells(strata, _numbered(telling[OWNER]), compared.done, compared.deals, compared.won)
        if between_share(cells) > MOSTLY_BETWEEN:
            left_out.remove(OWNER)
            blind = not chosen and bool(left_out)
            said = f"{_say(chosen, left_out)} (owners decide it, so the limits count owners, not deals)"
            return Adjusted(None if blind else clustered_difference(cells), said)
    if left_out and not chosen:
        return Adjusted(None, _say(chosen, left_out))
    return Adjusted(pooled_difference(_strata_of(compared, strata)), _say(chosen, left_out))


def _say(chosen: list[str], left_out: list[str]) -> str:
    said = f"the same {say_list(chosen, most=8)}" if chosen else "all deals together"
    if not left_out:
        return said
    return f"{said} (not {say_list(left_out, most=8)}: too few deals that were alike chose differently)"


def _numbered(values: Counts) -> Counts:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _arms(compared: Compared, strata: Counts, counted: Counts) -> tuple[Counts, Counts]:
    """Count by stratum, those that did and those that did not."""
    both = (np.bincount(strata, counted * (compared.done == arm)).astype(np.int64) for arm in (1, 0))
    did, did_not = both
    return did, did_not


def _overlap(compared: Compared, strata: Counts) -> float:
    did, did_not = _arms(compared, strata, compared.deals)
    both = (did > 0) & (did_not > 0)
    return float((did + did_not)[both].sum() / compared.deals.sum())


def _strata_of(compared: Compared, strata: Counts) -> list[Stratum]:
    n1, n0 = _arms(compared, strata, compared.deals)
    k1, k0 = _arms(compared, strata, compared.won)
    return [Stratum(*map(int, row)) for row in zip(n1, k1, n0, k0, strict=True)]
