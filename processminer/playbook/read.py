"""Reads a playbook, and tells everything that is wrong with it at once."""

from __future__ import annotations

import re
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from processminer.engines.yaml_text import MappingNode, ScalarNode, SequenceNode, YamlFault, plain
from processminer.errors import Fault, Place, PlaybookError
from processminer.playbook.lines import line_at, line_of_location, part_at, tree_of
from processminer.playbook.model import Playbook
from processminer.playbook.references import Location, Misfit, did_you_mean, misfits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from processminer.engines.yaml_text import Node

LARGEST = 1_000_000
"""Bytes; a hundred times the longest playbook that a person would write. A larger file is something else."""


def read_playbook(path: str | Path) -> Playbook:
    """Read a playbook file.

    Raises PlaybookError with every fault of the file, each with its line.
    """
    return parse_playbook(read_text(path), str(path))


def read_text(path: str | Path) -> str:
    """Return the text of a playbook file with its line endings as they are.

    Raises PlaybookError for a file that is missing, unreadable, too large or not UTF-8.
    """
    file = str(path)
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise _refusal(file, "there is no such file.", "Check the path.") from None
    except IsADirectoryError:
        raise _refusal(file, "is a folder, not a playbook.", "Name the file in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(file, f"cannot be opened: {reason}.") from None
    if len(content) > LARGEST:
        raise _refusal(file, f"is larger than {LARGEST // 1_000_000} MB; a playbook is a few pages.", "Is it the log?")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refusal(file, "is not UTF-8 text.", "Save it as UTF-8.", line) from None


def parse_playbook(text: str, file: str = "<playbook>") -> Playbook:
    """Read a playbook from its text; `file` is what faults call it.

    Raises PlaybookError with every fault of the text, each with its line.
    """
    tree = _tree(text, file)
    data = plain(tree)
    wrong = [*_double_keys(tree, ()), *misfits(data)]
    playbook: Playbook | None = None
    try:
        playbook = Playbook.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        # A list whose entries are all at fault is called too short as well: it is not, and its entries are told.
        wrong.extend(_misfit(one, tree) for one in details if one["type"] != "too_short" or not one["input"])
    if playbook is None or wrong:
        raise PlaybookError(_faults(wrong, text, tree, file))
    return playbook


def _refusal(file: str, message: str, hint: str | None = None, line: int | None = None) -> PlaybookError:
    return PlaybookError((Fault(message, Place(file, line), hint),))


def _tree(text: str, file: str) -> MappingNode:
    try:
        tree = tree_of(text)
    except YamlFault as fault:
        raise _refusal(file, f"{fault.message}.", None, line_at(text, fault.position)) from None
    if tree is None:
        raise _refusal(file, "is empty.", "Begin with 'processminer playbook new'.", 1)
    if not isinstance(tree, MappingNode):
        raise _refusal(file, "is not a playbook: it must begin with keys such as 'name:' and 'stages:'.", None, 1)
    return tree


def _faults(wrong: list[Misfit], text: str, tree: Node, file: str) -> tuple[Fault, ...]:
    """Order faults by line; what is wrong with a whole list is told before its parts."""
    placed = [(line_of_location(text, tree, misfit.location), misfit) for misfit in dict.fromkeys(wrong)]
    placed.sort(key=lambda one: (one[0], len(one[1].location)))
    return tuple(
        Fault(f"{_said(misfit.location)}{misfit.message}", Place(file, line), misfit.hint) for line, misfit in placed
    )


def _said(location: Location) -> str:
    """Say a location as `stages[2].time_limit: `."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return f"{steps.removeprefix('.')}: " if steps else ""


def _double_keys(node: Node, location: Location) -> Iterator[Misfit]:
    if isinstance(node, SequenceNode):
        for place, item in enumerate(node.items):
            yield from _double_keys(item, (*location, place))
    elif isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.pairs:
            if key.raw in seen:
                yield Misfit((*location, key.raw), "stands twice.", "Keep one.")
            seen.add(key.raw)
            yield from _double_keys(value, (*location, key.raw))


def _misfit(detail: ErrorDetails, tree: Node) -> Misfit:
    """Say in plain words what the model refused."""
    location = detail["loc"]
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(location)
    if kind == "value_error":
        return _refused(location, str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"])
    if kind == "literal_error":
        return _unknown_choice(detail)
    if kind == "missing":
        return Misfit(location, "is missing.", f"Write '{location[-1]}: ...' here.")
    if kind == "string_type" and not isinstance(detail["input"], (list, dict, type(None))):
        return Misfit(location, f"is read as {_what(detail['input'])}, not as text.", _in_quotes(tree, location))
    return Misfit(
        location, *_WORDS.get(kind, (f"{detail['msg']}.", "'processminer playbook schema' says what may be."))
    )


_KEYS = ("must hold keys with values.", "Write them as 'key: value', one on each line.")
_YES_OR_NO = ("must be true or false.", "Write one of the two, without quotation marks.")
_WHOLE = ("must be a whole number.", "Write it in digits, such as 3.")
_WORDS: dict[str, tuple[str, str]] = {
    "string_type": ("must be text.", "Write one text behind it, or take it away."),
    "tuple_type": ("must be a list.", "Write one entry per line, each behind a '- ', or [a, b]."),
    "dict_type": _KEYS,
    "model_type": _KEYS,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "date_type": ("is not a day.", "Write for example 2026-01-31."),
    "date_parsing": ("is not a day.", "Write for example 2026-01-31."),
    "date_from_datetime_parsing": ("is not a day.", "Write for example 2026-01-31."),
    "date_from_datetime_inexact": ("is not a day.", "Write for example 2026-01-31."),
    "greater_than_equal": ("must be 1 or more.", "Write 1 or a larger number, or take it away."),
    "too_short": ("holds nothing.", "Write at least one entry, such as '- name: Demo'."),
}


def _refused(location: Location, words: str) -> Misfit:
    """Tell what a validator of ours refused: the reason, and behind its last semicolon what to write instead."""
    reason, _, mend = words.rpartition("; ")
    return Misfit(location, f"{reason}.", f"{mend[:1].upper()}{mend[1:]}.")


def _unknown_choice(detail: ErrorDetails) -> Misfit:
    known = re.findall(r"'([^']*)'", detail["msg"])
    hint = did_you_mean(str(detail["input"]), known) or f"It may be: {', '.join(known)}."
    return Misfit(detail["loc"], f"{str(detail['input'])!r} is nothing that may stand here.", hint)


def _what(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case _:
            return "a date"


def _in_quotes(tree: Node, location: Location) -> str | None:
    part = part_at(tree, location)
    return f"Put it in quotation marks: '{part.raw}'" if isinstance(part, ScalarNode) else None


def _unknown_key(location: Location) -> Misfit:
    part = _part_at(location[:-1])
    known = [field.alias or name for name, field in part.model_fields.items()]
    word = str(location[-1])
    hint = did_you_mean(word, known) or f"Known keys: {', '.join(known)}."
    return Misfit(location, f"not a key of {part.called}.", hint)


def _part_at(location: Location) -> type[Any]:
    """Return the model that describes the part at a location."""
    part: type[Any] = Playbook
    for step in location:
        if isinstance(step, str) and step in part.model_fields:
            part = next(_models_in(part.model_fields[step].annotation), part)
    return part


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _models_in(inner)
