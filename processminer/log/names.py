"""What stages and outcomes are called: given by the user or the playbook, else known words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Names", "fold"]


@dataclass(frozen=True, slots=True)
class Names:
    """The declared order of stages, other names they go by, and what the log calls won and lost."""

    order: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Another name of a stage to its declared name."""
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    """What shows that a declared task was done: activities, where they stand among the stages."""
    insist: bool = False
    """Whether won and lost were named by the user, so that a name the log does not have is a mistake."""
    lenient: bool = False
    """Whether a log in which no stage means won or lost is read all the same, with every deal open."""
