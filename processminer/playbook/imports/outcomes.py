"""Which names of stages and ends mean that a deal is won or lost, in the languages that playbooks are written in."""

from __future__ import annotations

import re
from typing import Literal

from processminer.words import fold

Outcome = Literal["won", "lost"]

_WON = {
    "won", "win", "gewonnen", "vinta", "vinto", "gagne", "gagnee", "gagné", "gagnée", "ganado", "ganada", "ganho",
    "ganha", "closedwon", "signed", "renewed", "gewonnene", "customer", "client", "success",
}  # fmt: skip
_LOST = {
    "lost", "loss", "closedlost", "verloren", "persa", "perso", "perdu", "perdue", "perdido", "perdida", "disqualified",
    "unqualified", "rejected", "cancelled", "canceled", "abandoned", "churned", "declined", "dead", "failed",
}  # fmt: skip
_SAID = {
    "no decision": "lost",
    "not won": "lost",
    "赢单": "won",
    "成交": "won",
    "输单": "lost",
    "丢单": "lost",
    "失败": "lost",
}


def outcome_of(name: str) -> Outcome | None:
    """Return the outcome that a name means beyond doubt, or None; a number before it makes no difference.

    >>> outcome_of("Closed Won"), outcome_of("12_Closed Lost"), outcome_of("Proposal"), outcome_of("Deal not won")
    ('won', 'lost', None, 'lost')
    """
    plain = fold(name)
    for phrase, outcome in _SAID.items():
        if phrase in plain:
            return "won" if outcome == "won" else "lost"
    words = {word for word in re.split(r"[\W_\d]+", plain) if word}
    if words & _LOST:
        return "lost"
    return "won" if words & _WON else None
