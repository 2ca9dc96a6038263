"""Edits the text of a playbook so that every other line stays as its author wrote it."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import YamlFault, plain
from processminer.errors import EngineError, Fault, Place, PlaybookError
from processminer.playbook.changes import carried_out, change_of, same
from processminer.playbook.lines import line_at, tree_of
from processminer.playbook.read import parse_playbook
from processminer.playbook.splice import splice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.playbook.edits import Edit


_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with the edits carried out one after the other, every other line as it was.

    Raises PlaybookError for an edit whose path leads nowhere and for a result that is no playbook, and EngineError
    rather than return a text that does not say what the edits mean.
    """
    for edit in edits:
        text = _edited(text, edit)
    if edits:
        parse_playbook(text, "<the edited playbook>")
    return text


def difference(before: str, after: str, name: str) -> str:
    """Return the unified diff of two texts of the playbook `name`; empty where they are equal.

    A name that leads out of the folder is cut to its last part, so that `patch` and `git apply` take the diff.
    """
    from difflib import unified_diff

    parts = PurePath(name).parts
    name = parts[-1] if PurePath(name).is_absolute() or ".." in parts else PurePath(name).as_posix()
    lines = unified_diff(_LINE.findall(before), _LINE.findall(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _edited(text: str, edit: Edit) -> str:
    try:
        tree = tree_of(text)
    except YamlFault as fault:
        raise PlaybookError((Fault(f"{fault.message}.", Place("<playbook>", line_at(text, fault.position))),)) from None
    if tree is None:
        raise PlaybookError((Fault("is empty.", Place("<playbook>", 1)),))
    change = change_of(text, tree, edit)
    meant = carried_out(plain(tree), change)
    changed = splice(text, tree, change)
    try:
        kept = same(plain(tree_of(changed)), meant)
    except YamlFault:
        kept = False
    if not kept:
        message = f"Cannot {edit.action} {' > '.join(edit.path)!r} in this text without changing something else."
        raise EngineError(message, hint="Write the lines around it in a plainer form, one key per line, and try again.")
    return changed
