"""Carries out changes of lists in brackets and mappings in braces, on one line or on several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import MappingNode

if TYPE_CHECKING:
    from processminer.engines.yaml_text import SequenceNode

Cut = tuple[int, int, str]
"""From where to where the text goes, and what comes in its place."""


def added(text: str, holder: MappingNode | SequenceNode, index: int, new: str) -> Cut:
    """Put a new entry into brackets so that it stands at `index`, on a line of its own where the others do."""
    spans = _spans(holder)
    if not spans:
        return holder.start + 1, holder.start + 1, new
    if index == 0:
        first = spans[0][0]
        lead = _alone_on_line(text, first)
        return first, first, f"{new}, " if lead is None else f"{new},{lead}"
    end = spans[index - 1][1]
    lead = _alone_on_line(text, spans[index - 1][0])
    rest = re.compile(r"(\s*,)?([^\r\n]*)").match(text, end)
    assert rest is not None
    following = spans[index][0] if index < len(spans) else holder.end - 1
    if lead is None or following < rest.end():
        space = " " if text[end - 1] == ":" else ""
        return end, end, f"{space}, {new}"
    # What follows on the line, a comment perhaps, belongs to the entry before.
    comma = rest[1] or ","
    own_comma = "," if rest[1] else ""
    return end, rest.end(), f"{comma}{rest[2]}{lead}{new}{own_comma}"


def removed(text: str, holder: MappingNode | SequenceNode, index: int) -> Cut:
    """Take an entry out of brackets, with its comma, and with its lines where it has lines of its own."""
    spans = _spans(holder)
    start, end = spans[index]
    lead = _alone_on_line(text, start)
    own_line = re.compile(r"\s*,?[ \t]*(#[^\r\n]*)?(?=[\r\n])").match(text, end)
    if lead is not None and own_line is not None:
        return start - len(lead), own_line.end(), ""
    if index + 1 < len(spans):
        between = re.compile(r"\s*,[ \t]*").match(text, end)
        return start, between.end() if between else end, ""
    before = spans[index - 1][1] if index else holder.start + 1
    return (before if not re.search(r"[#\r\n]", text[before:start]) else start), end, ""


def _spans(holder: MappingNode | SequenceNode) -> list[tuple[int, int]]:
    if isinstance(holder, MappingNode):
        return [(key.start, max(key.end, value.end)) for key, value in holder.pairs]
    return [(item.start, item.end) for item in holder.items]


def _alone_on_line(text: str, start: int) -> str | None:
    """Return the line break and blanks before an entry that begins a line, else None."""
    lead = re.compile(r"(?:\r\n|\n|\r)[ \t]*\Z").search(text, max(start - 200, 0), start)
    return lead[0] if lead else None
