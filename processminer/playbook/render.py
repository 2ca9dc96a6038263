"""New parts of a playbook as YAML lines, in the manner in which people write playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.yaml_text import ScalarNode, dump, dump_text

if TYPE_CHECKING:
    from processminer.engines.yaml_text import Node, Plain

WIDEST = 100
"""Characters; a longer list in brackets is hard to review line by line."""


def inline(value: Plain, like: Node | None = None) -> str:
    """Return a value on one line; text keeps the quotation marks of what it replaces, where they were the author's."""
    if isinstance(value, str) and isinstance(like, ScalarNode) and _chosen(like):
        return dump_text(value, like.style)
    return dump(value)


def block(value: Plain, indent: int) -> list[str]:
    """Return a list or mapping as lines, indented by so many blanks."""
    if isinstance(value, dict):
        return [line for key, inner in value.items() for line in entry(key, inner, indent)]
    return [line for inner in inner_values(value) for line in item(inner, indent)]


def entry(key: str, value: Plain, indent: int) -> list[str]:
    """Return a key with its value as lines."""
    head = f"{' ' * indent}{dump(key)}:"
    return [f"{head} {inline(value)}"] if fits_inline(value) else [head, *block(value, indent + 2)]


def item(value: Plain, indent: int, gap: str = " ") -> list[str]:
    """Return an item of a list as lines, its dash indented by so many blanks."""
    if not inner_values(value):
        return [f"{' ' * indent}-{gap}{inline(value)}"]
    first, *rest = block(value, indent + 1 + len(gap))
    return [f"{' ' * indent}-{gap}{first.lstrip(' ')}", *rest]


def fits_inline(value: Plain) -> bool:
    """Tell whether a value reads well on one line: a single one, or a short list or mapping of single ones."""
    inner = inner_values(value)
    return not inner or (not any(inner_values(one) for one in inner) and len(dump(value)) <= WIDEST)


def inner_values(value: Plain) -> list[Plain]:
    """Return what a list or mapping holds; nothing for a single value."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _chosen(node: ScalarNode) -> bool:
    """Tell whether the author put the text in quotation marks without need."""
    return node.style == "'" or (node.style == '"' and dump_text(node.raw) == node.raw)
