"""Whether each change of hands on a deal's way is declared."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import dump
from processminer.playbook.graph import unreachable
from processminer.playbook.lint.page import Found, Page, Rule, role_keys
from processminer.playbook.moves import allowed_moves
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.playbook.model import Playbook


@dataclass(frozen=True, slots=True)
class Passing:
    """A move that brings a deal from one owner to another."""

    source: str
    entering: str
    """The stage, or the name of won."""
    giver: str
    taker: str
    declared: bool
    """Whether a handover says so."""


def passings(playbook: Playbook) -> tuple[Passing, ...]:
    """Return the moves onward, to a later stage or to the service after a win, at which a deal changes hands.

    Only owners that are said count: who is nobody hands nothing over.
    """
    keys = role_keys(playbook)

    def role(name: str) -> str:
        return keys.get(fold(name), fold(name))

    declared = {(one.entering, role(one.giver), role(one.taker)) for one in playbook.handovers}
    return tuple(
        Passing(source, entering, giver, taker, (entering, role(giver), role(taker)) in declared)
        for source, entering, giver, taker in _changes_of_owner(playbook)
        if role(giver) != role(taker)
    )


def _changes_of_owner(playbook: Playbook) -> Iterator[tuple[str, str, str, str]]:
    moves = allowed_moves(playbook)
    lost = unreachable(playbook)
    owned = [(stage.name, stage.owner) for stage in playbook.stages if stage.owner and stage.name not in lost]
    for (source, giver), (target, taker) in combinations(owned, 2):
        if (source, target) in moves.between:
            yield source, target, giver, taker
    for service in playbook.service:
        if service.begins_at in playbook.outcomes.won and service.owner:
            ends = [(source, giver) for source, giver in owned if source in moves.wins]
            yield from ((source, service.begins_at, giver, service.owner) for source, giver in ends)


def _undeclared_handover(page: Page) -> Iterator[Found]:
    """Find moves on which a deal changes hands and no handover says how."""
    names = page.playbook.names
    for one in passings(page.playbook):
        if not one.declared:
            message = (
                f"{one.giver!r} hands over to {one.taker!r} as a deal enters {one.entering!r}, and nothing says how."
            )
            entry = {"entering": one.entering, "from": one.giver, "to": one.taker, "within": "2 days"}
            yield Found(
                ("stages", names.index(one.source), "owner"), message, f"Write `- {dump(entry)}` under `handovers`."
            )


RULES = (
    Rule(
        "undeclared-handover",
        _undeclared_handover,
        "Between two owners deals are dropped, and what the first one learnt is asked again.",
    ),
)
"""Rules on changes of hands."""
