"""Carries out a change in the text of a playbook, touching no line but the part's own."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import MappingNode, ScalarNode, SequenceNode
from processminer.playbook import brackets
from processminer.playbook.changes import AddKey, Drop, Insert, Move, Replace
from processminer.playbook.lines import child, index_of, line_starts, part_at
from processminer.playbook.moving import brackets_moved, lines_moved, reordered
from processminer.playbook.render import block, entry, fits_inline, inline, inner_values, item

if TYPE_CHECKING:
    from processminer.engines.yaml_text import Node, Plain
    from processminer.playbook.brackets import Cut
    from processminer.playbook.changes import Change
    from processminer.playbook.references import Location


@dataclass(frozen=True, slots=True)
class _Page:
    """A text, its tree, and where its lines begin and end."""

    text: str
    tree: Node

    @property
    def newline(self) -> str:
        first = self.text[: self.next_line(0)]
        return first[len(first.rstrip("\r\n")) :] or "\n"

    def line_start(self, position: int) -> int:
        starts = line_starts(self.text)
        return starts[bisect_right(starts, position) - 1]

    def next_line(self, position: int) -> int:
        starts = line_starts(self.text)
        following = bisect_right(starts, position)
        return starts[following] if following < len(starts) else len(self.text)

    def line_end(self, position: int) -> int:
        start = self.line_start(position)
        return start + len(self.text[start : self.next_line(position)].rstrip("\r\n"))

    def column(self, position: int) -> int:
        start = self.line_start(position)
        return position - start - (1 if self.text[start:position].startswith("\ufeff") else 0)

    def own_end(self, position: int, column: int) -> int:
        """Return the end of the line, or of the comment lines below it that are indented deeper than `column`."""
        end = self.line_end(position)
        while (below := self.next_line(end)) > end:
            line = self.text[below : self.line_end(below)]
            if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) <= column:
                break
            end = self.line_end(below)
        return end

    def is_blank(self, start: int) -> bool:
        return start < len(self.text) and not self.text[start : self.line_end(start)].strip()


def splice(text: str, tree: Node, change: Change) -> str:
    """Return the text with a change carried out, all other lines as they were."""
    page = _Page(text, tree)
    match change:
        case Replace():
            start, end, new = _replaced(page, change)
        case AddKey():
            start, end, new = _with_key(page, change)
        case Insert():
            start, end, new = _with_item(page, change)
        case Drop():
            start, end, new = _without(page, change.location)
        case Move():
            return _moved(page, change)
    return text[:start] + new + text[end:]


_BLANK_LINE = re.compile(r"(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)")


def _holder(page: _Page, location: Location) -> tuple[MappingNode | SequenceNode, int]:
    """Return what holds the part at a location, and the part's place in it."""
    holder = part_at(page.tree, location[:-1])
    assert not isinstance(holder, ScalarNode)
    step = location[-1]
    index = step if isinstance(step, int) else index_of(holder, step)
    assert index is not None  # changes are made for this very tree
    return holder, index


def _behind_colon(page: _Page, key: ScalarNode) -> int:
    return page.text.index(":", key.end) + 1


def _replaced(page: _Page, change: Replace) -> Cut:
    holder, index = _holder(page, change.location)
    old = part_at(page.tree, change.location)
    was_block = not isinstance(old, ScalarNode) and not old.flow
    on_one_line = fits_inline(change.value) and not (was_block and inner_values(change.value))
    if on_one_line or holder.flow:
        if was_block and isinstance(holder, MappingNode):
            return _block_put_on_one_line(page, holder.pairs[index][0], old, inline(change.value))
        space = " " if old.start == old.end and page.text[old.start - 1] in ":-" else ""
        return old.start, old.end, space + inline(change.value, old)
    if was_block or isinstance(holder, SequenceNode):
        first, *rest = block(change.value, page.column(old.start))
        kept = "" if was_block else page.text[old.end : page.line_end(old.end)]
        end = page.own_end(old.end, page.column(old.start) - 1)
        return old.start, end, page.newline.join([first.lstrip(" ") + kept, *rest])
    key = holder.pairs[index][0]
    kept = page.text[old.end : page.line_end(old.end)]
    lines = block(change.value, page.column(key.start) + 2)
    return _behind_colon(page, key), page.line_end(old.end), page.newline.join([kept, *lines])


def _block_put_on_one_line(page: _Page, key: ScalarNode, old: Node, new: str) -> Cut:
    """Write a value behind its key instead of below it; a comment behind the key stays, as do lines above the value."""
    colon = _behind_colon(page, key)
    kept = page.text[colon : page.line_start(old.start)].rstrip("\r\n")
    return colon, page.own_end(old.end, page.column(key.start)), f" {new}{kept}"


def _with_key(page: _Page, change: AddKey) -> Cut:
    holder = part_at(page.tree, change.location)
    assert isinstance(holder, MappingNode)
    if holder.flow:
        return brackets.added(page.text, holder, len(holder.pairs), inline({change.key: change.value})[1:-1])
    column = page.column(holder.pairs[0][0].start)
    lines = entry(change.key, change.value, column)
    place = page.own_end(_last_simple(page, holder) if len(lines) == 1 else holder.end, column)
    return place, place, page.newline + page.newline.join(lines)


