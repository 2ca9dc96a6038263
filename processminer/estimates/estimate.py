"""Everything with an interval, in one call."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from processminer.estimates.estimates import Estimates
from processminer.estimates.metrics import Known, hold_metrics
from processminer.estimates.pass_throughs import pass_throughs
from processminer.estimates.practices import TaskAsked, practices
from processminer.estimates.stage_times import stage_times
from processminer.estimates.win_rate import win_rate
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Practice
    from processminer.playbook.model import Playbook

USED_OFTEN = 0.1
"""Of all deals, so many must have an undeclared activity before it is compared: a rarer one is no practice yet."""


def estimate(
    discovery: Discovery, conformance: Conformance | None = None, playbook: Playbook | None = None
) -> Estimates:
    """Return stage times, win rate and the comparisons of steps taken with steps left out.

    Compared are stages, the tasks that the playbook declares for them, and activities that it does not mention but
    many deals have. Tasks that `conformance` could not check with this log are left out. The playbook's metrics are
    held against their targets, the fitness among them where `conformance` was weighed.
    """
    unseen = {
        (rule.stage, rule.subject)
        for rule in (conformance.obligations if conformance else ())
        if rule.kind == "task" and rule.needs is not None
    }
    declared = [task for task in _declared(discovery, playbook) if (task.stage, task.label) not in unseen]
    asked = (*declared, *_undeclared(discovery, declared)) if discovery.log.has_tasks else ()
    stages, wins = stage_times(discovery), win_rate(discovery)
    known = None if playbook is None or conformance is None else Known(discovery, conformance, playbook, stages, wins)
    return Estimates(
        stages=stages,
        win_rate=wins,
        metrics=hold_metrics(known) if known else (),
        passing=pass_throughs(discovery.log),
        practices=_without_twins(practices(discovery.log, asked), declared),
    )


def _declared(discovery: Discovery, playbook: Playbook | None) -> Iterator[TaskAsked]:
    if playbook is None:
        return
    known = {stage.name for stage in discovery.log.stages if stage.kind == "open"}
    claimed = Counter(fold(name) for stage in playbook.stages for task in stage.tasks for name in set(task.seen_as))
    for stage in playbook.stages:
        for name in [name for name in (stage.name, *stage.aliases) if name in known][:1]:
            for task in stage.tasks:
                shared = any(claimed[fold(label)] > 1 for label in task.seen_as)
                yield TaskAsked(task.do, name, task.seen_as, since_entry=shared)


def _undeclared(discovery: Discovery, declared: list[TaskAsked]) -> Iterator[TaskAsked]:
    known = {stage.name for stage in discovery.log.stages if stage.kind == "open"}
    claimed = {fold(name) for task in declared for name in task.seen_as}
    for task in discovery.tasks:
        often = task.deals >= USED_OFTEN * discovery.totals.deals
        if often and task.stage in known and fold(task.name) not in claimed:
            yield TaskAsked(task.name, task.stage, (task.name,), since_entry=True)


def _without_twins(found: tuple[Practice, ...], declared: list[TaskAsked]) -> tuple[Practice, ...]:
    """Leave out undeclared activities that the same deals have as a declared task, under another name."""
    known = {(task.stage, task.label) for task in declared}
    told = {(one.stage, *_counts(one)) for one in found if one.kind == "task" and (one.stage, one.subject) in known}
    return tuple(
        one
        for one in found
        if one.kind == "stage" or (one.stage, one.subject) in known or (one.stage, *_counts(one)) not in told
    )


def _counts(one: Practice) -> tuple[int, int, int, int]:
    return one.done, one.skipped, one.done_won, one.skipped_won
