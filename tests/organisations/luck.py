"""Luck that hangs on nothing but what it is drawn for: two worlds that differ in one thing share all other luck."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Luck:
    """Numbers between 0 and 1, one a deal, by what they are for."""

    seed: int
    size: int

    def __call__(self, *what: object) -> Floats:
        key = crc32("/".join(map(str, what)).encode())
        return np.random.default_rng([self.seed, key]).random(self.size)

    def normal(self, *what: object) -> Floats:
        """Return standard normal numbers."""
        return ndtri(self(*what) * (1 - 2e-12) + 1e-12)

    def among(self, shares: list[float], *what: object) -> Counts:
        """Return places in a list, each as often as its share."""
        bounds = np.cumsum(np.array(shares) / sum(shares))
        return np.minimum(np.searchsorted(bounds, self(*what), side="right"), len(shares) - 1).astype(np.int64)


def tilted(share: float, tilt: Floats) -> Floats:
    """Return the share moved on the scale of log odds; never stays never, and always always."""
    if share <= 0 or share >= 1:
        return np.full(tilt.shape, float(share))
    return expit(logit(share) + tilt)