def _last_simple(page: _Page, holder: MappingNode) -> int:
    """Return the end of the leading keys with a value on their line; the mapping's, if it begins otherwise."""
    simple = takewhile(lambda pair: page.line_start(pair[0].start) == page.line_start(pair[1].end), holder.pairs)
    return max((value.end for _, value in simple), default=holder.end)


def _with_item(page: _Page, change: Insert) -> Cut:
    holder = part_at(page.tree, change.location)
    assert isinstance(holder, SequenceNode)
    if holder.flow:
        return brackets.added(page.text, holder, change.index, inline(change.value))
    column = page.column(holder.start)
    neighbour = holder.items[max(change.index - 1, 0)]
    lines = _item_lines(page, neighbour, column, change.value)
    new = page.newline.join(lines)
    apart = page.newline if _items_apart(page, holder) else ""
    if change.index > 0:
        place = page.own_end(neighbour.end, column)
        return place, place, f"{apart}{page.newline}{new}"
    place = _behind_key(page, change.location)
    while page.is_blank(place):
        place = page.next_line(place)
    return place, place, f"{new}{page.newline}{apart}"


def _item_lines(page: _Page, neighbour: Node, column: int, value: Plain) -> list[str]:
    """Write a new item like its neighbour: with the same gap behind the dash, and in braces if that is."""
    before = page.text[page.line_start(neighbour.start) : neighbour.start]
    gap = match[1] if (match := re.fullmatch(r" *-( +)", before)) else " "
    if isinstance(value, dict) and isinstance(neighbour, MappingNode) and neighbour.flow and fits_inline(value):
        return [f"{' ' * column}-{gap}{inline(value)}"]
    return item(value, column, gap)


def _items_apart(page: _Page, holder: SequenceNode) -> bool:
    """Tell whether a blank line stands between all items of a list."""
    gaps = zip(holder.items, holder.items[1:], strict=False)
    blank = [_BLANK_LINE.search(page.text[one.end : other.start]) for one, other in gaps]
    return bool(blank) and all(blank)


def _without(page: _Page, location: Location) -> Cut:
    holder, index = _holder(page, location)
    if holder.flow:
        return brackets.removed(page.text, holder, index)
    begin, node = child(holder, index)
    if isinstance(holder, SequenceNode):
        begin = _dash(page, holder, index)
    column = page.column(begin)
    end = page.own_end(node.end, column)
    if page.text[page.line_start(begin) : begin].strip(" \ufeff"):
        return _first_removed(page, holder, begin, end)
    return _lines_removed(page, holder, index, page.line_start(begin), page.next_line(end))


def _moved(page: _Page, change: Move) -> str:
    holder = part_at(page.tree, change.location)
    assert isinstance(holder, SequenceNode)
    order = reordered(len(holder.items), change.source, change.target)
    if holder.flow:
        return brackets_moved(page.text, holder, order)
    column = page.column(holder.start)
    pieces: list[tuple[int, int]] = []
    for index, node in enumerate(holder.items):
        least = pieces[-1][1] if pieces else page.line_start(holder.start)
        begin = page.line_start(_dash(page, holder, index))
        if pieces:
            begin = _with_comments_above(page, begin, least, column)
        pieces.append((begin, page.own_end(node.end, column)))
    first = _with_comments_above(page, pieces[0][0], _behind_key(page, change.location), column)
    return lines_moved(page.text, [(first, pieces[0][1]), *pieces[1:]], order)


def _behind_key(page: _Page, location: Location) -> int:
    """Return where the lines of a list begin: behind the line of its key."""
    above, index = _holder(page, location)
    assert isinstance(above, MappingNode)  # no list of a playbook stands in a list
    return page.next_line(_behind_colon(page, above.pairs[index][0]))


def _with_comments_above(page: _Page, start: int, least: int, column: int) -> int:
    """Return the start of the comment lines directly above an item that are indented like it."""
    while start > least:
        above = page.line_start(start - 1)
        line = page.text[above : page.line_end(above)]
        if above < least or not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) != column:
            break
        start = above
    return start


def _dash(page: _Page, holder: SequenceNode, index: int) -> int:
    """Return the position of the dash of an item, which may stand on a line above it."""
    if index == 0:
        return holder.start
    column = page.column(holder.start)
    behind = page.next_line(holder.items[index - 1].end)
    below = (line for line in line_starts(page.text) if line >= behind)
    return column + next(line for line in below if page.text[line : line + column + 1] == " " * column + "-")


def _first_removed(page: _Page, holder: MappingNode | SequenceNode, begin: int, end: int) -> Cut:
    """Take away the first key of an item, which shares its line with the dash; the next key moves up to it."""
    following, _ = child(holder, 1)
    if page.text[end:following].strip():
        return len(page.text[:begin].rstrip(" ")), end, ""
    return begin, following, ""


def _lines_removed(page: _Page, holder: MappingNode | SequenceNode, index: int, start: int, end: int) -> Cut:
    """Take away whole lines, with a blank line that only parted them from others; a missing final newline stays so."""
    above = page.line_start(max(start - 1, 0))
    blank_above = start > 0 and page.is_blank(above)
    if isinstance(holder, SequenceNode) and _items_apart(page, holder):
        start = above if index and blank_above else start
        end = page.next_line(end) if not index and page.is_blank(end) else end
    elif blank_above and (end == len(page.text) or page.is_blank(end)):
        start = above
    if end == len(page.text) and not page.text.endswith(("\n", "\r")) and page.text[:start].endswith(page.newline):
        start -= len(page.newline)
    return start, end, ""
