"""XML that is well-formed whatever the names in it, written by the standard library."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNS_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
"""Invisible characters that make a reader see other text than what is there, or a name where there is none."""

Value = str | float | int | None


def clean(text: str) -> str:
    r"""Return a name fit for one printed line: characters that XML forbids replaced, text-turning ones dropped.

    >>> clean("Demo\x00 \n  call").split("\ufffd")
    ['Demo', ' call']
    """
    return " ".join(_TURNS_TEXT.sub("", _NOT_XML.sub("\ufffd", text)).split())


def named(text: str) -> str:
    """Return a name fit for one printed line that is never empty: some names hold nothing that can be printed."""
    return clean(text) or "(no name)"


def legal(text: str) -> str:
    """Return a text with the characters that XML forbids replaced, and otherwise untouched: names to be looked up."""
    return _NOT_XML.sub("\ufffd", text)


def number(value: float) -> str:
    """Write a length with at most one decimal, and never `-0`.

    >>> number(12.0), number(3.14159), number(-0.01)
    ('12', '3.1', '0')
    """
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 100_000 else f"{value:.0f}"


def add(parent: ET.Element, tag: str, text: str | None = None, /, **attributes: Value) -> ET.Element:
    """Append an element; underscores in attribute names stand for hyphens, and None leaves an attribute out."""
    child = ET.SubElement(parent, tag)
    write(child, attributes)
    child.text = None if text is None else legal(text)
    return child


def write(element: ET.Element, attributes: Mapping[str, Value]) -> None:
    """Set attributes, numbers written shortly."""
    for name, value in attributes.items():
        if value is not None:
            said = legal(value) if isinstance(value, str) else number(value)
            element.set(name.replace("_", "-"), said)


def drawing(width: float, label: str, height: float | None = None) -> ET.Element:
    """Return an empty SVG, its label read out by screen readers; without a height its maker sets that and the view."""
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg"})
    view = None if height is None else f"0 0 {number(width)} {number(height)}"
    write(root, {"width": width, "height": height, "viewBox": view, "role": "group", "aria_label": clean(label)})
    write(root, {"font_family": "sans-serif", "font_size": 12, "direction": "ltr"})
    add(root, "title", clean(label))
    return root


def as_text(root: ET.Element) -> str:
    """Return the XML of an element, one child a line, so that two drawings can be compared by a diff."""
    ET.indent(root, space=" ")
    return ET.tostring(root, encoding="unicode") + "\n"
