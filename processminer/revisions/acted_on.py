"""Where in the playbook a revision acts, and what the log knows of that stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.findings.facts import Facts
    from processminer.playbook.edits import Edit
    from processminer.revisions.revision import Revision, Undecided

RECENT_DAYS = 365.0
"""The pace of a year: shorter spans take a season for the rule."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast deals come to a place."""

    a_day: float
    so_far: int
    """Deals that have come there."""


def stage_of(revision: Revision | Undecided, facts: Facts) -> str | None:
    """Return the declared stage at which a change acts; None where that is the process as a whole."""
    playbook = facts.playbook
    edits: tuple[Edit, ...] = getattr(revision, "edits", ())
    for edit in edits:
        if edit.path[:1] == ("stages",):
            name = edit.path[1] if len(edit.path) > 1 else edit.after
            if name and playbook.stage(name) is not None:
                return name
    source = revision.subject.partition(" -> ")[0]
    if playbook.stage(source) is not None:
        return source
    holding = (stage.name for stage in playbook.stages if any(task.do == source for task in stage.tasks))
    return next(holding, None) or _compared_at(source, facts)


def _compared_at(activity: str, facts: Facts) -> str | None:
    """Return the stage in which an activity that the playbook does not know was compared."""
    compared = (facts.declared(one.trial.stage) for one in facts.estimates.effects if one.trial.subject == activity)
    return next((stage.name for stage in compared if stage is not None), None)


def paces(facts: Facts) -> Mapping[tuple[str | None, bool], Pace]:
    """Return how fast deals come to each stage of the log over the last year, by its name and whether past it counts.

    Under None is how fast deals begin.
    """
    log = facts.discovery.log
    rows = log.relations.rows(
        read_sql("processminer.revisions", "pace.sql"),
        {"as_of": log.as_of.replace(tzinfo=None), "recent": RECENT_DAYS},
    )
    names = [stage.name for stage in log.stages]
    return {
        (None if code is None else names[code], or_past): Pace(recent / max(days, 1.0), so_far)
        for code, or_past, so_far, recent, days in rows
    }
