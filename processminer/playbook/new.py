"""A playbook to begin with."""

from __future__ import annotations

from importlib import resources

from processminer.playbook.edits import Edit
from processminer.playbook.patch import apply


def new_playbook(name: str) -> str:
    """Return the text of a commented playbook of this name, which reads and lints without a remark.

    Raises PlaybookError for an empty name.
    """
    template = resources.files("processminer.playbook").joinpath("template.yaml").read_text(encoding="utf-8")
    return apply(template, (Edit("set", ("name",), name),))
