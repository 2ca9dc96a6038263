"""What all parts of a playbook have: no key beside the declared ones, and a name in messages."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a playbook: frozen once it is read, each key with its words."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    called: ClassVar[str]
    """What a fault calls it."""
