"""A change of a playbook as a value, and everything that changed from one playbook to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage

ChangeKind = Literal["added", "removed", "moved", "renamed", "merged", "split", "changed"]
"""What happened to a part: merged and split are said of stages alone, of the one that is gone or has come."""

PartName = Literal[
    "playbook",
    "stage",
    "task",
    "entry criterion",
    "exit criterion",
    "outcomes",
    "hand-over",
    "service stage",
    "metric",
    "role",
    "material",
    "accepted deviation",
    "change log entry",
]
"""What a part of a playbook is called."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a part stands in one of the two files."""

    path: tuple[str, ...]
    """As edits address it: `("stages", "Demo", "time_limit")`."""
    line: int | None
    """Its line, or that of its nearest parent where the key is not written; None without a text."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was."""

    kind: ChangeKind
    part: PartName
    name: str
    """The part's name in the new playbook, or in the old one where it is gone; empty for the playbook itself."""
    key: str | None
    """Which of the part's keys changed; None where the part as a whole did."""
    stage: str | None
    """The stage that it belongs to, by the name that it has last."""
    old: Where | None
    new: Where | None
    before: object
    """What was said; for a stage that was moved or renamed, where it stood or what it was called."""
    after: object
    sentence: str
    """What a sales manager would say, standing alone and without a full stop."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage on the line of all stages of both playbooks."""

    name: str
    """Its name in the new playbook, or in the old one where it is gone."""
    before: Stage | None
    after: Stage | None
    kin: tuple[str, ...] = ()
    """Stages of the other playbook that it was merged into, or split off from, by their new names or their old ones."""
    moved: bool = False
    """Whether it stands elsewhere among the stages that both playbooks have."""
    stood_behind: str | None = None
    """The stage before it in the old playbook; None at the beginning."""
    stands_behind: str | None = None

    @property
    def renamed(self) -> bool:
        """Whether both playbooks have it, by different names."""
        return self.before is not None and self.after is not None and self.before.name != self.after.name


@dataclass(frozen=True, slots=True)
class Permission:
    """A move that one of the playbooks allows, or both; by the names of `Standing`."""

    source: str | None
    """None for the start of a deal."""
    target: str | None
    """None for the win."""
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two playbooks side by side."""

    old: Playbook
    new: Playbook
    changes: tuple[Change, ...]
    """Those of stages first, in the order of `stages`; then the rest, in the order of a playbook's keys."""
    stages: tuple[Standing, ...]
    """The new playbook's stages in their order, those that are gone among them where they stood."""
    moves: tuple[Permission, ...]
    """By source and target, in the order of `stages`."""

    @property
    def renamed(self) -> Mapping[str, str]:
        """Return the new name of each stage of the old playbook whose name is another now."""
        pairs = ((one.before.name, one.after.name) for one in self.stages if one.before and one.after)
        return {before: after for before, after in pairs if before != after}

    @property
    def newly_allowed(self) -> tuple[Permission, ...]:
        """Return the moves that only the new playbook allows, between stages that both have."""
        return self._between_kept(after=True)

    @property
    def no_longer_allowed(self) -> tuple[Permission, ...]:
        """Return the moves that only the old playbook allows, between stages that both have."""
        return self._between_kept(after=False)

    def _between_kept(self, *, after: bool) -> tuple[Permission, ...]:
        kept = {None, *(one.name for one in self.stages if one.before and one.after)}
        return tuple(
            move
            for move in self.moves
            if move.before != move.after and move.after is after and {move.source, move.target} <= kept
        )
