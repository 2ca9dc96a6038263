"""Which part of one playbook is which part of another, and which of them changed their place."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from processminer.playbook.parts.stages import Stage

Pairs = tuple[tuple[int, int], ...]
"""Places in the old and in the new list, by the old place."""


@dataclass(frozen=True, slots=True)
class StageMatch:
    """Which stages of two playbooks are the same one, and which are kin without being the same."""

    pairs: Pairs
    into: Mapping[int, tuple[int, ...]]
    """For a stage that is gone: those that go by its name or an alias of it now."""
    out_of: Mapping[int, tuple[int, ...]]
    """For a stage that has come: those that went by its name or an alias of it before."""


def match_stages(old: Sequence[Stage], new: Sequence[Stage]) -> StageMatch:
    """Return which stages are the same: those of one name, then those that share names or aliases.

    Names are compared as logs are read, without case and white space. A stage that kept its name is nobody else's;
    of several that share names, those that share the most are the same, then those that stand further in front.
    Exchanging the playbooks exchanges the answer and nothing else.
    """
    places = {stage.name: place for place, stage in enumerate(new)}
    kept = {(place, places[stage.name]) for place, stage in enumerate(old) if stage.name in places}
    gone = set(range(len(old))) - {place for place, _ in kept}
    came = set(range(len(new))) - {place for _, place in kept}
    shared = {
        (one, other): common
        for one, before in enumerate(old)
        for other, after in enumerate(new)
        if (common := _shared(before, after, is_gone=one in gone, is_new=other in came))
    }
    pairs = set(kept)
    for one, other in sorted(shared, key=lambda edge: (-shared[edge], sum(edge))):
        if one in gone and other in came:
            pairs.add((one, other))
            gone.discard(one)
            came.discard(other)
    return StageMatch(
        tuple(sorted(pairs)),
        {one: kin for one in sorted(gone) if (kin := tuple(other for edge, other in sorted(shared) if edge == one))},
        {other: kin for other in sorted(came) if (kin := tuple(one for one, edge in sorted(shared) if edge == other))},
    )


def match_items(old: Sequence[tuple[str, Hashable]], new: Sequence[tuple[str, Hashable]]) -> Pairs:
    """Return which items of two lists are the same: equal ones first, then those of one name, each in its order.

    An item is given as all that it says, and what it is called.
    """
    pairs = _in_turn(dict(enumerate(old)), dict(enumerate(new)))
    left = {place: name for place, (_, name) in enumerate(old) if place not in {one for one, _ in pairs}}
    right = {place: name for place, (_, name) in enumerate(new) if place not in {other for _, other in pairs}}
    return tuple(sorted((*pairs, *_in_turn(left, right))))


def out_of_order(pairs: Pairs) -> tuple[tuple[int, int], ...]:
    """Return the fewest pairs that must have moved, so that all others stand in the order in which they stood.

    The others are a longest increasing subsequence (Schensted 1961, found as by Fredman 1975); of several the one
    that ends in the earliest places.
    """
    tails: list[int] = []
    ranks: list[int] = []
    for _, other in pairs:
        rank = bisect_left(tails, other)
        tails[rank : rank + 1] = [other]
        ranks.append(rank)
    stay: set[tuple[int, int]] = set()
    wanted, below = len(tails) - 1, 1 + max((other for _, other in pairs), default=0)
    for pair, rank in zip(reversed(pairs), reversed(ranks), strict=True):
        if rank == wanted and pair[1] < below:
            stay.add(pair)
            wanted, below = wanted - 1, pair[1]
    return tuple(pair for pair in pairs if pair not in stay)


def _in_turn(left: Mapping[int, Hashable], right: Mapping[int, Hashable]) -> list[tuple[int, int]]:
    """Pair what is called alike: the first with the first, the second with the second."""
    places: dict[tuple[Hashable, int], int] = {}
    seen: Counter[Hashable] = Counter()
    for place, name in right.items():
        places[name, seen[name]] = place
        seen[name] += 1
    seen.clear()
    pairs: list[tuple[int, int]] = []
    for place, name in left.items():
        if (name, seen[name]) in places:
            pairs.append((place, places[name, seen[name]]))
        seen[name] += 1
    return pairs


def _shared(before: Stage, after: Stage, *, is_gone: bool, is_new: bool) -> int:
    """Return how many names two stages share; none where they cannot be kin."""
    were, are = _labels(before), _labels(after)
    by_name = (is_gone and fold(before.name) in are) or (is_new and fold(after.name) in were)
    return len(were & are) if by_name or (is_gone and is_new) else 0


def _labels(stage: Stage) -> frozenset[str]:
    return frozenset(map(fold, (stage.name, *stage.aliases)))
