"""What the team says, where its answers to the survey were given with an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.revisions.revision import Revision
    from processminer.revisions.said import Said
    from processminer.study import Study


def said_beside(revision: Revision, study: Study) -> tuple[str, ...]:
    """Return the questions about a proposal with what was answered, to stand beside its evidence."""
    return tuple(f"{one.asked} {one.answered}" for one in study.team if revision.id in one.about)


def heading(one: Said) -> str:
    """Return a question with the proposals that it is about."""
    return f"{one.asked} ({', '.join(one.about)})" if one.about else one.asked
