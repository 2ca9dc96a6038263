"""Moves an item of a list to another place in the text, with its own comments and no other line changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.engines.yaml_text import SequenceNode

Piece = tuple[int, int]
"""Where a piece of text begins and ends."""

_REST_OF_LINE = re.compile(r"([ \t]*,)?([ \t]*#[^\r\n]*)?(?=[\r\n])")


def reordered(count: int, source: int, target: int) -> list[int]:
    """Return the old places of a list's items in their new order, after one has moved."""
    order = [place for place in range(count) if place != source]
    order.insert(target, source)
    return order


def lines_moved(text: str, pieces: Sequence[Piece], order: Sequence[int]) -> str:
    """Return the text with pieces of whole lines, their last line break left out, in another order.

    What stands between them (line breaks, blank lines, comments of nobody) stays where it is.
    """
    begins = [start for start, _ in pieces]
    between = [text[end:start] for (_, end), start in zip(pieces, begins[1:], strict=False)]
    written = [text[slice(*pieces[place])] for place in order]
    inner = "".join(piece + gap for piece, gap in zip(written, [*between, ""], strict=True))
    return text[: begins[0]] + inner + text[pieces[-1][1] :]


def brackets_moved(text: str, holder: SequenceNode, order: Sequence[int]) -> str:
    """Return the text with the entries of a list in brackets in another order.

    Commas and blanks stay where they are. A comment goes with its entry where every entry has a line of its own.
    """
    spans = [(item.start, item.end) for item in holder.items]
    written = [text[slice(*spans[place])] for place in order]
    rests = [_REST_OF_LINE.match(text, end) for _, end in spans]
    own_lines = all(rests) and all(re.search(r"[\r\n][ \t]*\Z", text[:start]) for start, _ in spans)
    new = text[: spans[0][0]]
    for place, (_, end) in enumerate(spans):
        following = spans[place + 1][0] if place + 1 < len(spans) else len(text)
        new += written[place]
        here, moved = rests[place], rests[order[place]]
        if own_lines and here is not None and moved is not None:
            new += (here[1] or "") + (moved[2] or "") + text[here.end() : following]
        else:
            new += text[end:following]
    return new
