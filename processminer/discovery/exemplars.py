"""Won deals to follow, some of each segment: the usual way in the usual time, with every stay and every touch point."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.discovery.won_deals import won_ways
from processminer.discovery.won_examples import segment_of
from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.discovery.discovery import Discovery
    from processminer.discovery.won_deals import Path
    from processminer.engines.relations import Row

EACH = 4
"""Deals of a segment: three may be alike by chance, and five are more than anybody reads."""

FEWEST = 3
"""A way that fewer won deals of a segment went is followed by its next one."""

TOUCHES = 40
"""Touch points of a deal that are listed; all of them are counted."""


@dataclass(frozen=True, slots=True)
class ExemplarStay:
    """A stay of an exemplary deal."""

    stage: str
    days: float
    """To the next stage or to the win."""
    touches: tuple[str, ...]
    """Activities during it, in order."""


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A won deal that shows how its segment is usually won."""

    deal: str
    segment: str | None
    days: float
    """From its first event to the win."""
    usual_days: float
    """The median of the won deals of its segment."""
    went: int
    """Won deals of the segment that went the same way."""
    of: int
    """Won deals of the segment with a path and a length."""
    touch_points: int
    stays: tuple[ExemplarStay, ...]


@dataclass(frozen=True, slots=True)
class Exemplars:
    """Examples to follow."""

    attribute: str | None
    """What parts deals into segments; None where nothing does."""
    deals: tuple[Exemplar, ...]
    """By segment, the largest first, the most typical deal of each first."""


def exemplars(discovery: Discovery) -> Exemplars:
    """Return up to `EACH` won deals of each segment that went the way most of its won deals go.

    Those that show most of the segment's usual activities (of at least half of its won deals) come first, then those
    whose lead time is nearest to the segment's median. Needs `stays` and `deal_variants`.
    """
    attribute, ways = segment_of(discovery), dict(won_ways(discovery))
    numbered = {way: number for number, way in enumerate(sorted(set(ways.values())))}
    relations = discovery.log.relations
    relations.put(
        "won_ways",
        {"variant": list(ways), "way": [numbered[way] for way in ways.values()]},
        {"variant": "INTEGER", "way": "INTEGER"},
    )
    package = "processminer.discovery"
    chosen = relations.rows(read_sql(package, "exemplars.sql"), {"segment": attribute, "each": EACH, "fewest": FEWEST})
    deals = {"deals": [row[0] for row in chosen]}
    stays, touches = (
        _by_deal(relations.rows(read_sql(package, f"exemplar_{part}.sql"), deals)) for part in ("stays", "touches")
    )
    names = {number: way for way, number in numbered.items()}
    return Exemplars(
        attribute,
        tuple(_exemplar(row, names[row[7]], stays[row[0]], touches[row[0]]) for row in chosen),
    )


def _by_deal(rows: Sequence[Row]) -> defaultdict[int, list[Row]]:
    told: defaultdict[int, list[Row]] = defaultdict(list)
    for deal, *row in rows:
        told[deal].append(tuple(row))
    return told


def _exemplar(row: Row, way: Path, stays: Sequence[Row], touches: Sequence[Row]) -> Exemplar:
    _, deal_id, segment, days, usual, went, of, _ = row
    listed = touches[:TOUCHES]
    return Exemplar(
        deal=deal_id,
        segment=segment,
        days=days,
        usual_days=usual,
        went=went,
        of=of,
        touch_points=len(touches),
        stays=tuple(
            ExemplarStay(stage, length, tuple(name for during, name in listed if during == position))
            for (position, length), stage in zip(stays, way, strict=False)
        ),
    )
