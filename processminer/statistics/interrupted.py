"""A series with a break in it: whether its level jumps where something was changed, beyond its own trend."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.estimated import Estimated

if TYPE_CHECKING:
    from processminer.statistics.doubly_robust import Flags
    from processminer.statistics.survival import Floats

BEFORE, AFTER = 6, 3
"""Periods on each side; fewer show neither a trend nor how far periods differ by themselves."""


def jump(level: Floats, units: Floats, after: Flags) -> Estimated | None:
    """Return the jump of a series where `after` begins, with one trend for both sides; None with too few periods.

    Least squares, each period counting by its units, with T - 3 degrees of freedom (segmented regression: Wagner et
    al., 2002). Nobody stayed as they were: whatever else happened at the same time is in the jump.
    """
    if int((~after).sum()) < BEFORE or int(after.sum()) < AFTER:
        return None
    time = np.arange(len(level), dtype=np.float64)
    design: Floats = np.column_stack([np.ones_like(time), time - time.mean(), after.astype(np.float64)])
    root: Floats = np.sqrt(units / units.mean())[:, None]
    inverse: Floats = np.linalg.inv((design * root).T @ (design * root)).astype(np.float64)
    found: Floats = inverse @ ((design * root).T @ (level * root[:, 0]))
    left: Floats = (level - design @ found) * root[:, 0]
    freedom = len(level) - 3
    variance = float((left**2).sum()) / freedom * float(inverse[2, 2])
    return Estimated(float(found[2]), math.sqrt(max(variance, 1e-12)), freedom)
