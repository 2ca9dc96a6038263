"""Names that XML allows: any text written as one, and read back."""

from __future__ import annotations

import re

OURS = "processminer:"
"""What our own keys begin with, in XES."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_OTHER = re.compile(r"[^A-Za-z0-9_.-]|_(?=x[0-9A-F]{4,6}_)")
_CODED = re.compile(r"_x([0-9A-F]{4,6})_")


def xml_name(text: str) -> str:
    """Return a text as an XML name: what a name cannot hold is written as its code point (ISO 9075-14's way).

    A colon is none of its letters: it would make a prefix, which has to be declared.

    >>> xml_name("Deal Type"), xml_name("2nd"), xml_name("_x0020_")
    ('Deal_x0020_Type', '_x0032_nd', '_x005F_x0020_')
    """
    name = _OTHER.sub(_coded, text)
    return name if _PLAIN.fullmatch(name) else _coded_first(name)


def _coded(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _coded_first(name: str) -> str:
    return f"_x{ord(name[0]):04X}_{name[1:]}" if name else "_x_"


def plain_name(name: str) -> str:
    """Return the text that an XML name was made of.

    >>> plain_name("Deal_x0020_Type"), plain_name("_x005F_x0020_")
    ('Deal Type', '_x0020_')
    """
    return "" if name == "_x_" else _CODED.sub(_letter, name)


def _letter(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code <= 0x10FFFF else found[0]
