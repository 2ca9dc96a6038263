"""The words that sales people of eight languages use for stages and outcomes, and what a label means by them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processminer.log.eventlog import StageClass

LossKind = Literal["lost", "no decision", "disqualified"]

_MARKS = re.compile(r"[\W\d_]+")
_CLASSES: Mapping[str, StageClass] = {
    "won": "won",
    "lost": "lost",
    "no_decision": "lost",
    "disqualified": "lost",
    "open": "open",
}
"""The lists of `outcome_words.toml` to how a deal stands that bears one of their words."""

_WITHIN = 4
"""A known word of fewer letters is no evidence inside a longer label: 'new' stands in too many of them."""


def plain(label: str) -> str:
    """Return a label's letters: no case, accents, numbers or punctuation; words parted by one space.

    >>> plain("05. Closed - Won (100%)"), plain("Fermé  GAGNÉ"), plain("已赢单")
    ('closed won', 'ferme gagne', '已赢单')
    """
    decomposed = unicodedata.normalize("NFKD", label).casefold()
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _MARKS.sub(" ", unicodedata.normalize("NFKC", bare)).strip()


def outcome_of(label: str) -> StageClass | None:
    """Return whether a label means that a deal is won, lost or under way; None where it does not say.

    >>> outcome_of("5 - Closed Won"), outcome_of("Opportunity Lost"), outcome_of("En cours"), outcome_of("Demo")
    ('won', 'lost', 'open', None)
    """
    return _CLASSES.get(_meaning(label) or "")


def loss_kind(reason: str) -> LossKind:
    """Return which kind of loss a stage or a reason speaks of; a plain loss where the words do not say.

    >>> loss_kind("No decision"), loss_kind("Unqualified"), loss_kind("Timing"), loss_kind("Price")
    ('no decision', 'disqualified', 'no decision', 'lost')
    """
    kind = _meaning(reason)
    if kind in {"no_decision", "put_off"}:
        return "no decision"
    return "disqualified" if kind == "disqualified" else "lost"


def stage_kind(label: str) -> str | None:
    """Return what usually happens in a stage of that name (prospecting, qualification, ...), None where we do not know.

    >>> stage_kind("Demo Scheduled"), stage_kind("3. Angebot"), stage_kind("商务谈判"), stage_kind("Berlin")
    ('demo', 'proposal', 'negotiation', None)
    """
    bare = plain(label)
    known = _stages()
    if bare in known:
        return known[bare]
    within = (word for word in _longest_first() if _stands_in(word, bare))
    return next((known[word] for word in within), None)


def share_of_stages(labels: Iterable[str]) -> float:
    """Return the share of the different labels, 0 to 1, that are known stages or outcomes: evidence of a stage column.

    A column of "open", "won" and "lost" alone is a status: how a deal stands counts beside stages only.

    >>> share_of_stages(["Discovery", "Proposal", "Closed Won", "Blue"]), share_of_stages(["open", "won", "lost"])
    (0.75, 0.0)
    """
    different = {plain(label) for label in labels}
    stages = {label for label in different if outcome_of(label) is None and stage_kind(label) is not None}
    ends = {label for label in different if outcome_of(label) in {"won", "lost"}}
    return len(stages | ends) / len(different) if stages else 0.0


@cache
def _meanings() -> Mapping[str, str]:
    said = _read("outcome_words.toml")
    return {plain(word): kind for kind, words in said.items() if kind != "beside" for word in words}


@cache
def _beside() -> frozenset[str]:
    return frozenset(plain(word) for word in _read("outcome_words.toml")["beside"])


@cache
def _stages() -> Mapping[str, str]:
    return {plain(word): kind for kind, words in _read("stage_words.toml").items() for word in words}


@cache
def _longest_first() -> tuple[str, ...]:
    return tuple(sorted(_stages(), key=lambda word: (-len(word), word)))


def _meaning(label: str) -> str | None:
    """Return the list of `outcome_words.toml` that holds a label, as it is or without the words that say nothing."""
    bare = plain(label)
    known = _meanings()
    if bare in known:
        return known[bare]
    return known.get(" ".join(word for word in bare.split() if word not in _beside()))


def _stands_in(word: str, label: str) -> bool:
    """Tell whether a known word is part of a label: whole words, save in scripts that write without spaces."""
    if not word.isascii() and len(word) >= 2 and _spaceless(word):
        return word in label
    return len(word) >= _WITHIN and f" {word} " in f" {label} "


def _spaceless(word: str) -> bool:
    return all("\u4e00" <= letter <= "\u9fff" for letter in word)


def _read(name: str) -> Mapping[str, list[str]]:
    return tomllib.loads(resources.files("processminer.log").joinpath(name).read_text(encoding="utf-8"))
