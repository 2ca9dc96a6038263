"""The ways that won deals went until they were won."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.discovery.discovery import Discovery

Path = tuple[str, ...]


def won_ways(discovery: Discovery) -> Iterator[tuple[int, Path]]:
    """Yield, by number, the variants of won deals as the stages they went through before they were won.

    What follows the winning event is left out, and so are deals that were first seen when they were won.
    """
    kinds = {stage.stage: stage.kind for stage in discovery.stages}
    for number, variant in enumerate(discovery.variants):
        last = max((place for place, stage in enumerate(variant.path) if kinds[stage] == "won"), default=0)
        way = tuple(stage for stage in variant.path[:last] if kinds[stage] == "open")
        if variant.won and way:
            yield number, way


def ways_travelled(discovery: Discovery) -> Mapping[Path, int]:
    """Return how many won deals went each way, the most travelled first, equal ones by name."""
    ways: Counter[Path] = Counter()
    for number, way in won_ways(discovery):
        ways[way] += discovery.variants[number].won
    return dict(sorted(ways.items(), key=lambda one: (-one[1], one[0])))
