"""What all charts are drawn on: a narrow sheet with one look, that goes into a page or stands as a file of its own."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.diagrams.colours import INK, PAPER, QUIET
from processminer.diagrams.lettering import wrap
from processminer.diagrams.markup import add, as_text, clean, drawing, number, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from processminer.diagrams.markup import Value

WIDTH = 440
"""Shrunk to the width of a telephone, letters of `SIZE` are still some ten pixels high."""

SIZE = 12
MARGIN = 16
LINE = 16


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A picture, what it is called, and what must be known to read it."""

    title: str
    caption: str
    """How many it tells of and whom, and what its limits are."""
    picture: Element
    """As it stands in a page that has room for title and caption itself."""
    height: float

    @property
    def part(self) -> str:
        """The picture as SVG, for a page that says title and caption beside it."""
        return as_text(self.picture)

    @property
    def alone(self) -> str:
        """The picture as an SVG file, title above it and caption below it."""
        root = deepcopy(self.picture)
        above = [*wrap(self.title, WIDTH - 2 * MARGIN, 14, lines=3, bold=True)]
        below = wrap(self.caption, WIDTH - 2 * MARGIN, SIZE - 1, lines=40)
        head = MARGIN + 18 * len(above)
        foot = 6 + 15 * len(below) + MARGIN / 2
        ground = add(root, "rect", None, y=-head, width=WIDTH, height=self.height + head + foot, fill=PAPER)
        # The ground lies below all that is drawn.
        root.remove(ground)
        root.insert(2, ground)
        for place, line in enumerate(above):
            write_text(root, line, MARGIN, MARGIN + 18 * place - head + 12, size=14, bold=True)
        for place, line in enumerate(below):
            write_text(root, line, MARGIN, self.height + 18 + 15 * place, ink=QUIET, size=SIZE - 1)
        whole = head + self.height + foot
        write(root, {"height": whole, "viewBox": f"0 {number(-head)} {WIDTH} {number(whole)}"})
        return as_text(root)


def sheet(title: str, caption: str, height: float) -> Element:
    """Return an empty picture that screen readers call by its title, the caption being its description."""
    root = drawing(WIDTH, title, height)
    write(root, {"font_size": SIZE})
    add(root, "desc", clean(caption))
    return root


def write_text(
    parent: Element,
    said: str,
    x: float,
    y: float,
    *,
    ink: str = INK,
    anchor: str | None = None,
    size: float = SIZE,
    bold: bool = False,
) -> None:
    """Write one line of text, its foot at `y`; `anchor` is start, middle or end."""
    weight = "bold" if bold else None
    add(parent, "text", said, x=x, y=y, fill=ink, font_size=size, font_weight=weight, text_anchor=anchor)


def named_row(parent: Element, sentence: str, **attributes: Value) -> Element:
    """Return a group that can be reached by keyboard and is read out as one sentence."""
    group = add(parent, "g", None, tabindex="0", role="img", aria_label=clean(sentence), **attributes)
    add(group, "title", clean(sentence))
    return group


def path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    """Return a line through points as path data."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + ("Z" if closed else "")


def hatch(root: Element, name: str, ink: str) -> str:
    """Define slanted lines as a fill of their own, so that what they fill is told without its colour."""
    made = add(
        root, "pattern", None, id=name, width=6, height=6, patternUnits="userSpaceOnUse", patternTransform="rotate(45)"
    )
    add(made, "path", d="M0 0V6", stroke=ink, stroke_width=2)
    return f"url(#{name})"


def spread(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Return places near the wanted ones (ascending) that lie a gap apart, within top and bottom if there is room."""
    found: list[float] = []
    for place in wanted:
        found.append(max(place, found[-1] + gap) if found else max(place, top))
    for at in range(len(found) - 1, -1, -1):
        most = bottom if at == len(found) - 1 else found[at + 1] - gap
        found[at] = min(found[at], most)
    return found
