"""Several revisions applied to one text, and which of them exclude each other."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from processminer.errors import InputError
from processminer.playbook.patch import apply
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.playbook.edits import Edit
    from processminer.revisions.revision import Revision


def revise(text: str, revisions: Sequence[Revision]) -> str:
    """Return the playbook with the edits of all these revisions, in their order.

    Raises InputError where two of them change the same place: a person has to choose.
    """
    clashes = conflicts(revisions)
    if clashes:
        pairs = say_list(f"{one} with {other}" for one, other in clashes)
        message = f"These revisions change the same place of the playbook: {pairs}."
        raise InputError(message, hint="Apply one of each pair.")
    edits: list[Edit] = []
    for edit in (edit for revision in revisions for edit in revision.edits):
        # Two may set the same thing to the same value; it is set once.
        if edit.action != "set" or edit not in edits:
            edits.append(edit)
    return apply(text, edits)


def conflicts(revisions: Sequence[Revision]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of revisions, by id, of which only one can be applied."""
    return tuple(
        (one.id, other.id)
        for one, other in combinations(revisions, 2)
        if any(_clash(mine, theirs) for mine in one.edits for theirs in other.edits)
    )


def compatible(revisions: Sequence[Revision]) -> tuple[Revision, ...]:
    """Return the revisions that can be applied together: of two that exclude each other, the first."""
    kept: list[Revision] = []
    for revision in revisions:
        if not conflicts((*kept, revision)):
            kept.append(revision)
    return tuple(kept)


def _clash(one: Edit, other: Edit) -> bool:
    if one == other and one.action == "set":
        return False
    if one.action == "add" and other.action == "add":
        return (one.path, one.value) == (other.path, other.value)
    if _loses_anchor(one, other) or _loses_anchor(other, one):
        return True
    shared = min(len(one.path), len(other.path))
    if one.path[:shared] != other.path[:shared]:
        return False
    # An addition to a list lives beside edits of its items; whatever else changes a whole leaves nothing to edit in it.
    upper = one if len(one.path) == shared else other
    return upper.action != "add" or len(one.path) == len(other.path)


def _loses_anchor(adds: Edit, removes: Edit) -> bool:
    return (adds.action, removes.action) == ("add", "remove") and removes.path == (*adds.path, adds.after)
