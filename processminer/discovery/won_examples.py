"""Won deals to look at: those that show the usual way in the usual time with the usual activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.discovery.won_deals import won_ways
from processminer.engines.relations import read_sql
from processminer.log.sources.profile import header_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from processminer.discovery.discovery import Discovery
    from processminer.discovery.won_deals import Path

SEGMENTS = ("segment", "customersegment", "marketsegment", "tier", "companysize", "size", "type", "dealtype", "region")
"""Attributes that part deals into groups which people speak of, the most telling first."""

FEW = 6
"""An attribute of more values is no way in which people part their deals."""


@dataclass(frozen=True, slots=True)
class WonExample:
    """A won deal that is worth reading."""

    deal: str
    way: Path
    segment: str | None
    days: float
    """From its first event to the win."""
    touch_points: int
    touches: Mapping[str, int]
    """Activity to how often it was done until the win, the most frequent first."""


def won_examples(
    discovery: Discovery, ways: Collection[Path], tasks: Sequence[str], most: int
) -> tuple[str | None, tuple[WonExample, ...]]:
    """Return the attribute that parts deals into segments, if any, and at most `most` won deals that went these ways.

    Those that show most of the `tasks` come first, then those whose lead time is nearest to the median of won deals;
    one of each segment before a second of any.
    """
    wanted = {number: way for number, way in won_ways(discovery) if way in ways}
    segment = segment_of(discovery)
    rows = discovery.log.relations.rows(
        read_sql("processminer.discovery", "won_examples.sql"),
        {"variants": list(wanted), "tasks": list(tasks), "segment": segment, "most": most},
    )
    return segment, tuple(
        WonExample(deal, wanted[variant], told, days, touches, dict(zip(names, times, strict=True)))
        for deal, variant, told, days, touches, names, times in rows
    )


def segment_of(discovery: Discovery) -> str | None:
    """Return the attribute that parts won deals into a few groups, None where there is none."""
    found = discovery.log.relations.rows(
        "SELECT attribute, count(DISTINCT value) FROM attributes JOIN deals USING (deal) WHERE outcome = 'won' "
        "GROUP BY attribute"
    )
    values = {str(name): int(count) for name, count in found}
    named = [
        (SEGMENTS.index(plain), name)
        for name in discovery.log.attributes
        if (plain := header_key(name.removesuffix("__c"))) in SEGMENTS and 2 <= values.get(name, 0) <= FEW
    ]
    return min(named)[1] if named else None
