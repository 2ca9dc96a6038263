"""How a playbook says given ways between its stages, with as few words as it can."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from processminer.engines.yaml_text import Plain


@dataclass(slots=True)
class Shape:
    """Stages in order by number, where deals may begin, what may follow what, and from where they may be won."""

    size: int
    starts: set[int]
    between: set[tuple[int, int]]
    wins: set[int]
    optional: set[int] = field(default_factory=set[int])

    def implied(self, stage: int) -> tuple[set[int], bool]:
        """Return what the order of the list lets follow a stage (-1: the start): stages, and whether a win."""
        reached: set[int] = set()
        for at in range(stage + 1, self.size):
            reached.add(at)
            if at not in self.optional:
                return reached, False
        return reached, stage >= 0

    def ahead(self, stage: int) -> set[int]:
        """Return the later stages that may follow."""
        return {other for one, other in self.between if one == stage and other > stage}

    def leads_to(self, stage: int) -> set[int]:
        """Return the stages that can be come to from a stage without a way back."""
        found: set[int] = set()
        for one in range(stage, self.size):
            if one == stage or one in found:
                found |= self.ahead(one)
        return found


def find_optional(shape: Shape) -> set[int]:
    """Return the stages that are passed by wherever one could come to them: a bypass makes a stage optional.

    A stage counts as optional only where all that this lets follow by the order of the list is in the drawing.
    """
    for stage in range(shape.size):
        if not _passed_by(shape, stage):
            continue
        shape.optional.add(stage)
        if not _all_drawn(shape, stage):
            shape.optional.discard(stage)
    return shape.optional


def _passed_by(shape: Shape, stage: int) -> bool:
    """Tell whether deals may go directly to where the stage would have led; what leads elsewhere is another branch."""
    onward = shape.leads_to(stage)
    if stage in shape.starts and shape.starts & onward:
        return True
    wins = bool(({stage} | onward) & shape.wins)
    before = [one for one in range(stage) if (one, stage) in shape.between]
    return any(shape.ahead(one) & onward or (wins and one in shape.wins) for one in before)


def _all_drawn(shape: Shape, upto: int) -> bool:
    """Tell whether what the order lets follow is drawn, for all stages that optional ones let pass to `upto`."""
    for one in range(-1, upto):
        reached, wins = shape.implied(one)
        if upto not in reached:
            continue
        drawn = shape.starts if one < 0 else shape.ahead(one)
        if not reached <= drawn or (wins and one not in shape.wins):
            return False
    return True


def moves_said(shape: Shape, stage: int, names: Sequence[str], won: str) -> tuple[dict[str, Plain], bool]:
    """Return the keys that say what may follow a stage, and whether they say just that.

    They cannot where no stage and no win follows: then the order of the list stands.
    """
    reached, may_win = shape.implied(stage)
    ahead, wins = shape.ahead(stage), stage in shape.wins
    # Who passes by a stage skips it only if that stage would have led to the same place: else the ways part here.
    parts = any(far not in shape.leads_to(near) for near in reached for far in ahead - reached)
    keys: dict[str, Plain] = {}
    exact = True
    if reached <= ahead and (wins or not may_win) and not parts:
        further = [*_named(ahead - reached, names), *([won] if wins and not may_win else [])]
        if further:
            keys["may_skip_to"] = [*further]
    elif ahead or wins:
        keys["next"] = [*_named(ahead, names), *([won] if wins else [])]
    else:
        exact = False
    back = [other for one, other in shape.between if one == stage and other < stage]
    if back:
        keys["may_return_to"] = [*_named(back, names)]
    return keys, exact


def _named(places: Collection[int], names: Sequence[str]) -> list[str]:
    return [names[at] for at in sorted(places)]


def shape_of(
    order: Sequence[str], starts: Collection[str], after: Mapping[str, Collection[str]], wins: Collection[str]
) -> Shape:
    """Return the shape of stages that are known by their ids."""
    place = {stage: at for at, stage in enumerate(order)}
    between = {(place[one], place[other]) for one in order for other in after[one]}
    return Shape(len(order), {place[one] for one in starts}, between, {place[one] for one in wins})
