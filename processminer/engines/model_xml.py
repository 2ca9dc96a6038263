"""A process model's XML, looked through before anything is made of it: what it names, and what is wrong where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from xml.parsers import expat

from processminer.errors import Fault, Place, PlaybookError

TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
        "callActivity",
    }
)
"""What BPMN calls a step (Object Management Group, BPMN 2.0.2, 2014)."""


@dataclass(frozen=True, slots=True)
class ModelText:
    """What a model names, in the order of its file."""

    kind: Literal["bpmn", "pnml"]
    steps: tuple[str, ...]
    """Names of tasks, or of transitions that are seen."""
    ends: tuple[str, ...]
    """Names of the end events of BPMN."""


@dataclass(slots=True)
class _Part:
    tag: str
    line: int
    said: dict[str, str]
    name: str = ""
    silent: bool = False


@dataclass(slots=True)
class _Reader:
    """Collects the parts of a model with their lines, as expat meets them."""

    parser: expat.XMLParserType
    file: str
    root: str = ""
    parts: list[_Part] = field(default_factory=list[_Part])
    open: list[tuple[str, _Part | None]] = field(default_factory=list[tuple[str, "_Part | None"]])
    """The elements around, each with the part that it belongs to."""

    def begin(self, tag: str, said: dict[str, str]) -> None:
        self.root = self.root or tag
        local = tag.rpartition(":")[2]
        part = self.open[-1][1] if self.open else None
        if "id" in said or local == "arc":
            part = _Part(local, self.parser.CurrentLineNumber, said, said.get("name", ""))
            self.parts.append(part)
        elif part is not None and "invisible" in said.get("activity", ""):
            part.silent = True
        self.open.append((local, part))

    def text(self, said: str) -> None:
        part = self.open[-1][1]
        if part is not None and [tag for tag, _ in self.open[-2:]] == ["name", "text"]:
            part.name += said

    def end(self, _: str) -> None:
        self.open.pop()

    def refuse_types(self, *_: object) -> None:
        message = "declares a document type, which could pull in other files."
        raise _refused(message, self.file, self.parser.CurrentLineNumber, "Remove the <!DOCTYPE ...> part.")


def looks_like_xml(text: str) -> bool:
    """Tell whether a text is XML rather than YAML."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def read_model_text(text: str, file: str) -> ModelText:
    """Return what a BPMN or PNML model names. Raises PlaybookError with every fault, each with its line."""
    parser = expat.ParserCreate()
    reader = _Reader(parser, file)
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.text, reader.refuse_types
    try:
        # The text is decoded already: what its first line says of its encoding no longer holds.
        parser.Parse(text.lstrip("\ufeff \t\r\n").encode(), True)  # noqa: FBT003 - expat takes it so
    except expat.ExpatError as error:
        message = f"is not well-formed XML: {expat.ErrorString(error.code)}."
        raise _refused(message, file, error.lineno, None) from None
    kind = {"definitions": "bpmn", "pnml": "pnml"}.get(reader.root.rpartition(":")[2])
    if kind == "bpmn":
        return _bpmn(reader.parts, file)
    if kind == "pnml":
        return _pnml(reader.parts, file)
    message = f"is XML, but neither BPMN nor PNML: it begins with <{reader.root}>."
    raise _refused(message, file, 1, "Export the process as BPMN 2.0 or as PNML.")


def _bpmn(parts: list[_Part], file: str) -> ModelText:
    steps = [part for part in parts if part.tag in TASKS]
    ends = [part for part in parts if part.tag == "endEvent"]
    known = {part.said.get("id") for part in parts}
    faults = [
        _fault(f"the sequence flow {flow.said.get('id')!r} leads {way} {end!r}, which is not there.", file, flow.line)
        for flow in parts
        if flow.tag == "sequenceFlow"
        for way, key in (("from", "sourceRef"), ("to", "targetRef"))
        if (end := flow.said.get(key)) not in known
    ]
    faults += [_fault("the model has no start event.", file, 1) for _ in [0] if not _any(parts, "startEvent")]
    faults += [_fault("the model has no end event.", file, 1) for _ in [0] if not ends]
    return _read("bpmn", steps, ends, faults, file)


def _pnml(parts: list[_Part], file: str) -> ModelText:
    steps = [part for part in parts if part.tag == "transition" and not part.silent]
    known = {part.said.get("id") for part in parts if part.tag in {"place", "transition"}}
    faults = [
        _fault(f"the arc {arc.said.get('id')!r} leads {way} {end!r}, which is not there.", file, arc.line)
        for arc in parts
        if arc.tag == "arc"
        for way, key in (("from", "source"), ("to", "target"))
        if (end := arc.said.get(key)) not in known
    ]
    faults += [_fault("the model has no place.", file, 1) for _ in [0] if not _any(parts, "place")]
    return _read("pnml", steps, [], faults, file)


def _any(parts: list[_Part], tag: str) -> bool:
    return any(part.tag == tag for part in parts)


def _read(
    kind: Literal["bpmn", "pnml"], steps: list[_Part], ends: list[_Part], faults: list[Fault], file: str
) -> ModelText:
    named = [name for part in steps if (name := part.name.strip())]
    if not named:
        faults.append(_fault("the model names no step that a deal could take.", file, 1))
    if faults:
        raise PlaybookError(tuple(sorted(faults, key=lambda fault: fault.place.line or 0)))
    finished = [name for part in ends if (name := part.name.strip())]
    return ModelText(kind, tuple(dict.fromkeys(named)), tuple(dict.fromkeys(finished)))


def _fault(message: str, file: str, line: int) -> Fault:
    return Fault(message, Place(file, line))


def _refused(message: str, file: str, line: int, hint: str | None) -> PlaybookError:
    return PlaybookError((Fault(message, Place(file, line), hint),))
