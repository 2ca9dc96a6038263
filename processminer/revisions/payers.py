"""Which corner of the devil's quadrangle pays for each kind of change: none is free."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.revisions.revision import Corner, RevisionKind

PAYS: Mapping[RevisionKind, tuple[Corner, ...]] = MappingProxyType(
    {
        # What is left out was done for something: whoever needed it gets deals of lower quality.
        "make-stage-optional": ("quality",),
        "remove-stage": ("quality", "flexibility"),
        "drop-task": ("quality",),
        "allow-skip": ("quality",),
        "allow-return": ("time",),
        # What is asked for in addition takes people's time, and the buyer's.
        "add-stage": ("time", "cost"),
        "require-stage": ("time", "cost"),
        "require-task": ("time", "cost"),
        "add-task": ("time", "cost"),
        "add-exit-criterion": ("time", "cost"),
        "check-earlier": ("cost",),
        # What is forbidden takes a way out of the hands of those who know the deal.
        "forbid-skip": ("time", "flexibility"),
        "limit-returns": ("flexibility",),
        "set-time-limit": ("quality", "flexibility"),
        "set-handover-limit": ("cost", "flexibility"),
        "give-up-rule": ("quality",),
        "merge-stages": ("flexibility",),
        "split-by-segment": ("cost",),
        # A number or a name: the reports before and after it have to be read apart.
        "set-probability": ("cost",),
        "add-alias": ("cost",),
    }
)
"""In the words of Reijers and Liman Mansar (2005), a change that gains on one measure gives on another."""
