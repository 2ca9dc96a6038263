"""What stages and outcomes are called: given by the user or the playbook, else known words."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Names:
    """The declared order of stages, other names they go by, and what the log calls won and lost."""

    order: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Another name of a stage to its declared name."""
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    insist: bool = False
    """Whether won and lost were named by the user, so that a name the log does not have is a mistake."""


def fold(label: str) -> str:
    """Return a label without what people vary by accident: case, white space, compatibility forms.

    >>> fold("  Closed  Won "), fold("ＣＬＯＳＥＤ won")
    ('closed won', 'closed won')
    """
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


@cache
def known_outcomes() -> Mapping[str, str]:
    """Return the words that mean won or lost in the languages we know, folded."""
    text = resources.files(__package__).joinpath("outcome_words.toml").read_text(encoding="utf-8")
    return {fold(word): kind for kind, words in tomllib.loads(text).items() for word in words}
