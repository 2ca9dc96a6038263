"""The part of a playbook that deals can come to: what else it names would hang in a model without a way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.graph import unreachable
from processminer.playbook.moves import Moves, allowed_moves

if TYPE_CHECKING:
    from processminer.playbook.model import Playbook


def moves_in_reach(playbook: Playbook) -> tuple[Moves, tuple[str, ...]]:
    """Return what `allowed_moves` allows from stages that deals can come to, and these stages in their order.

    No path is lost by it: with `next` a stage may be named that nothing leads to.
    """
    moves = allowed_moves(playbook)
    lost = frozenset(unreachable(playbook))
    between = frozenset(pair for pair in moves.between if pair[0] not in lost)
    return Moves(moves.starts, between, moves.wins - lost), tuple(name for name in playbook.names if name not in lost)
