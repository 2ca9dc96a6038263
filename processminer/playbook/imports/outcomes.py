"""Which names of stages and ends mean that a deal is won or lost, in the languages that playbooks are written in."""

from __future__ import annotations

import re
from typing import Literal

from processminer.words import fold

Outcome = Literal["won", "lost"]

_WON = {
    "won", "win", "gewonnen", "gewonnene", "vinta", "vinto", "gagne", "gagnee", "gagné", "gagnée", "ganado", "ganada",
    "ganho", "ganha", "closedwon",
}  # fmt: skip
_LOST = {
    "lost", "loss", "closedlost", "verloren", "persa", "perso", "perdu", "perdue", "perdido", "perdida", "disqualified",
    "unqualified", "rejected", "cancelled", "canceled", "abandoned", "churned", "declined", "dead", "failed",
}  # fmt: skip
_WON_BY_ITSELF = {"signed", "renewed", "customer", "client", "success"}
"""Words that mean a win where they are all that is said, and anything beside others: `Client demo`."""
_BESIDE = {
    "closed", "close", "deal", "opportunity", "sale", "as", "and", "chiusa", "chiuso", "trattativa", "opportunità",
    "geschlossen", "abgeschlossen", "auftrag", "fermé", "fermée", "conclu", "conclue", "affaire", "opportunité",
    "cerrado", "cerrada", "negocio", "oportunidad", "fechado", "fechada", "negócio", "oportunidade",
}  # fmt: skip
"""Words that say nothing beside an outcome."""
_WON_SAID = ("赢单", "成交")
_LOST_SAID = ("no decision", "not won", "输单", "丢单", "失败")
"""Phrases that decide wherever they stand; Chinese parts no words."""


def outcome_of_end(name: str) -> Outcome | None:
    """Return the outcome that the name of an end speaks of, or None; a number before it makes no difference.

    >>> outcome_of_end("12_Closed Lost"), outcome_of_end("Deal not won"), outcome_of_end("Customer informed")
    ('lost', 'lost', None)
    """
    plain = fold(name)
    words = _words(plain)
    if words & _LOST or any(phrase in plain for phrase in _LOST_SAID):
        return "lost"
    by_itself = words - _BESIDE
    if words & _WON or any(phrase in plain for phrase in _WON_SAID) or (by_itself and by_itself <= _WON_BY_ITSELF):
        return "won"
    return None


def outcome_of_stage(name: str) -> Outcome | None:
    """Return the outcome that the name of a stage means, or None where it says anything beside it.

    >>> outcome_of_stage("06 - Closed Won"), outcome_of_stage("Lost deal review"), outcome_of_stage("Client demo")
    ('won', None, None)
    """
    known = (
        _WON
        | _LOST
        | _WON_BY_ITSELF
        | _BESIDE
        | {word for phrase in (*_WON_SAID, *_LOST_SAID) for word in phrase.split()}
    )
    return outcome_of_end(name) if _words(fold(name)) <= known else None


def _words(plain: str) -> set[str]:
    return {word for word in re.split(r"[\W_\d]+", plain) if word}
