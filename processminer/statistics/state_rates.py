"""How many times as often something happens in one state as in another, among units that are alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.absorbing import Rows, poisson, unexplained
from processminer.statistics.estimated import Estimated

if TYPE_CHECKING:
    from processminer.statistics.absorbing import Counts
    from processminer.statistics.survival import Floats

FEW_CLUSTERS = 6
"""With fewer clusters their spread says nothing, and the information of the likelihood alone gives the error."""

RIDGE = 0.01
"""Of an event: it keeps levels without events from running off, and moves nothing else."""

FEWEST = 10
"""Events in a state, and in state 0: with fewer, logarithms of rates are far from normal."""


@dataclass(frozen=True, slots=True, eq=False)
class StateCells:
    """Time at risk and what happened in it, one entry per combination of all that is known."""

    span: Counts
    """The piece of the time scale, a dense number from 0; each has a rate of its own."""
    known: Floats
    """Columns of what else is held equal; without a column of ones."""
    cluster: Counts
    """Dense numbers from 0."""
    state: Counts
    """0 for the state that the others are compared with."""
    time: Floats
    events: Floats


def log_rate_ratios(cells: StateCells, states: int) -> tuple[Estimated | None, ...]:
    """Return the logarithm of the ratio of rates of each state 1 ... states - 1 and state 0.

    Piecewise exponential model, fitted as a Poisson regression (Holford, 1980; Laird & Olivier, 1981). The error is
    the sandwich over clusters (Liang & Zeger, 1986) with the factor G / (G - 1) and G - 1 degrees of freedom; with
    fewer than `FEW_CLUSTERS` that of the likelihood. None for a state with fewer than `FEWEST` events, and for all
    where state 0 has.
    """
    seen = cells.time > 0
    counted = np.bincount(cells.state[seen], cells.events[seen], states)
    told = [one for one in range(1, states) if min(counted[0], counted[one]) >= FEWEST]
    kept = np.flatnonzero(seen & np.isin(cells.state, [0, *told]))
    if not told or not len(kept):
        return (None,) * (states - 1)
    kept = kept[np.argsort(cells.span[kept], kind="stable")]
    marks = (cells.state[kept][:, None] == np.array(told)).astype(np.float64)
    beside = np.column_stack([np.ones(len(kept)), cells.known[kept]])
    time, events, span = cells.time[kept], cells.events[kept], cells.span[kept]
    everybody = (slice(0, len(kept)),)
    levels = int(span.max()) + 1
    rows = Rows(np.column_stack([beside, marks]), span, levels, everybody)
    found = poisson(rows, time, events, RIDGE)
    expected = time * np.exp(np.clip(found.predict(rows, everybody[0]), -30, 30))
    others = Rows(beside, span, levels, everybody)
    left = np.column_stack([unexplained(others, expected, mark, RIDGE) for mark in marks.T])
    information = (left * expected[:, None]).T @ left
    errors, freedom = _errors(information, left * (events - expected)[:, None], cells.cluster[kept])
    ratios = found.known[-len(told) :]
    by_state = {
        one: Estimated(float(ratio), float(error), freedom)
        for one, ratio, error in zip(told, ratios, errors, strict=True)
    }
    return tuple(by_state.get(one) for one in range(1, states))


def _errors(information: Floats, scores: Floats, cluster: Counts) -> tuple[Floats, float]:
    inverse: Floats = np.linalg.inv(information).astype(np.float64)
    clusters = len(np.unique(cluster))
    if clusters < FEW_CLUSTERS:
        return np.sqrt(np.diag(inverse)), math.inf
    sums = np.array([np.bincount(cluster, one) for one in scores.T]).T
    spread = clusters / (clusters - 1) * inverse @ (sums.T @ sums) @ inverse
    return np.sqrt(np.diag(spread)), clusters - 1
