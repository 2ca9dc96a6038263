"""The part of a playbook that deals can come to: what else it names would hang in a model without a way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.moves import Moves, allowed_moves

if TYPE_CHECKING:
    from processminer.playbook.model import Playbook


def moves_in_reach(playbook: Playbook) -> tuple[Moves, tuple[str, ...]]:
    """Return what `allowed_moves` allows from stages that deals can come to, and these stages in their order.

    No path is lost by it: with `next` a stage may be named that nothing leads to.
    """
    moves = allowed_moves(playbook)
    reached: set[str] = set()
    ahead = set(moves.starts)
    while ahead:
        reached |= ahead
        ahead = {target for source, target in moves.between if source in reached} - reached
    between = frozenset(pair for pair in moves.between if pair[0] in reached)
    return Moves(moves.starts, between, moves.wins & reached), tuple(n for n in playbook.names if n in reached)
