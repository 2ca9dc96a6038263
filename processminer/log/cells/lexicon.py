"""The words that cells are written with, folded and turned round: what each of them means."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words in lower case and what they mean."""

    yes: tuple[str, ...]
    time_words: Mapping[str, str]
    """Months to `<1>`..`<12>`, halves of the day to am and pm, zones to offsets, fillers to nothing."""
    sizes: Mapping[str, int]
    """To their power of ten."""
    currencies: Mapping[str, str]
    """Codes, signs and names of money to a code, or to the sign where several currencies share it."""


@cache
def lexicon() -> Lexicon:
    """Return the words that ship with the product."""
    text = resources.files("processminer.log.cells").joinpath("lexicon.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    meanings = [
        *((word, "") for word in said["filler"]),
        *((word, f"<{month}>") for month, words in said["months"].items() for word in words),
        *((word, half) for half, words in said["halves"].items() for word in words),
        *((word, offset) for offset, words in said["zones"].items() for word in words),
    ]
    return Lexicon(
        yes=tuple(said["yes"]),
        time_words=dict(meanings),
        sizes={word: int(power) for power, words in said["sizes"].items() for word in words},
        currencies={code.lower(): code for code in " ".join(said["codes"]).split()}
        | {word: code for code, words in said["currencies"].items() for word in words},
    )
