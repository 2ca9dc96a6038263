"""Proposals that another one makes needless, so that a place of the playbook is not to be changed in two ways."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from processminer.revisions.revision import Revision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processminer.revisions.revision import RevisionKind, Undecided

SETTLES: Mapping[RevisionKind, frozenset[RevisionKind]] = MappingProxyType(
    {
        # Where only one segment leaves a step out, it need not be left to the others' judgement.
        "split-by-segment": frozenset(
            {"make-stage-optional", "remove-stage", "require-stage", "drop-task", "require-task"}
        ),
        # A stage that becomes a part of another one is neither optional nor required any more.
        "merge-stages": frozenset({"make-stage-optional", "remove-stage", "require-stage", "set-time-limit"}),
    }
)
"""What is settled, for the same subject, once a revision of a kind is made."""


def without_superseded(answers: Iterable[Revision | Undecided]) -> list[Revision | Undecided]:
    """Return the answers, in their order, less those whose question another one settles."""
    told = list(answers)
    settled = {
        (kind, one.subject) for one in told if isinstance(one, Revision) for kind in SETTLES.get(one.kind, frozenset())
    }
    left = [one for one in told if (one.kind, one.subject) not in settled]
    # A task that is asked for is not asked for again by another name.
    first = {key: one for one in reversed(left) if (key := _asked_task(one)) is not None}
    return [one for one in left if (key := _asked_task(one)) is None or first[key] is one]


def _asked_task(one: Revision | Undecided) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return where a proposal puts a task, and the activities that show it; None where it puts none."""
    if not isinstance(one, Revision) or len(one.edits) != 1 or one.edits[0].action != "add":
        return None
    (edit,) = one.edits
    value: object = edit.value
    if not isinstance(value, dict):
        return None
    seen = cast("Mapping[str, object]", value).get("seen_as")
    return (edit.path, tuple(map(str, cast("list[object]", seen)))) if isinstance(seen, list) else None
