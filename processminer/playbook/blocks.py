"""Puts a ready block of qualification into a playbook's text, each question as a comment beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from processminer.playbook.edits import Edit
from processminer.playbook.frameworks import FRAMEWORKS
from processminer.playbook.lines import line_of, line_starts
from processminer.playbook.patch import apply

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_block(text: str, uses: str, stage: str, columns: Mapping[str, str] | None = None) -> str:
    """Return the text with a ready block among the exit criteria of a stage, every other line as it was.

    `columns` says which column of the log shows an element; if it says any, the others stand there to be filled in.
    Raises PlaybookError for a stage that is not there or has a criterion of this name already.
    """
    block: dict[str, Any] = {"name": uses, "uses": uses}
    if columns:
        block["of"] = {element: columns.get(element) for element in FRAMEWORKS[uses].elements}
    path = ("stages", stage, "exit_criteria")
    added = apply(text, (Edit("add", path, block),))
    line = line_of(added, (*path, uses))
    assert line is not None  # it was read just now
    start = line_starts(added)[line - 1]
    indent = added[start : len(added) - len(added[start:].lstrip(" "))]
    newline = "\r\n" if "\r\n" in added else "\n"
    return added[:start] + "".join(f"{indent}# {said}{newline}" for said in _questions(uses)) + added[start:]


def _questions(uses: str) -> list[str]:
    framework = FRAMEWORKS[uses]
    count = len(framework.elements)
    needed = f"all {count}" if framework.enough == count else f"{framework.enough} of {count}"
    asked = [
        f"{element}: {question}" for element, question in zip(framework.elements, framework.questions, strict=True)
    ]
    return [f"{needed[0].upper()}{needed[1:]} have to be known; `at_least` says another number.", *asked]
