"""The JSON Schema of a playbook, made from its model: what an editor completes, explains and underlines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from processminer.playbook.frameworks import FRAMEWORKS
from processminer.playbook.model import Playbook
from processminer.playbook.values import in_any_case

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The draft that yaml-language-server, and so most editors, understand in full."""

_FLAG_WORDS = ("yes", "no", "on", "off", "true", "false", "y", "n", "t", "f", "1", "0")
_WRITTEN_FLAG: dict[str, Any] = {
    "anyOf": [
        {"type": "boolean"},
        {"enum": [0, 1]},
        {"type": "string", "pattern": f"^(?:{'|'.join(map(in_any_case, _FLAG_WORDS))})$"},
    ]
}
"""True or false, as every version of YAML writes it: editors read `yes` as a text."""


def render_schema() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(playbook_schema(), indent=2, ensure_ascii=False) + "\n"


def playbook_schema() -> dict[str, Any]:
    """Return the schema of a playbook in draft 07, each key with the words that the model has on it.

    It refuses what is wrong with a single key: one that is not known, the wrong kind of value, a length of time or a
    share that cannot be read. What two places say of each other only `playbook lint` can tell.
    """
    made = Playbook.model_json_schema()
    parts = {name: _plain(part) for name, part in made.pop("$defs").items()}
    parts["Criterion"]["allOf"] = [_elements_of(name) for name in FRAMEWORKS]
    root = _plain(made)
    says = "How deals should go: stages in order, their tasks, criteria and limits, and the moves between them."
    return {"$schema": DIALECT, "title": "Sales playbook", **root, "description": says, "definitions": parts}


def _elements_of(framework: str) -> dict[str, Any]:
    """Say which elements a ready block has, so that an editor offers them and underlines others."""
    elements = list(FRAMEWORKS[framework].elements)
    return {
        "if": {"properties": {"uses": {"const": framework}}, "required": ["uses"]},
        "then": {"properties": {"of": {"propertyNames": {"enum": elements}}}},
    }


def _plain(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema without titles made from names, with words on one line, and in the draft that editors know."""
    if node.get("type") == "boolean":
        return {**_WRITTEN_FLAG, **_kept(node)}
    inner: dict[str, Any] = {}
    for key, value in node.items():
        match key:
            case "properties":
                inner[key] = {name: _plain(one) for name, one in value.items()}
            case "$ref":
                target = value.replace("#/$defs/", "#/definitions/")
                # Beside a reference this draft reads nothing else.
                inner |= {"$ref": target} if len(node) == 1 else {"allOf": [{"$ref": target}]}
            case "title" | "default" | "description":
                pass
            case _:
                inner[key] = _within(value)
    return inner | _kept(node)


def _within(value: object) -> object:
    if isinstance(value, dict):
        return _plain(cast("dict[str, Any]", value))
    return [_within(one) for one in cast("list[object]", value)] if isinstance(value, list) else value


def _kept(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words on a key, and its default where that is a single value."""
    kept: dict[str, Any] = {}
    if "description" in node:
        # Editors show the words letter by letter: a mark of code would be read as a mark.
        kept["description"] = " ".join(node["description"].split()).replace("`", "'")
    if isinstance(node.get("default"), (bool, int, str)):
        kept["default"] = node["default"]
    return kept
