"""The smallest changes of a playbook's text, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Edit:
    """One change at one place of a playbook.

    `path` leads to a key or a list item; items of a list of named things are addressed by their name
    (`("stages", "Demo", "optional")`, `("stages", "Demo", "tasks", "Discovery call")`), plain items by their value.

    - set: give the key at `path` this value, adding the key where it is absent.
    - remove: take away the key or item at `path`; a list or mapping that this empties goes with it.
    - add: put `value` into the list at `path`, after the item `after` (at the end if None, at the front if `""`);
      the list is made where it is absent.
    - move: put the item at `path` behind its sibling `after` (to the end if None, to the front if `""`).
    """

    action: Literal["set", "remove", "add", "move"]
    path: tuple[str, ...]
    value: object = None
    after: str | None = None
