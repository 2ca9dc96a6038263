"""For whom an action helps: the effect by segment, with small segments drawn towards the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.effects.trial import ARM, Part
from processminer.statistics.means_of_parts import means_of_parts
from processminer.statistics.shrinkage import shrunk

if TYPE_CHECKING:
    from processminer.estimates.effects.known import Known
    from processminer.statistics.doubly_robust import Difference, Units


def parts_of(known: Known, units: Units, found: Difference) -> tuple[tuple[Part, ...], float | None]:
    """Return the effect in each segment, in the order of names, and the p-value against "it is the same in all".

    Nothing with fewer than two segments that can tell: where `ARM` deals with counterparts acted, and as many did not.
    """
    segment, action = known.segment[found.kept], units.action[found.kept]
    told = [
        (name, segment == number)
        for number, name in sorted(known.segment_names.items(), key=lambda one: one[1])
        if min(int((action & (segment == number)).sum()), int((~action & (segment == number)).sum())) >= ARM
    ]
    if len(told) < 2:
        return (), None
    each = shrunk(means_of_parts(found.influence, units.cluster[found.kept], [which for _, which in told]))
    parts = tuple(
        Part(name, int(which.sum()), int((action & which).sum()), one)
        for (name, which), one in zip(told, each.groups, strict=True)
    )
    return parts, each.p_value
