"""The mapping file: what a user says of an export once, kept beside it for the next time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from processminer.engines.yaml_text import MappingNode, SequenceNode, YamlFault, compose, plain
from processminer.errors import InputError, LogError, Place
from processminer.log.names import Names
from processminer.log.quirks.catalogue import choose_treatments
from processminer.log.sources.profile import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from processminer.engines.yaml_text import Node
    from processminer.log.options import Options

LARGEST = 1_000_000
"""Bytes; a mapping is a page."""


def _moment(said: object) -> object:
    """Return a day as its last second, a time with a zone in UTC without it."""
    if isinstance(said, str):
        said = datetime.fromisoformat(said) if "T" in said or " " in said else date.fromisoformat(said)
    if isinstance(said, datetime):
        return said.astimezone(UTC).replace(tzinfo=None) if said.tzinfo else said
    return datetime.combine(said, time(23, 59, 59)) if isinstance(said, date) else said


def _text(said: object) -> object:
    """Return a number as text: a stage may be called 3, and an id is written in figures."""
    return str(said) if isinstance(said, (int, float)) else said


def _texts(said: object) -> object:
    return [_text(one) for one in cast("list[object]", said)] if isinstance(said, list) else said


def _text_values(said: object) -> object:
    if not isinstance(said, dict):
        return said
    return {str(key): _text(one) for key, one in cast("dict[object, object]", said).items()}


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
TextValues = Annotated[dict[str, str], BeforeValidator(_text_values)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableSaid(_Said):
    """A table in its part, and the columns that recognition would not find."""

    file: str | None = None
    columns: TextValues = {}


class StagesSaid(_Said):
    """The log's stages: their order, other names they go by, and which of them end a deal."""

    order: Texts = ()
    called: TextValues = {}
    """Label or id in the log to the name it shall have."""
    won: Texts = ()
    lost: Texts = ()


class MappingFile(_Said):
    """Everything that a mapping file can say; every key may be left out."""

    profile: str | None = None
    tables: dict[Role, TableSaid] = {}
    stages: StagesSaid = StagesSaid()
    date_order: Literal["dmy", "mdy"] | None = None
    timezone: str | None = None
    decimal: Literal[",", "."] | None = None
    as_of: Annotated[datetime | None, BeforeValidator(_moment)] = None
    pipeline: str | None = None
    only: TextValues = {}
    machines: Texts = ()
    treat: TextValues = {}


def read_mapping(path: Path) -> MappingFile:
    """Read a mapping file. Raises LogError with the line of its first fault, and every other one in the message."""
    text = _read(path)
    try:
        tree = compose(text)
    except YamlFault as fault:
        line = text.count("\n", 0, fault.position) + 1
        message = f"{fault.message}."
        raise LogError(message, Place(str(path), line), "Mend that line.") from None
    try:
        said = MappingFile.model_validate(plain(tree) or {})
    except ValidationError as error:
        faults = error.errors(include_url=False)
        lines = [_line(text, tree, fault["loc"]) for fault in faults]
        told = [f"line {line}: {_told(fault)}" for line, fault in sorted(zip(lines, faults, strict=True), key=_first)]
        message = "is no mapping file that can be read. " + " ".join(told)
        raise LogError(
            message, Place(str(path), min(lines)), "'processminer doctor LOG --write-mapping FILE' writes one."
        ) from None

    for kind, treatment in said.treat.items():
        try:
            choose_treatments({kind: treatment})
        except InputError as error:
            place = Place(str(path), _line(text, tree, ("treat", kind)))
            raise LogError(error.message, place, error.hint) from None
    return said


def _first(one: tuple[int, ErrorDetails]) -> int:
    return one[0]


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            message = "is too large for a mapping file."
            raise LogError(message, Place(str(path)), "Is it the log?")
        return content.decode("utf-8-sig")
    except OSError as error:
        message = f"cannot be opened: {error.strerror}."
        raise LogError(message, Place(str(path)), "Check the path given with --mapping.") from None
    except UnicodeDecodeError:
        message = "is not UTF-8 text."
        raise LogError(message, Place(str(path)), "Save it as UTF-8.") from None


def _line(text: str, tree: Node | None, location: Sequence[str | int]) -> int:
    """Return the line of the deepest part of a location that the text has."""
    position = 0 if tree is None else tree.start
    node = tree
    for step in location:
        if isinstance(node, MappingNode):
            pair = next((pair for pair in node.pairs if pair[0].raw == step), None)
            if pair is None:
                break
            position, node = pair[0].start, pair[1]
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.items[step]
            position = node.start
    return text.count("\n", 0, position) + 1


def _told(fault: ErrorDetails) -> str:
    where = ".".join(str(step) for step in fault["loc"])
    if fault["type"] == "extra_forbidden":
        close = get_close_matches(str(fault["loc"][-1]), _keys_beside(fault["loc"]), 1)
        return f"{where} is not a key. " + (
            f"Did you mean {close[0]!r}?" if close else f"Keys: {', '.join(_keys_beside(fault['loc']))}."
        )
    return f"{where}: {fault['msg']}."


def _keys_beside(location: Sequence[str | int]) -> list[str]:
    model: type[BaseModel] = MappingFile
    if len(location) > 1:
        model = StagesSaid if location[0] == "stages" else TableSaid
    return list(model.model_fields)


def mapped(options: Options, said: MappingFile) -> Options:
    """Return the options with what a mapping file says; what was said on the command line goes first."""
    names, stages, own = options.names, said.stages, options.conventions
    return replace(
        options,
        names=Names(
            order=names.order or stages.order,
            aliases={**stages.called, **names.aliases},
            won=names.won or stages.won,
            lost=names.lost or stages.lost,
            insist=names.insist,
            lenient=names.lenient,
        ),
        as_of=options.as_of or said.as_of,
        conventions=replace(
            own,
            date_order=own.date_order or said.date_order,
            timezone=own.timezone or said.timezone,
            decimal=own.decimal or said.decimal,
        ),
        profile=options.profile or said.profile,
        tables={**{role: table.file for role, table in said.tables.items() if table.file}, **options.tables},
        role_columns={**{role: table.columns for role, table in said.tables.items()}, **options.role_columns},
        pipeline=options.pipeline or said.pipeline,
        only={**said.only, **options.only},
        machines=(*options.machines, *said.machines),
        treat={**said.treat, **options.treat},
    )
