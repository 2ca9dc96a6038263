"""What an edit comes to in a given playbook: which part changes, and what the playbook says afterwards."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from types import NoneType
from typing import TYPE_CHECKING, Any, NoReturn, cast

from processminer.engines.yaml_text import MappingNode, ScalarNode, SequenceNode
from processminer.errors import Fault, Place, PlaybookError
from processminer.playbook.lines import child, index_of, line_of, names_in, part_at, size_of
from processminer.playbook.references import did_you_mean

if TYPE_CHECKING:
    from processminer.engines.yaml_text import Node, Plain
    from processminer.playbook.edits import Edit
    from processminer.playbook.references import Location


@dataclass(frozen=True, slots=True)
class Replace:
    """Give the part at `location` this value."""

    location: Location
    value: Plain


@dataclass(frozen=True, slots=True)
class AddKey:
    """Give the mapping at `location` a new key."""

    location: Location
    key: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Insert:
    """Put an item into the list at `location` so that it stands at `index`."""

    location: Location
    index: int
    value: Plain


@dataclass(frozen=True, slots=True)
class Drop:
    """Take away the part at `location`."""

    location: Location


@dataclass(frozen=True, slots=True)
class Move:
    """Give the item at `source` of the list at `location` the place `target`."""

    location: Location
    source: int
    target: int


Change = Replace | AddKey | Insert | Drop | Move


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far a path leads into a playbook."""

    walked: tuple[str, ...]
    location: Location
    node: Node
    missing: tuple[str, ...]
    """The steps that are left; none where the path leads to a part that is there."""


def change_of(text: str, tree: Node, edit: Edit) -> Change:
    """Return what an edit comes to. Raises PlaybookError for a path that leads nowhere."""
    reach = _follow(tree, edit.path)
    if not edit.path:
        _refuse(text, edit, reach, "an edit concerns a part of it")
    if edit.action == "remove":
        return _removal(text, tree, edit, reach)
    if edit.action == "move":
        return _moving(text, tree, edit, reach)
    value = _as_read(edit.value)
    if edit.action == "set":
        return _setting(text, edit, reach, value)
    if not reach.missing:
        return _addition(text, edit, reach, value)
    if edit.after:
        _refuse_missing(text, edit, reach, reach.missing[0])
    return _setting(text, edit, reach, [value])


def carried_out(data: Plain, change: Change) -> Plain:
    """Return plain data as it reads after a change."""
    changed: Any = {"": deepcopy(data)}
    path: Location = ("", *change.location)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    match change:
        case Replace():
            holder[path[-1]] = change.value
        case AddKey():
            holder[path[-1]][change.key] = change.value
        case Insert():
            holder[path[-1]].insert(change.index, change.value)
        case Drop():
            del holder[path[-1]]
        case Move():
            items = holder[path[-1]]
            items.insert(change.target, items.pop(change.source))
    said: Plain = changed[""]
    return said


def same(one: Plain, other: Plain) -> bool:
    """Tell whether two pieces of plain data say the same; 1, 1.0 and true do not, the order of keys does not matter."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def _follow(tree: Node, path: tuple[str, ...]) -> _Reach:
    location: Location = ()
    node = tree
    for place, step in enumerate(path):
        index = index_of(node, step)
        if index is None:
            return _Reach(path[:place], location, node, path[place:])
        location = (*location, index if isinstance(node, SequenceNode) else step)
        _, node = child(node, index)
    return _Reach(path, location, node, ())


def _removal(text: str, tree: Node, edit: Edit, reach: _Reach) -> Change:
    # A list of one may be written as the bare item: taking that away takes the key.
    lone = isinstance(reach.node, ScalarNode) and reach.missing == (reach.node.raw,)
    if reach.missing and not lone:
        _refuse_missing(text, edit, reach, reach.missing[0])
    location = reach.location
    while len(location) > 1 and size_of(part_at(tree, location[:-1])) == 1:
        location = location[:-1]
    return Drop(location)


def _moving(text: str, tree: Node, edit: Edit, reach: _Reach) -> Change:
    if reach.missing:
        _refuse_missing(text, edit, reach, reach.missing[0])
    *above, source = reach.location
    holder = part_at(tree, above)
    if not isinstance(source, int):
        _refuse(text, edit, reach, "only items of a list have an order that matters")
    names = names_in(holder)
    if edit.after and (edit.after not in names or names.index(edit.after) == source):
        siblings = _Reach(reach.walked[:-1], tuple(above), holder, ())
        _refuse_missing(text, edit, siblings, edit.after)
    others = [place for place in range(len(names)) if place != source]
    if edit.after is None:
        return Move(tuple(above), source, len(others))
    return Move(tuple(above), source, others.index(names.index(edit.after)) + 1 if edit.after else 0)


def _addition(text: str, edit: Edit, reach: _Reach, value: Plain) -> Change:
    node = reach.node
    if isinstance(node, MappingNode):
        _refuse(text, edit, reach, "it holds keys, not a list")
    if isinstance(node, ScalarNode) and node.value is None:
        return Replace(reach.location, [value])
    if edit.after and edit.after not in _names(node):
        _refuse_missing(text, edit, reach, edit.after)
    if isinstance(node, ScalarNode):
        return Replace(reach.location, [value, node.value] if edit.after == "" else [node.value, value])
    names = names_in(node)
    if edit.after is None:
        return Insert(reach.location, len(names), value)
    return Insert(reach.location, names.index(edit.after) + 1 if edit.after else 0, value)


def _setting(text: str, edit: Edit, reach: _Reach, value: Plain) -> Change:
    """Replace what is there, or add the key that is not.

    Mappings are made on the way only at the top of a playbook: further down a missing step is a wrong name.
    """
    if not reach.missing:
        return Replace(reach.location, value)
    key, *deeper = reach.missing
    for step in reversed(deeper):
        value = {step: value}
    empty = isinstance(reach.node, ScalarNode) and reach.node.value is None
    if isinstance(reach.node, MappingNode) and (not deeper or not reach.location):
        return AddKey(reach.location, key, value)
    if empty and not deeper and len(reach.location) == 1:
        return Replace(reach.location, {key: value})
    return _refuse_missing(text, edit, reach, key)


def _names(node: Node) -> list[str]:
    return [node.raw] if isinstance(node, ScalarNode) else [name for name in names_in(node) if name is not None]


def _as_read(value: object) -> Plain:
    """Return a value as it will be read back: lists for tuples, keys as text."""
    if isinstance(value, dict):
        return {str(key): _as_read(inner) for key, inner in cast("dict[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_as_read(inner) for inner in cast("list[object]", value)]
    return value if isinstance(value, (int, float, date, NoneType)) else str(value)


def _refuse_missing(text: str, edit: Edit, reach: _Reach, missing: str) -> NoReturn:
    """Refuse a path, naming its first step that leads nowhere."""
    where = f"in {' > '.join(reach.walked)!r}" if reach.walked else "at the top of the playbook"
    _refuse(text, edit, reach, f"there is no {missing!r} {where}", did_you_mean(missing, _names(reach.node)))


def _refuse(text: str, edit: Edit, reach: _Reach, why: str, hint: str | None = None) -> NoReturn:
    place = Place("<playbook>", line_of(text, reach.walked))
    path = repr(" > ".join(edit.path)) if edit.path else "the whole playbook"
    raise PlaybookError((Fault(f"cannot {edit.action} {path}: {why}.", place, hint),))
