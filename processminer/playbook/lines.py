"""Where in a playbook's text its parts stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import MappingNode, ScalarNode, SequenceNode, YamlFault, compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.engines.yaml_text import Node

NAMING_KEYS = ("name", "do", "entering", "subject", "version")
"""Keys that name an item of a list, the first present one deciding."""

_BREAK = re.compile(r"\r\n|\n|\r")


@lru_cache(maxsize=8)
def tree_of(text: str) -> Node | None:
    """Return the tree of a text; a study asks for many lines of one playbook. Raises YamlFault."""
    return compose(text)


@lru_cache(maxsize=8)
def line_starts(text: str) -> tuple[int, ...]:
    """Return the positions at which the lines of a text begin, as an editor counts lines."""
    return (0, *(match.end() for match in _BREAK.finditer(text)))


def line_at(text: str, position: int) -> int:
    """Return the line, counted from 1, that holds this character."""
    return bisect_right(line_starts(text), position)


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """Return the line on which the part at `path` stands, or else its nearest parent; None for text that is no YAML.

    Paths are those of edits: `("stages", "Demo", "time_limit")`.
    """
    try:
        node = tree_of(text)
    except YamlFault:
        return None
    if node is None:
        return None
    position = node.start
    for step in path:
        index = index_of(node, step)
        if index is None:
            break
        position, node = child(node, index)
    return line_at(text, position)


def line_of_location(text: str, node: Node, location: Sequence[str | int]) -> int:
    """Return the line of a part of a text's tree, addressed by keys and by places, or else of its nearest parent."""
    position = node.start
    for step in location:
        index = step if isinstance(step, int) else index_of(node, step)
        if index is None or index >= size_of(node):
            break
        position, node = child(node, index)
    return line_at(text, position)


def index_of(node: Node, step: str) -> int | None:
    """Return the place of a key in a mapping, or of an item in a list by its name; None if it has none."""
    return next((index for index, name in enumerate(names_in(node)) if name == step), None)


def name_of(item: Node) -> str | None:
    """Return the name by which an item of a list is addressed: a plain item's text, or what its naming key says."""
    match item:
        case ScalarNode():
            return item.raw
        case MappingNode():
            said = {key.raw: value.raw for key, value in item.pairs if isinstance(value, ScalarNode)}
            return next((said[key] for key in NAMING_KEYS if key in said), None)
        case SequenceNode():
            return None


def names_in(node: Node) -> list[str | None]:
    """Return the names of what a node holds, in order: keys, or the names of items."""
    match node:
        case MappingNode():
            return [key.raw for key, _ in node.pairs]
        case SequenceNode():
            return [name_of(item) for item in node.items]
        case ScalarNode():
            return []


def size_of(node: Node) -> int:
    """Return how many keys or items a node holds."""
    match node:
        case MappingNode():
            return len(node.pairs)
        case SequenceNode():
            return len(node.items)
        case ScalarNode():
            return 0


def child(node: Node, index: int) -> tuple[int, Node]:
    """Return what stands at a place in a mapping or list, and the position where it begins, its key included."""
    if isinstance(node, MappingNode):
        key, value = node.pairs[index]
        return key.start, value
    assert isinstance(node, SequenceNode)  # a scalar holds nothing, and no index leads here
    return node.items[index].start, node.items[index]


def part_at(tree: Node, location: Sequence[str | int]) -> Node:
    """Return the part of a tree at a location that is there."""
    node = tree
    for step in location:
        index = step if isinstance(step, int) else index_of(node, step)
        assert index is not None  # a location is made by walking this very tree
        _, node = child(node, index)
    return node
