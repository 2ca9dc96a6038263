"""Text measured and laid out in the cells of a terminal, where some letters are two cells wide and some none."""

from __future__ import annotations

import unicodedata


def cell_width(text: str) -> int:
    """Return how many cells the text takes.

    >>> cell_width("Demo"), cell_width("提案"), cell_width("e\u0301")
    (4, 4, 1)
    """
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """Return the text if it fits, else its beginning and an ellipsis, in at most `width` cells.

    >>> cut("Negotiation", 6), cut("提案提案", 5), cut("Demo", 4)
    ('Negot…', '提案…', 'Demo')
    """
    if cell_width(text) <= width:
        return text
    return _beginning(text, width - cell_width(ellipsis)) + ellipsis


def _beginning(text: str, width: int) -> str:
    taken = 0
    for place, character in enumerate(text):
        taken += _width(character)
        if taken > width:
            return text[:place]
    return text


def pad(text: str, width: int) -> str:
    """Return the text with spaces after it, up to `width` cells."""
    return text + " " * (width - cell_width(text))


def pad_left(text: str, width: int) -> str:
    """Return the text with spaces before it, up to `width` cells."""
    return " " * (width - cell_width(text)) + text


def wrap(text: str, width: int, head: str = "", indent: str = "") -> list[str]:
    """Return the words of the text in lines of at most `width` cells, the first after `head`, the others indented.

    Only plain spaces part words (a no-break space does not); a word longer than a line is broken where the line ends.

    >>> wrap("one two three", 9, head="- ", indent="  ")
    ['- one two', '  three']
    """
    lines: list[str] = []
    line, empty = head, True
    for word in filter(None, text.split(" ")):
        if not empty and cell_width(f"{line} {word}") > width:
            lines.append(line)
            line, empty = indent, True
        line, empty = line + word if empty else f"{line} {word}", False
        while cell_width(line) > width:
            first = _beginning(line, width)
            if cell_width(first) <= cell_width(indent):
                break
            lines.append(first)
            line = indent + line[len(first) :]
    return lines if empty else [*lines, line]
