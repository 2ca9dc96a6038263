"""The stages of two playbooks on one line, and the moves between them that either allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.compare.change import Permission, Standing
from processminer.playbook.compare.matching import match_stages, out_of_order
from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.playbook.compare.matching import StageMatch
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage

Move = tuple[str | None, str | None]


def line_of_stages(old: Sequence[Stage], new: Sequence[Stage]) -> tuple[Standing, ...]:
    """Return the new stages in their order, and among them those that are gone, where they stood."""
    match = match_stages(old, new)
    place = dict(match.pairs)
    line: list[int] = []
    """Places in the new list; of a stage that is gone, its place in the old one as -1 - place."""
    line += range(len(new))
    for at in range(len(old)):
        if at not in place:
            before = None if not at else place.get(at - 1, -at)
            line.insert(0 if before is None else line.index(before) + 1, -1 - at)
    moved = {pair[1] for pair in out_of_order(match.pairs)}
    was = {after: before for before, after in match.pairs}
    return tuple(
        _came(at, old, new, match, was.get(at), moved=at in moved) if at >= 0 else _gone(-1 - at, old, new, match)
        for at in line
    )


def _gone(at: int, old: Sequence[Stage], new: Sequence[Stage], match: StageMatch) -> Standing:
    kin = tuple(new[other].name for other in match.into.get(at, ()))
    return Standing(old[at].name, old[at], None, kin, stood_behind=_behind(old, at))


def _came(
    at: int, old: Sequence[Stage], new: Sequence[Stage], match: StageMatch, was: int | None, *, moved: bool
) -> Standing:
    return Standing(
        name=new[at].name,
        before=None if was is None else old[was],
        after=new[at],
        kin=tuple(old[other].name for other in match.out_of.get(at, ())),
        moved=moved,
        stood_behind=None if was is None else _behind(old, was),
        stands_behind=_behind(new, at),
    )


def _behind(stages: Sequence[Stage], place: int) -> str | None:
    return stages[place - 1].name if place else None


def permissions(old: Playbook, new: Playbook, line: Sequence[Standing]) -> tuple[Permission, ...]:
    """Return every move that either playbook allows, a stage being what it is called on the line."""
    olds = {one.before.name: one.name for one in line if one.before is not None}
    news = {one.after.name: one.name for one in line if one.after is not None}
    before, after = _moves(old, olds), _moves(new, news)
    place: dict[str | None, int] = {one.name: at for at, one in enumerate(line)}
    # The start stands before all stages, and the win behind them.
    order = sorted(before | after, key=lambda move: (place[move[0]] if move[0] else -1, place.get(move[1], len(line))))
    return tuple(
        Permission(source, target, (source, target) in before, (source, target) in after) for source, target in order
    )


def _moves(playbook: Playbook, called: Mapping[str, str]) -> frozenset[Move]:
    moves = allowed_moves(playbook)
    return frozenset(
        {(None, called[name]) for name in moves.starts}
        | {(called[name], None) for name in moves.wins}
        | {(called[source], called[target]) for source, target in moves.between}
    )
