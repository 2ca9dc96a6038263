"""Means of parts of clustered units, each too few clusters to tell by itself how far clusters differ."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.estimated import Estimated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.statistics.doubly_robust import Counts, Flags
    from processminer.statistics.survival import Floats


def means_of_parts(values: Floats, cluster: Counts, parts: Sequence[Flags]) -> tuple[Estimated, ...]:
    """Return the mean of each part, in the order given; parts do not overlap, and each holds two units or more.

    The error is the plain one times the root of 1 + (m - 1) r, for m units a cluster of the part (Kish, 1965). How
    alike the units of a cluster are, r, is told by all parts together and never below 0: a part's own few clusters
    would now and then, by chance, make it look far surer than its units allow.
    """
    name = np.unique(cluster, return_inverse=True)[1].astype(np.int64)
    sizes = [np.bincount(name[which]).astype(np.float64) for which in parts]
    alike = _alike([values[which] for which in parts], [name[which] for which in parts], sizes)
    return tuple(_mean(values[which], size, alike) for which, size in zip(parts, sizes, strict=True))


def _mean(values: Floats, size: Floats, alike: float) -> Estimated:
    many = len(values)
    together = float((size**2).sum()) / many
    error = float(values.std(ddof=1)) / math.sqrt(many) * math.sqrt(1 + (together - 1) * alike)
    return Estimated(float(values.mean()), max(error, 1e-12), many - 1)


def _alike(values: Sequence[Floats], cluster: Sequence[Counts], sizes: Sequence[Floats]) -> float:
    """Return the correlation of two units of one part and cluster, by the method of moments, from 0 to 1."""
    more = pairs = 0.0
    for value, name, size in zip(values, cluster, sizes, strict=True):
        spread = float(value.std(ddof=1))
        if spread == 0:
            continue
        sums = np.bincount(name, (value - value.mean()) / spread)
        # The part's mean is taken out of each: unrelated units then add so much, and no more.
        more += float((sums**2).sum()) - float((size - size**2 / len(value)).sum())
        pairs += float((size * (size - 1)).sum())
    return min(max(more / pairs, 0.0), 1.0) if pairs > 0 else 0.0
