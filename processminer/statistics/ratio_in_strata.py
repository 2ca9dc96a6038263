"""How many times as likely something is after an event, among units that were alike: one ratio over many strata."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from processminer.statistics.estimated import Estimated

if TYPE_CHECKING:
    from processminer.statistics.survival import Floats


def ratio_in_strata(came: Floats, units: Floats, other_came: Floats, other_units: Floats) -> Estimated | None:
    """Return the logarithm of the ratio of two risks over strata (Mantel & Haenszel, 1959).

    The error is Greenland and Robins' (1985), which holds for few large strata as well as for many small ones. Arrays
    have an entry per stratum: so many of the units with the event came to it, and so many of the others. None where
    no stratum has both kinds, or one kind never came to it.
    """
    both = (units > 0) & (other_units > 0)
    came, units, other_came, other_units = (one[both] for one in (came, units, other_came, other_units))
    size = units + other_units
    here, there = (float(np.sum(one * other / size)) for one, other in ((came, other_units), (other_came, units)))
    if here <= 0 or there <= 0:
        return None
    spread = float(np.sum((units * other_units * (came + other_came) - came * other_came * size) / size**2))
    return Estimated(math.log(here / there), max(math.sqrt(spread / (here * there)), 1e-12), math.inf)
