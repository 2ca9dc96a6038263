"""Required tasks: done by the time a deal went on from the stage, done only afterwards, or never."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from processminer.conformance.queries import put
from processminer.conformance.rules.rule import Rule, micros, own, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.rules.asked import Asked
    from processminer.log.eventlog import EventLog
    from processminer.playbook.parts.stages import Task
    from processminer.playbook.parts.upkeep import DeviationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Rule):
    """A required task of a stage.

    It concerns deals that entered the stage, save those that were lost without going on from it. It comes due when a
    deal goes on: to a stage that is not an earlier one, or to a win. It is kept if as many matching activities as are
    asked for happened by the last such moment, and pending while an open deal is in the stage or has not yet gone on
    from it. Where the task says `within`, they also have to happen that soon after the deal first entered the stage,
    and an open deal for which they did not breaks it at once. A time without hours means the whole day. Of broken
    ones, the remark tells those that were done too late (or are late by now) from those that were never done.

    An activity that other tasks of the playbook claim too counts from the first entry of the stage on; one that no
    other claims counts from whenever it happened. A deal is unchecked where the log never names any of its
    activities: then nobody can tell a task that is not done from one that is not logged.
    """

    kind: ClassVar[ObligationKind] = "task"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("task-missing", "task-late")
    reads: ClassVar[frozenset[str]] = frozenset({"stage_dues"})

    task: Task
    labels: tuple[str, ...]
    """The names and subjects of the log's activities that show it."""


def duties_of(asked: Asked) -> Iterator[Duty]:
    """Yield the tasks of each stage that are not optional."""
    for place, stage, path in asked.stages():
        for task in stage.tasks:
            if not task.optional:
                yield Duty(
                    subject=task.do,
                    stage=stage.name,
                    place=place,
                    path=(*path, "tasks", task.do),
                    needs=_needs(task, asked),
                    task=task,
                    labels=asked.labels(task.seen_as),
                )


def hold_duties(rules: Sequence[Rule], log: EventLog) -> None:
    """Add to `rule_verdicts` how deals stand to their tasks."""
    duties = own(rules, Duty)
    if not duties:
        return
    put(
        log.relations,
        "task_rules",
        {"rule": "INTEGER", "place": "SMALLINT", "checkable": "BOOLEAN", "times": "INTEGER", "soon": "BIGINT"},
        [
            (at, one.place, one.needs is None, one.task.times, micros(one.task.within))
            for at, one in duties
        ],
    )  # fmt: skip
    claimants = Counter(label for _, rule in duties for label in rule.labels)
    put(
        log.relations,
        "seen_labels",
        {"rule": "INTEGER", "label": "VARCHAR", "since_entry": "BOOLEAN"},
        [(at, label, claimants[label] > 1) for at, one in duties for label in one.labels],
    )
    run(log.relations, "task_done", {"as_of": log.as_of})


def _needs(task: Task, asked: Asked) -> str | None:
    if not task.seen_as:
        return "'seen_as' in the playbook: the activities that show that it was done"
    return asked.activities_needed(task.seen_as)
