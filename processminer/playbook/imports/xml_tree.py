"""XML as a tree that knows the lines of its elements; nothing outside of the file is ever looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from processminer.playbook.imports.said import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 100
"""Models and metadata are a dozen elements deep."""


@dataclass(slots=True)
class Element:
    """An element of XML, its name without the prefix."""

    space: str
    """The namespace, or nothing."""
    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list["Element"])
    pieces: list[str] = field(default_factory=list[str])

    @property
    def text(self) -> str:
        """Its own text, blanks at the ends taken off."""
        return "".join(self.pieces).strip()

    def named(self, tag: str) -> list[Element]:
        """Return the children of this name."""
        return [child for child in self.children if child.tag == tag]

    def said(self, tag: str) -> str:
        """Return the text of the first child of this name, or nothing."""
        return next((child.text for child in self.named(tag)), "")

    def all(self) -> Iterator[Element]:
        """Yield it and everything in it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.all()


def read_tree(content: bytes, file: str) -> Element:
    """Return the root of an XML file.

    Raises PlaybookError for what is no XML, is nested absurdly, or declares a document type: that could pull in other
    files, or swell to any size.
    """
    reader = _Reader(file)
    try:
        reader.parser.Parse(content, True)  # noqa: FBT003 - expat takes it by place only
    except expat.ExpatError as error:
        message = f"is no well-formed XML ({expat.ErrorString(error.code)})."
        raise refuse(file, message, "Export it again.", error.lineno) from error
    except (LookupError, ValueError) as error:
        message = "is XML in letters that cannot be read."
        raise refuse(file, message, "Save it as UTF-8.", 1) from error
    assert reader.root is not None  # expat refuses a file without an element
    return reader.root


class _Reader:
    def __init__(self, file: str) -> None:
        self.root: Element | None = None
        self._file = file
        self._open: list[Element] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            message = f"is nested more than {DEEPEST} deep."
            raise refuse(self._file, message, "No modelling tool writes that.", self.parser.CurrentLineNumber)
        space, _, tag = name.rpartition(" ")
        # Attributes of other namespaces are a tool's own affair.
        own = {key: value for key, value in attributes.items() if " " not in key}
        element = Element(space, tag, own, self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].pieces.append(text)

    def _refuse_document_type(self, *_declared: object) -> None:
        message = "declares a document type, which could pull in other files."
        hint = "Remove the <!DOCTYPE ...> part, or export it again."
        raise refuse(self._file, message, hint, self.parser.CurrentLineNumber)
