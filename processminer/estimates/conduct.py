"""How deals are handled, held against how they end: ways taken, what was there when they went on, checks and orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.estimates.conditions.conditions import TaskAsked, conditions
from processminer.estimates.conditions.fields import tracked_fields
from processminer.estimates.conditions.thresholds import ThresholdAsked, thresholds
from processminer.estimates.effects.known import prepare
from processminer.estimates.effects.trial import Trial
from processminer.estimates.tasks_compared.tasks_compared import checks, task_orders
from processminer.estimates.ways.candidates import asked_ways, log_names, moved
from processminer.estimates.ways.ways import ways
from processminer.log.names import fold
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.discovery.discovery import Discovery
    from processminer.estimates.conditions.conditions import Condition
    from processminer.estimates.conditions.fields import Tracked
    from processminer.estimates.conditions.thresholds import Threshold
    from processminer.estimates.tasks_compared.tasks_compared import Check, TaskOrder
    from processminer.estimates.ways.ways import Way
    from processminer.playbook.model import Playbook

OFTEN = 0.1
"""Of the deals that went on from a stage, so many must come back, by the lower limit, before it is asked why; and so
many must have an activity before it is asked whether that keeps them from it."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """What the ways of handling deals change, as far as the log can tell."""

    ways: tuple[Way, ...] = ()
    """Jumps and returns, in the order of the playbook, permitted ones first."""
    conditions: tuple[Condition, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    checks: tuple[Check, ...] = ()
    orders: tuple[TaskOrder, ...] = ()


def conduct(discovery: Discovery, playbook: Playbook) -> Conduct:
    """Return what ways, conditions, checks and orders of tasks change, of what the playbook or many deals have."""
    log = discovery.log
    knowable, tracked = prepare(log), tracked_fields(log)
    declared = tuple(_tasks(discovery, playbook))
    back = _returned_to(discovery, playbook)
    asked = [one for stage in back for one in _activities(discovery, playbook, stage)]
    return Conduct(
        ways=ways(log, asked_ways(discovery, playbook), knowable),
        conditions=conditions(log, back, tracked, asked, knowable),
        thresholds=thresholds(log, tuple(_thresholds(discovery, playbook, tracked))),
        checks=checks(log, declared),
        orders=task_orders(log, declared, knowable),
    )


def _tasks(discovery: Discovery, playbook: Playbook) -> Iterator[Trial]:
    """Yield the tasks whose activities belong to one stage alone, in the playbook's order."""
    if not discovery.log.has_tasks:
        return
    called = log_names(discovery, playbook)
    named = [fold(name) for stage in playbook.stages for task in stage.tasks for name in set(task.seen_as)]
    for stage in playbook.stages:
        for task in stage.tasks:
            if stage.name in called and task.seen_as and all(named.count(fold(name)) == 1 for name in task.seen_as):
                yield Trial("task", task.do, called[stage.name], task.seen_as)


def _returned_to(discovery: Discovery, playbook: Playbook) -> tuple[str, ...]:
    """Return the stages, as the log calls them, to which many of the deals come back that had gone on."""
    taken = moved(discovery, playbook)
    place = {name: index for index, name in enumerate(playbook.names)}
    told: list[str] = []
    for name, called in log_names(discovery, playbook).items():
        onward = sum(
            deals for (source, target), deals in taken.items() if source == name and place[target] > place[name]
        )
        back = sum(deals for (source, target), deals in taken.items() if target == name and place[source] > place[name])
        if onward and wilson(min(back, onward), onward).low > OFTEN:
            told.append(called)
    return tuple(told)


def _activities(discovery: Discovery, playbook: Playbook, stage: str) -> Iterator[TaskAsked]:
    """Yield the activities that many deals have in a stage and that it does not require."""
    deals = next(flow.deals for flow in discovery.stages if flow.stage == stage)
    required = {
        fold(name)
        for one in playbook.stages
        for task in one.tasks
        if not task.optional
        for name in (task.do, *task.seen_as)
    }
    for task in discovery.tasks:
        if task.stage == stage and task.deals >= OFTEN * deals and fold(task.name) not in required:
            yield TaskAsked(task.name, stage)


def _thresholds(discovery: Discovery, playbook: Playbook, known: Sequence[Tracked]) -> Iterator[ThresholdAsked]:
    """Yield the criteria of several elements, each shown by a field that is known at any moment."""
    tracked = {fold(one.attribute): one for one in known}
    called = log_names(discovery, playbook)
    for stage in playbook.stages:
        for criterion in stage.exit_criteria:
            shown = [tracked.get(fold(field)) for field in criterion.elements.values() if field is not None]
            fields = tuple(one for one in shown if one is not None)
            whole = len(fields) == len(criterion.elements) >= 2
            if stage.name in called and whole and not (criterion.values or criterion.seen_as or criterion.optional):
                yield ThresholdAsked(called[stage.name], criterion.name, fields, criterion.needed)
