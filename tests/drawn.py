"""Where the parts of a drawing stand, read back from its SVG the dull way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from processminer.diagrams.lettering import text_width

if TYPE_CHECKING:
    from collections.abc import Iterator

SVG = "{http://www.w3.org/2000/svg}"
_PARTS = re.compile(r"([MLHVZmlhvz])|(-?\d*\.?\d+(?:e-?\d+)?)")
_HIDDEN = {f"{SVG}pattern", f"{SVG}title", f"{SVG}desc"}


@dataclass(frozen=True)
class Drawn:
    """A part with the box it fills."""

    tag: str
    left: float
    top: float
    right: float
    bottom: float
    said: str = ""

    def overlaps(self, other: Drawn) -> bool:
        """Tell whether two boxes share more than an edge."""
        across = self.left + 0.5 < other.right and other.left + 0.5 < self.right
        return across and self.top + 0.5 < other.bottom and other.top + 0.5 < self.bottom


def drawn(svg: str) -> list[Drawn]:
    """Return every text, box, dot and path of a drawing; patterns are no part of it."""
    return list(_within(ET.fromstring(svg)))


def view(svg: str) -> Drawn:
    """Return what can be seen of a drawing."""
    x, y, width, height = map(float, ET.fromstring(svg).get("viewBox", "").split())
    return Drawn("view", x, y, x + width, y + height)


def outside(svg: str) -> list[Drawn]:
    """Return the parts that reach beyond what can be seen."""
    seen = view(svg)
    return [
        one
        for one in drawn(svg)
        if one.left < seen.left - 0.6
        or one.right > seen.right + 0.6
        or one.top < seen.top - 0.6
        or one.bottom > seen.bottom + 0.6
    ]


def colliding(svg: str) -> list[tuple[str, str]]:
    """Return the texts that run into each other."""
    texts = [one for one in drawn(svg) if one.tag == "text" and one.said]
    return [(a.said, b.said) for at, a in enumerate(texts) for b in texts[at + 1 :] if a.overlaps(b)]


def _within(parent: ET.Element) -> Iterator[Drawn]:
    for part in parent:
        if part.tag in _HIDDEN:
            continue
        tag = part.tag.removeprefix(SVG)
        if tag == "text":
            yield _text(part)
        elif tag == "rect":
            x, y, width, height = (float(part.get(name, "0")) for name in ("x", "y", "width", "height"))
            yield Drawn(tag, x, y, x + width, y + height)
        elif tag == "circle":
            x, y, r = (float(part.get(name, "0")) for name in ("cx", "cy", "r"))
            yield Drawn(tag, x - r, y - r, x + r, y + r)
        elif tag == "path":
            points = list(_points(part.get("d", "")))
            xs, ys = [x for x, _ in points], [y for _, y in points]
            yield Drawn(tag, min(xs), min(ys), max(xs), max(ys))
        yield from _within(part)


def _text(part: ET.Element) -> Drawn:
    said, size = part.text or "", float(part.get("font-size", "12"))
    x, y = float(part.get("x", "0")), float(part.get("y", "0"))
    width = text_width(said, size, bold=part.get("font-weight") == "bold")
    left = x - {"middle": width / 2, "end": width}.get(part.get("text-anchor", ""), 0.0)
    # Letters reach from about three quarters of their size above the line to a fifth below it.
    return Drawn("text", left, y - 0.75 * size, left + width, y + 0.2 * size, said)


def _points(path: str) -> Iterator[tuple[float, float]]:
    """Yield every point that a path of straight lines passes."""
    x = y = 0.0
    begun = (0.0, 0.0)
    letter, pending = "", list[float]()
    for said, number in _PARTS.findall(path):
        if said:
            letter = said
            if letter in "Zz":
                x, y = begun
            continue
        pending.append(float(number))
        lower = letter.islower()
        if letter in "Hh":
            x = pending.pop() + (x if lower else 0)
        elif letter in "Vv":
            y = pending.pop() + (y if lower else 0)
        elif len(pending) == 2:
            x, y = pending[0] + (x if lower else 0), pending[1] + (y if lower else 0)
            pending.clear()
            if letter in "Mm":
                begun = (x, y)
                letter = "l" if lower else "L"
        else:
            continue
        yield x, y
