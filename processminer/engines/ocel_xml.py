"""OCEL 2.0 in XML, read by the standard library's streaming parser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from processminer.engines.ocel_tables import EPOCH
from processminer.errors import EngineError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from processminer.engines.ocel_tables import Rows

BLOCK = 1 << 20

HINT = "An OCEL 2.0 file in XML is a <log> with <objects> and <events>; export the log again."


def read_xml(path: Path) -> Iterator[Rows]:
    """Yield the rows of a file in its order.

    Raises EngineError where it is no XML, is cut off, or declares a document type.
    """
    reader = _Reader(path)
    with path.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                reader.parser.Parse(block, False)  # noqa: FBT003 - expat takes it so
                yield from reader.taken()
            reader.parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            message = f"not well-formed XML ({expat.ErrorString(error.code)})."
            raise EngineError(message, Place(str(path), error.lineno), HINT) from error
        except (LookupError, UnicodeError) as error:
            message = f"the file's letters cannot be read as it declares them: {error}"
            raise EngineError(message, Place(str(path), 1), "Save it as UTF-8.") from error
    yield from reader.taken()


class _Reader:
    """Gathers rows while the parser walks through the file: <objects> and <events> stand in the log and within both."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: list[str] = []
        self._rows: list[Rows] = []
        self._owner: tuple[str, str | None] | None = None
        """What the attributes and relationships met next belong to: an object or an event, and its id."""
        self._attribute: dict[str, str] | None = None
        self._text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type

    def taken(self) -> list[Rows]:
        rows, self._rows = self._rows, []
        return rows

    def _start(self, name: str, given: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self._open.append(tag)
        if len(self._open) == 1 and tag != "log":
            message = f"the file holds <{name}>, not an OCEL <log>."
            raise EngineError(message, self._place(), HINT)
        if tag in {"object", "event"} and len(self._open) == 3:
            self._owner = (tag, given.get("id"))
            kind = given.get("type")
            if tag == "object":
                self._rows.append(("ocel_objects", (given.get("id"), kind)))
            else:
                self._rows.append(("ocel_events", (given.get("id"), kind, given.get("time"))))
        elif self._owner is not None:
            self._belonging(tag, given)

    def _belonging(self, tag: str, given: dict[str, str]) -> None:
        assert self._owner is not None
        kind, owner = self._owner
        if tag == "attribute":
            self._attribute, self._text = given, []
        elif tag in {"relationship", "object"} and self._open[-2] == "objects":
            table = "ocel_object_objects" if kind == "object" else "ocel_event_objects"
            self._rows.append((table, (owner, given.get("object-id"), given.get("qualifier"))))

    def _characters(self, text: str) -> None:
        if self._attribute is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._open.pop()
        tag = name.rpartition(":")[2]
        if tag in {"object", "event"} and len(self._open) == 2:
            self._owner = None
        elif tag == "attribute" and self._attribute is not None and self._owner is not None:
            kind, owner = self._owner
            name, value = self._attribute.get("name", ""), "".join(self._text)
            since = self._attribute.get("time", EPOCH)
            if kind == "object":
                changed = None if since == "0" or since.startswith(EPOCH) else since
                self._rows.append(("ocel_object_values", (owner, name, value, changed)))
            else:
                self._rows.append(("ocel_event_values", (owner, name, value)))
            self._attribute = None

    def _refuse_document_type(self, *_declared: object) -> None:
        message = "the file declares a document type, which OCEL has no use for."
        raise EngineError(message, self._place(), "It could pull in other files: remove the <!DOCTYPE ...> part.")

    def _place(self) -> Place:
        return Place(str(self._path), self.parser.CurrentLineNumber)
