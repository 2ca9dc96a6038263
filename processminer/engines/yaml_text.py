# pyright: basic
"""The door to ruamel.yaml: YAML text as a tree that knows where each of its parts stands, and values as YAML text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEEPEST = 40
"""Text that is nested deeper than this was not written by a person."""


class YamlFault(Exception):  # noqa: N818 - it tells a fault of the text, as errors.Fault does
    """The text is no YAML that we read; `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value, from the first to behind the last character of its own text."""

    start: int
    end: int
    style: str
    """A quotation mark, `|`, `>`, or nothing for a plain one."""
    raw: str
    """What it says, quotation marks and escapes resolved."""
    value: Single
    """What it means: text, number, date, true or false, or None."""


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list, from its first to behind its last own character; comments that follow it are not its own."""

    start: int
    end: int
    flow: bool
    """Whether it is written in brackets."""
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys with values, in the order of the text; a key may stand twice."""

    start: int
    end: int
    flow: bool
    """Whether it is written in braces."""
    pairs: tuple[tuple[ScalarNode, Node], ...]


Node = ScalarNode | SequenceNode | MappingNode

Single: TypeAlias = str | int | float | bool | date | None
Plain: TypeAlias = "Single | list[Plain] | dict[str, Plain]"
"""What a text says, without how it says it."""


def compose(text: str) -> Node | None:
    """Return the tree of a text with one YAML document, or None where it holds nothing but comments.

    Raises YamlFault at the first place that is no YAML, and for what a hand-written file needs no YAML feature for:
    aliases, explicit tags, several documents, keys that are no plain text, and absurd nesting.
    """
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    composer = _Composer(text)
    try:
        return composer.document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = mark.index if mark is not None else 0
        raise YamlFault(_in_plain_words(error, text, position), position) from error
    except ReaderError as error:
        character = chr(error.character) if isinstance(error.character, int) else str(error.character)
        message = f"holds the control character {character!r}"
        raise YamlFault(message, max(text.find(character), 0)) from error
    except (YAMLError, ValueError, OverflowError) as error:
        message = f"cannot be read as YAML: {error}"
        raise YamlFault(message, composer.position) from error


def plain(node: Node | None) -> Plain:
    """Return what a tree says as dicts, lists and single values; of a key that stands twice, the later counts."""
    match node:
        case None:
            return None
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [plain(item) for item in node.items]
        case MappingNode():
            return {key.raw: plain(value) for key, value in node.pairs}


def load(text: str) -> Plain:
    """Return what a text says as dicts, lists and single values; raises YamlFault."""
    return plain(compose(text))


def dump(value: object) -> str:
    """Return a value as YAML on one line that means the same inside and outside of brackets.

    >>> dump("Demo"), dump("yes"), dump(["a: b", True, 3]), dump({"won": ["Closed Won"]})
    ('Demo', '"yes"', '["a: b", true, 3]', '{won: [Closed Won]}')
    """
    match value:
        case dict():
            return "{" + ", ".join(f"{dump(str(key))}: {dump(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(dump(item) for item in value) + "]"
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case int() | float():
            return _number(value)
        case _:
            return value.isoformat() if isinstance(value, date) else dump_text(str(value))


def dump_text(text: str, style: str = "") -> str:
    """Return text as YAML: plain where that is safe in every YAML version, else (or if asked) in quotation marks."""
    if style == "'" and _PRINTABLE.fullmatch(text):
        return "'" + text.replace("'", "''") + "'"
    if not style and _reads_as_text(text):
        return text
    return _QUIRKS.sub(_escaped, json.dumps(text, ensure_ascii=False))


_PLAIN = re.compile(r"[^\W_](?:[\w ./()&+'%-]*[\w./()&+'%-])?")
_PRINTABLE = re.compile("[ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
_QUIRKS = re.compile("[^ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_HALF = re.compile("[\ud800-\udfff]")
_OLD_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
"""Words that some YAML version takes for something else than text."""


def _reads_as_text(text: str) -> bool:
    plain_enough = _PLAIN.fullmatch(text) is not None and text.lower() not in _OLD_WORDS
    return plain_enough and _meaning(text) == text and _PRINTABLE.fullmatch(text) is not None


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - only NaN differs from itself
        return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[str(value)]
    return repr(value)


@cache
def _safe_yaml() -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True)


def _meaning(raw: str) -> Single:
    """Return what unquoted text means; what only looks like a number or a date stays text."""
    from ruamel.yaml import nodes

    yaml = _safe_yaml()
    tag = yaml.resolver.resolve(nodes.ScalarNode, raw, (True, False))
    kind = str(tag).rpartition(":")[2]
    if kind not in {"int", "float", "bool", "null", "timestamp"}:
        return raw
    try:
        value: Single = getattr(yaml.constructor, f"construct_yaml_{kind}")(nodes.ScalarNode(tag, raw))
    except (ValueError, OverflowError):
        return raw
    return value


class _Composer:
    """Builds the tree from the parser's events; a recursion no deeper than DEEPEST."""

    def __init__(self, text: str) -> None:
        from ruamel.yaml import YAML

        self._text = text
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        self.position = 0
        """How far the text has been read."""

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self._events:
            match type(event).__name__:
                case "DocumentStartEvent" if root is not None:
                    _refuse("a second document begins ('---'); keep one in a file", event.start_mark.index)
                case "DocumentStartEvent":
                    root = self._node(next(self._events), 0)
                case _:
                    pass
        empty = isinstance(root, ScalarNode) and root.value is None and not root.style
        return None if empty else root

    def _node(self, event: Any, depth: int) -> Node:
        position = self.position = event.start_mark.index
        if depth > DEEPEST:
            _refuse(f"is nested more than {DEEPEST} deep", position)
        kind = type(event).__name__
        if kind == "AliasEvent":
            _refuse(f"'*{event.anchor}' points elsewhere; write out what it stands for", position)
        _refuse_tag(event)
        if kind == "ScalarEvent":
            return self._scalar(event)
        return self._sequence(event, depth) if kind == "SequenceStartEvent" else self._mapping(event, depth)

    def _scalar(self, event: Any) -> ScalarNode:
        start, end, style = event.start_mark.index, event.end_mark.index, event.style or ""
        if style in ("|", ">"):
            end = start + len(self._text[start:end].rstrip())
        if _HALF.search(event.value):
            _refuse("holds half a character (a lone surrogate)", start)
        value = event.value if style else _meaning(event.value)
        return ScalarNode(start, end, style, event.value, value)

    def _sequence(self, event: Any, depth: int) -> SequenceNode:
        items: list[Node] = []
        start = event.start_mark.index
        behind = start
        while type(following := next(self._events)).__name__ != "SequenceEndEvent":
            item = self._node(following, depth + 1)
            if _is_absent(item):
                item = self._absent_at(behind + _after(r"[^-]*-", self._text, behind))
            behind = item.end
            items.append(item)
        flow = bool(event.flow_style)
        return SequenceNode(start, following.end_mark.index if flow else behind, flow, tuple(items))

    def _mapping(self, event: Any, depth: int) -> MappingNode:
        pairs: list[tuple[ScalarNode, Node]] = []
        start = event.start_mark.index
        behind = start
        while type(following := next(self._events)).__name__ != "MappingEndEvent":
            key = self._node(following, depth + 1)
            if not isinstance(key, ScalarNode):
                _refuse("a key must be plain text", key.start)
            value = self._node(next(self._events), depth + 1)
            if _is_absent(value):
                value = self._absent_at(key.end + _after(r"\s*:", self._text, key.end))
            behind = value.end
            pairs.append((key, value))
        flow = bool(event.flow_style)
        return MappingNode(start, following.end_mark.index if flow else behind, flow, tuple(pairs))

    @staticmethod
    def _absent_at(position: int) -> ScalarNode:
        # The parser marks an absent value where the next thing begins, often lines below the place where it belongs.
        return ScalarNode(position, position, "", "", None)


def _is_absent(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.start == node.end


def _after(pattern: str, text: str, start: int) -> int:
    match = re.compile(pattern).match(text, start)
    return match.end() - start if match else 0


def _refuse(message: str, position: int) -> NoReturn:
    raise YamlFault(message, position)


def _refuse_tag(event: Any) -> None:
    # An implicit tag comes as an object that says so, an explicit one as its name.
    if str(event.tag) not in ("True", "None"):
        _refuse(f"the tag '{event.tag}' is not read; write the value alone", event.start_mark.index)


_PLAIN_WORDS: Mapping[str, str] = {
    "mapping values are not allowed": "a ':' stands where none can; put text that holds ': ' in quotation marks",
    "could not find expected ':'": "a key needs a ':' behind it",
    "expected <block end>": "the indentation does not fit the lines above",
    "unexpected end of stream": "a quotation mark is opened and never closed",
    "expected the node content": "a value is missing here",
    "expected ',' or ']'": "a list in [brackets] is not closed, or lacks a comma",
    "expected ',' or '}'": "a mapping in {braces} is not closed, or lacks a comma",
    "did not find expected <document start>": "the indentation does not fit the lines above",
    "found duplicate anchor": "the same anchor stands twice",
    "found undefined alias": "an alias points to nothing; write out what it stands for",
}


def _in_plain_words(error: Any, text: str, position: int) -> str:
    problem = str(error.problem or error)
    line = text[text.rfind("\n", 0, position) + 1 : position + 1]
    if line.strip(" ")[:1] == "\t" or "'\\t'" in problem:
        return "a tab stands in the indentation; use spaces"
    if "cannot start any token" in problem:
        return f"text cannot begin with {text[position : position + 1]!r}; put it in quotation marks"
    return next((words for part, words in _PLAIN_WORDS.items() if part in problem), problem)
