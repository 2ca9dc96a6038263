"""Text from logs and playbooks, made harmless for terminals, pages and Markdown."""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\ufffd"
"""Stands where a character would have acted on the reader's screen instead of being read."""

_JOINERS = "\u200c\u200d"
_HARMFUL = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_BREAK = "\u200b"


def plain(text: str) -> str:
    r"""Return the text on one line, every control, escape and direction character replaced by a visible mark.

    Line breaks and tabs become spaces; the joiners that scripts and emoji need stay.

    >>> plain("a\tb\x1b[2J")
    'a b\ufffd[2J'
    """
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if character not in _JOINERS and unicodedata.category(character) in _HARMFUL:
        return REPLACEMENT
    return character


def markdown(text: str) -> str:
    r"""Return the text as Markdown that shows it letter by letter: no markup, HTML, table cell, link or mention.

    >>> markdown("a|b_c <i>")
    'a\\|b\\_c &lt;i&gt;'
    """
    shown = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = re.sub(r"([\\`*_\[\]~|])", r"\\\1", shown)
    # Hosts turn @names, #numbers and bare addresses into links after the Markdown is rendered: only a break stops that.
    shown = re.sub(r"([@#])(?=\w)", rf"\1{_BREAK}", shown)
    shown = re.sub(r"(:)(?=//)|(?i:(www|mailto)(?=[.:]))", rf"\g<0>{_BREAK}", shown)
    return re.sub(r"^(\s*)([-+=#]|\d+(?=[.)]))", _at_start, shown)


def _at_start(match: re.Match[str]) -> str:
    space, sign = match.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def markdown_code(text: str) -> str:
    """Return the text as an inline code span that no backtick in it can close.

    >>> markdown_code("a`b")
    '``a`b``'
    """
    shown = plain(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def spreadsheet(cell: object) -> object:
    """Return a cell of CSV that no spreadsheet takes for a formula.

    >>> spreadsheet("=1+1"), spreadsheet(-2)
    ("'=1+1", -2)
    """
    if not isinstance(cell, str):
        return cell
    text = plain(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
