"""Estimates of many groups drawn towards each other: how far groups truly differ tells how far to believe each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.estimated import Estimated

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What each group's value is likely to be, and whether groups differ at all."""

    groups: tuple[Estimated, ...]
    """In the order given."""
    spread: float
    """tau: the standard deviation of the groups' true values; 0 where chance explains all that is seen."""
    p_value: float
    """Of Cochran's (1954) test that all groups share one value."""


def shrunk(estimates: Sequence[Estimated]) -> Shrunk:
    """Return estimates drawn towards their common mean, the farther the less each is known by itself.

    The spread between groups is that of moments (DerSimonian & Laird, 1986); posterior means and errors are those of
    normal values about a mean that is itself estimated (Morris, 1983). Raises ValueError for fewer than two groups.
    """
    if len(estimates) < 2:
        message = f"{len(estimates)} groups cannot be drawn towards each other"
        raise ValueError(message)
    value = np.array([one.value for one in estimates])
    known = np.array([one.error for one in estimates]) ** 2
    weight = 1 / known
    away = float((weight * (value - float(weight @ value) / weight.sum()) ** 2).sum())
    freedom = len(value) - 1
    variance = max(0.0, (away - freedom) / float(weight.sum() - (weight**2).sum() / weight.sum()))
    weight = 1 / (known + variance)
    mean, unsure = float(weight @ value) / float(weight.sum()), 1 / float(weight.sum())
    towards = known / (known + variance)
    middle = towards * mean + (1 - towards) * value
    # How far groups truly differ is itself only estimated: those drawn far are less sure than they look.
    drawn = 2 / max(1, freedom - 2) * towards**2 * (value - mean) ** 2
    error = np.sqrt(np.minimum((1 - towards) * known + towards**2 * unsure + drawn, known))
    groups = tuple(Estimated(float(one), float(two), math.inf) for one, two in zip(middle, error, strict=True))
    return Shrunk(groups, math.sqrt(variance), _beyond(away, freedom))


def _beyond(statistic: float, freedom: int) -> float:
    from scipy.special import gammaincc  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return float(gammaincc(freedom / 2, statistic / 2))  # pyright: ignore[reportUnknownArgumentType]
