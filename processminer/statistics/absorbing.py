"""Ridge regressions, linear, logistic and Poisson, with one factor of many levels, and folds left out by subtraction.

The factor's own block of the normal equations is diagonal, so that its levels are eliminated (Schur complement) and
cost no more than the columns beside them: a thousand owners are as cheap as ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from processminer.statistics.survival import Floats

    Counts = npt.NDArray[np.int64]

STEPS = 25
"""Newton's method needs four to seven; more mean that shares of nearly 0 or 1 creep outwards, which changes nothing."""

NEAR = 1e-4
"""A step that moves no coefficient by more is the last: the next one would move it by the square of that."""

GAIN = 1e-8
"""Of the logarithm of the likelihood: of less, no coefficient that has events behind it moves by a thousandth."""

MANY = 5000
"""With so many units, a fold moves coefficients so little that one step of Newton's method finds where to."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Units with what is known of them, sorted by fold and then by the factor's level."""

    known: Floats
    """A row per unit: a column of ones and then standardised columns."""
    level: Counts
    """The factor's level, a dense number from 0."""
    levels: int
    folds: tuple[slice, ...]
    """The units of each fold, one behind the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Coefficients:
    """What a regression found: by column, and by level of the factor."""

    known: Floats
    level: Floats

    def predict(self, rows: Rows, which: slice) -> Floats:
        """Return the linear predictor of some of the units."""
        said: Floats = rows.known[which] @ self.known + self.level[rows.level[which]]
        return said


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """The normal equations of a set of units; those of two sets together are their sum."""

    columns: Floats
    crossed: Floats
    level: Floats
    right: Floats
    right_level: Floats

    def __add__(self, other: _Sums) -> _Sums:
        return _Sums(
            self.columns + other.columns,
            self.crossed + other.crossed,
            self.level + other.level,
            self.right + other.right,
            self.right_level + other.right_level,
        )

    def __sub__(self, other: _Sums) -> _Sums:
        return self + _Sums(-other.columns, -other.crossed, -other.level, -other.right, -other.right_level)


def linear_without_each(rows: Rows, weight: Floats, outcome: Floats, ridge: float) -> list[Coefficients]:
    """Return, for each fold, the weighted ridge regression of the outcome on the units of all other folds."""
    parts = [_sums(rows, fold, weight[fold], weight[fold] * outcome[fold]) for fold in rows.folds]
    whole = _total(parts)
    return [_solve(whole - part, ridge) for part in parts]


def logistic_without_each(rows: Rows, event: Floats, ridge: float) -> list[Coefficients]:
    """Return, for each fold, the ridge logistic regression of the event (0 or 1) on the units of all other folds.

    Newton's method; each fold starts from what all units together say, which most of its way is. With `MANY` units
    one step from there is all that is left to go (Pregibon, 1981), and costs no further look at the units.
    """
    share = float(np.clip(event.mean(), 1e-6, 1 - 1e-6))
    flat = np.zeros(rows.known.shape[1])
    flat[0] = np.log(share / (1 - share))
    everybody, parts = _newton(rows, rows.folds, event, ridge, Coefficients(flat, np.zeros(rows.levels)))
    if len(event) >= MANY:
        whole = _total(parts)
        return [_solve(whole - part, ridge) for part in parts]
    others = ([fold for fold in rows.folds if fold is not out] for out in rows.folds)
    return [_newton(rows, folds, event, ridge, everybody)[0] for folds in others]


def poisson(rows: Rows, time: Floats, events: Floats, ridge: float) -> Coefficients:
    """Return the ridge Poisson regression of events on all units, each at risk for its own time (above 0).

    Newton's method until the likelihood changes no more: levels without an event would creep on for ever.
    """
    everybody = slice(0, len(events))
    known = np.zeros(rows.known.shape[1])
    known[0] = np.log(max(float(events.sum()), 0.5) / float(time.sum()))
    # From the rate of each level the way is short: from one rate for all, the first step goes far too far.
    by_level = (np.bincount(rows.level, events, rows.levels) + 0.5) / (
        np.bincount(rows.level, time, rows.levels) + 0.5 * float(time.sum()) / max(float(events.sum()), 0.5)
    )
    found, likelihood = Coefficients(known, np.log(by_level) - known[0]), -np.inf
    for _ in range(STEPS):
        log_rate = np.clip(found.predict(rows, everybody), -30, 30)
        expected = time * np.exp(log_rate)
        before, likelihood = likelihood, float((events * log_rate - expected).sum())
        if abs(likelihood - before) <= GAIN * abs(likelihood):
            break
        found = _solve(_sums(rows, everybody, expected, expected * log_rate + events - expected), ridge)
    return found


def unexplained(rows: Rows, weight: Floats, values: Floats, ridge: float) -> Floats:
    """Return what is left of values after a weighted ridge regression on all that is known of units."""
    everybody = slice(0, len(values))
    left: Floats = values - _solve(_sums(rows, everybody, weight, weight * values), ridge).predict(rows, everybody)
    return left


def _moved(before: Coefficients, after: Coefficients) -> float:
    return max(float(np.abs(after.known - before.known).max()), float(np.abs(after.level - before.level).max()))


def chances(log_odds: Floats) -> Floats:
    """Return log odds as chances, never quite 0 or 1."""
    said: Floats = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    return said


def _newton(
    rows: Rows, folds: Sequence[slice], event: Floats, ridge: float, start: Coefficients
) -> tuple[Coefficients, list[_Sums]]:
    """Return the regression, and the normal equations of each fold from which its last step was made."""
    found, parts = start, list[_Sums]()
    for _ in range(STEPS):
        parts = [_logistic_sums(rows, fold, event, found) for fold in folds]
        before, found = found, _solve(_total(parts), ridge)
        if _moved(before, found) < NEAR:
            break
    return found, parts


def _logistic_sums(rows: Rows, fold: slice, event: Floats, found: Coefficients) -> _Sums:
    log_odds = found.predict(rows, fold)
    share = chances(log_odds)
    spread = share * (1 - share)
    return _sums(rows, fold, spread, spread * log_odds + event[fold] - share)


def _total(parts: list[_Sums]) -> _Sums:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole


def _sums(rows: Rows, fold: slice, weight: Floats, right: Floats) -> _Sums:
    known, level = rows.known[fold], rows.level[fold]
    weighted = known * weight[:, None]
    crossed = np.zeros((rows.levels, known.shape[1]))
    if len(level):
        starts = np.flatnonzero(np.diff(level, prepend=-1))
        crossed[level[starts]] = np.add.reduceat(weighted, starts, axis=0)
    by_level = np.bincount(level, right, rows.levels).astype(np.float64)
    return _Sums(weighted.T @ known, crossed, crossed[:, 0].copy(), known.T @ right, by_level)


def _solve(sums: _Sums, ridge: float) -> Coefficients:
    """Solve the normal equations, the ridge on everything but the first column, which is the mean."""
    penalty = np.full(len(sums.right), ridge)
    penalty[0] = 0.0
    by_level = sums.level + ridge
    shared = sums.crossed / by_level[:, None]
    left = sums.columns + np.diag(penalty) - sums.crossed.T @ shared
    known: Floats = np.linalg.solve(left + 1e-9 * np.eye(len(left)), sums.right - shared.T @ sums.right_level).astype(
        np.float64
    )
    return Coefficients(known, (sums.right_level - sums.crossed @ known) / by_level)
