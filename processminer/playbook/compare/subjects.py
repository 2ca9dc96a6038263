"""What a part of a playbook is called: as paths address it, and at the head of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.compare.values_said import quote
from processminer.playbook.lines import NAMING_KEYS
from processminer.playbook.parts.upkeep import Acceptance

if TYPE_CHECKING:
    from pydantic import BaseModel

    from processminer.playbook.compare.change import PartName

_HEADS: dict[PartName, str] = {
    "playbook": "The playbook",
    "stage": "{name}",
    "task": "{quoted} in {holder}",
    "entry criterion": "{quoted} on entering {holder}",
    "exit criterion": "{quoted} on leaving {holder}",
    "outcomes": "",
    "hand-over": "The hand-over on entering {name}",
    "service stage": "{name}, after the win,",
    "accepted deviation": "The acceptance of {quoted} ({kind})",
    "change log entry": "The note on version {name}",
}


def name_of_part(model: BaseModel) -> str:
    """Return by which name a part is addressed; empty for what bears none, as the outcomes."""
    return next((str(getattr(model, key)) for key in NAMING_KEYS if key in type(model).model_fields), "")


def subject_of(part: PartName, model: BaseModel, holder: str | None) -> str:
    """Return what a sentence about a part begins with; `holder` is the stage around it."""
    name = name_of_part(model)
    kind = model.deviation if isinstance(model, Acceptance) else ""
    head = _HEADS.get(part, f"The {part} {{quoted}}")
    return head.format(name=name, quoted=quote(name), holder=holder, kind=kind)
