"""A playbook to begin with: the commented one, or one that ships, and the line by which editors know its keys."""

from __future__ import annotations

import re
from importlib import resources

from processminer.playbook.edits import Edit
from processminer.playbook.patch import apply

SCHEMA_FILE = "playbook.schema.json"
"""What the schema is called beside a playbook."""
_MODELINE = re.compile(r"(\ufeff?)(?:#[ \t]*yaml-language-server:[^\r\n]*(?:\r\n|\n|\r))?")


def new_playbook(name: str) -> str:
    """Return the text of a commented playbook of this name, which reads and lints without a remark.

    Raises PlaybookError for an empty name.
    """
    template = resources.files("processminer.playbook").joinpath("template.yaml").read_text(encoding="utf-8")
    return renamed(template, name)


def renamed(text: str, name: str) -> str:
    """Return a playbook's text under another name, every other line as it was.

    Raises PlaybookError for an empty name.
    """
    return apply(text, (Edit("set", ("name",), name),))


def under_schema(text: str, schema: str = SCHEMA_FILE) -> str:
    """Return the text with a first line that makes editors use a schema, named as seen from the playbook's folder."""
    return _MODELINE.sub(rf"\1# yaml-language-server: $schema={schema}\n", text, count=1)
