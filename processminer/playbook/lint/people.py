"""Tells the name of a person from the name of a role."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from processminer.words import fold

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_TITLE = re.compile(
    r"(mr|mrs|ms|miss|dr|prof|herr|frau|mme|mlle|monsieur|madame|sig|sigra|signor|signora|sr|sra|don|doña)\.?"
)
_INITIAL = re.compile(r"[^\W\d_]\.?")
_PARTICLES = {
    "af", "al", "av", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le",
    "mac", "mc", "ten", "ter", "van", "vom", "von", "y", "zu", "zum", "zur",
}  # fmt: skip
"""Small words between the names of people."""


@cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    text = resources.files("processminer.playbook.lint").joinpath("role_words.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    return tuple(said["begin"]), tuple(said["end"]), frozenset(said["whole"])


def is_person(text: str) -> bool:
    """Tell whether a text is an address of mail, or has the shape of a person's name and no word of a role.

    Two or three words, each with a capital and small letters, are a name; an initial may stand for one of them. A
    single word could be either, and counts as a role.

    >>> [is_person(one) for one in ("Anna Rossi", "J. van der Berg", "a.rossi@example.com", "Dr. Weiß")]
    [True, True, True, True]
    >>> [is_person(one) for one in ("Account Executive", "Head of Sales", "Vertriebsleiter Nord", "Legal", "SDR")]
    [False, False, False, False, False]
    """
    if _MAIL.search(text):
        return True
    words = re.split(r"[\s,]+", text.strip(" ,"))
    titled = len(words) > 1 and _TITLE.fullmatch(words[0].casefold()) is not None
    names = [word for word in words[titled:] if word not in _PARTICLES]
    full = [word for word in names if _is_name(word)]
    fits = len(full) == len(names) or all(_is_name(word) or _is_initial(word) for word in names)
    enough = len(names) in (2, 3) or (titled and len(names) == 1)
    return bool(full) and fits and enough and not any(_is_of_a_role(fold(word)) for word in names)


def _is_name(word: str) -> bool:
    """Tell whether a word is written as names are: Anna, O'Neill, Jean-Pierre, McCoy."""
    letters = re.sub("[-'\N{RIGHT SINGLE QUOTATION MARK}]", "", word)
    return len(letters) > 1 and letters.isalpha() and letters[0].isupper() and letters[-1].islower()


def _is_initial(word: str) -> bool:
    return _INITIAL.fullmatch(word) is not None and word[0].isupper()


def _is_of_a_role(word: str) -> bool:
    begin, end, whole = _words()
    parts = re.split(r"[-/&]", word)
    return any(part in whole or part.startswith(begin) or part.endswith(end) for part in parts)
