"""Names turned into ids that XML, BPMN tools and people accept, and that stay the same from version to version."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def slugs(names: Sequence[str]) -> list[str]:
    """Return an id for each name: its plain letters and digits, with a mark of the whole name where those do not tell.

    The mark is added where letters were lost or two names would share an id, so that an id does not depend on where
    the name stands. No two ids are equal, even where names are.

    >>> slugs(["Discovery call", "Démo"])
    ['discovery_call', 'demo']
    """
    plain = [_plain(name) for name in names]
    shared = Counter(slug for slug, _ in plain)
    marked = [
        slug if whole and shared[slug] == 1 else f"{slug}_{_mark(name)}".strip("_")
        for name, (slug, whole) in zip(names, plain, strict=True)
    ]
    unique: list[str] = []
    for slug in marked:
        free = slug
        while free in unique:
            free = f"{free}_again"
        unique.append(free)
    return unique


def _plain(name: str) -> tuple[str, bool]:
    """Return the slug of a name, and whether it still holds every letter and digit of the name."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    letters = [letter for letter in folded if letter.isalnum()]
    kept = re.sub(r"[^a-z0-9]+", "_", "".join(c for c in folded if not unicodedata.combining(c))).strip("_")[:40]
    whole = bool(kept) and all(letter.isascii() for letter in letters) and len(kept.replace("_", "")) == len(letters)
    return kept, whole


def _mark(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
