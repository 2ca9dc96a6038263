"""The rules beside the path (time limits, required tasks, exit criteria) and how each deal stands to each of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.conformance.labels import labels_meant
from processminer.conformance.queries import rows, run
from processminer.log.names import fold
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Criterion, Playbook, Stage, Task

DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A stage's time limit.

    It concerns deals that entered the stage: broken if any stay was longer (an open deal's stay lasts until now),
    pending while an open deal is in it and within the limit, kept otherwise. A deal lost within the limit kept it.
    """

    stage: Stage
    place: int
    days: float
    needs: None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A required task of a stage.

    It concerns deals that entered the stage, save those that were lost without going on from it. It comes due when a
    deal goes on: to a stage that is not an earlier one, or to a win. It is kept if a matching activity happened by the
    last such moment, and pending while an open deal is in the stage or has not yet gone on from it. A time without
    hours means the whole day. An activity that other tasks of the playbook claim too counts from the first entry of
    the stage on; one that no other claims counts from whenever it happened. A deal is unchecked where the log never
    names any of its activities: then nobody can tell a task that is not done from one that is not logged.
    """

    stage: Stage
    place: int
    task: Task
    labels: tuple[str, ...]
    """The names and subjects of the log's activities that show it."""
    needs: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """An exit criterion of a stage.

    It concerns the same deals as a task does, and comes due in the same moment; the fields are read as they stand in
    the export. A deal is unchecked where the log's fields alone cannot decide.
    """

    stage: Stage
    place: int
    criterion: Criterion
    fields: tuple[tuple[str, ...], ...]
    """For each field that the log has: its names there."""
    needs: str | None

    @property
    def absent(self) -> int:
        """How many of its elements no field of the log shows."""
        return len(self.criterion.elements) - len(self.fields)


Rule = Limit | Duty | Condition


@dataclass(frozen=True, slots=True)
class Standing:
    """How many deals keep a rule, break it, may still keep it, or cannot be checked."""

    kept: int = 0
    broken: int = 0
    pending: int = 0
    unchecked: int = 0
    remarked: int = 0
    """Of the broken: open deals over the limit right now; deals whose task was done afterwards."""


def rules_of(playbook: Playbook, log: EventLog) -> tuple[Rule, ...]:
    """Return the rules of each stage in order: its limit, its required tasks, its exit criteria."""
    tasks = [task for stage in playbook.stages for task in stage.tasks]
    meant = labels_meant(log, (name for task in tasks for name in task.seen_as))
    return tuple(
        rule
        for place, stage in enumerate(playbook.stages, start=1)
        for rule in _rules_of_stage(stage, place, log, meant)
    )


def subject_of(rule: Rule) -> str:
    """Return what a rule is called: the task or criterion, or the stage of a limit."""
    match rule:
        case Limit():
            return rule.stage.name
        case Duty():
            return rule.task.do
        case Condition():
            return rule.criterion.name


def hold(rules: Sequence[Rule], log: EventLog) -> tuple[Standing, ...]:
    """Return how the deals stand to each rule, in the order given, and leave `rule_verdicts` in the log's database.

    Its columns: rule (the place among `rules`), deal, verdict, remark. Needs `walk_runs` and `walk_dues`.
    """
    relations = log.relations
    relations.run("CREATE OR REPLACE TABLE rule_verdicts (rule INTEGER, deal INTEGER, verdict VARCHAR, remark BOOLEAN)")
    run(relations, "stage_dues")
    _put_limits(relations, rules)
    run(relations, "over_limit", {"as_of": log.as_of})
    _put_duties(relations, rules)
    run(relations, "task_done")
    _put_conditions(relations, rules)
    run(relations, "criteria")
    counted = {rule: Standing(*counts) for rule, *counts in rows(relations, "rule_counts")}
    return tuple(counted.get(number, Standing()) for number in range(len(rules)))


def _rules_of_stage(stage: Stage, place: int, log: EventLog, meant: Mapping[str, tuple[str, ...]]) -> Iterator[Rule]:
    if stage.time_limit is not None:
        yield Limit(stage, place, stage.time_limit)
    for task in stage.tasks:
        if not task.optional:
            labels = tuple(sorted({label for name in task.seen_as for label in meant[name]}))
            yield Duty(stage, place, task, labels, _task_needs(task, labels, log))
    for criterion in stage.exit_criteria:
        known = [tuple(name for name in log.attributes if fold(name) == fold(field)) for field in criterion.fields]
        absent = [field for field, names in zip(criterion.fields, known, strict=True) if not names]
        fields = tuple(names for names in known if names)
        yield Condition(stage, place, criterion, fields, _criterion_needs(criterion, absent))


def _task_needs(task: Task, labels: Sequence[str], log: EventLog) -> str | None:
    if not task.seen_as:
        return "'seen_as' in the playbook: the activities that show that it was done"
    if not log.has_tasks:
        return "the activities of the deals (calls, mails, meetings) in the export"
    return None if labels else f"activities called {say_list((repr(name) for name in task.seen_as), 10)}"


def _criterion_needs(criterion: Criterion, absent: Sequence[str]) -> str | None:
    if not criterion.fields:
        return "'field' or 'of' in the playbook: the columns that show that it is met"
    return f"the column{'s' if len(absent) > 1 else ''} {say_list(absent)}" if absent else None


def _put_limits(relations: Relations, rules: Sequence[Rule]) -> None:
    limits = [(number, rule) for number, rule in enumerate(rules) if isinstance(rule, Limit)]
    relations.put(
        "limit_rules",
        {
            "rule": [number for number, _ in limits],
            "place": [rule.place for _, rule in limits],
            "most": [round(rule.days * DAY) for _, rule in limits],
        },
        {"rule": "INTEGER", "place": "SMALLINT", "most": "BIGINT"},
    )


def _put_duties(relations: Relations, rules: Sequence[Rule]) -> None:
    duties = [(number, rule) for number, rule in enumerate(rules) if isinstance(rule, Duty)]
    relations.put(
        "task_rules",
        {
            "rule": [number for number, _ in duties],
            "place": [rule.place for _, rule in duties],
            "checkable": [rule.needs is None for _, rule in duties],
        },
        {"rule": "INTEGER", "place": "SMALLINT", "checkable": "BOOLEAN"},
    )
    claimants = Counter(label for _, rule in duties for label in rule.labels)
    seen = [(number, label, claimants[label] > 1) for number, rule in duties for label in rule.labels]
    relations.put(
        "seen_labels",
        {
            "rule": [number for number, _, _ in seen],
            "label": [label for _, label, _ in seen],
            "since_entry": [shared for _, _, shared in seen],
        },
        {"rule": "INTEGER", "label": "VARCHAR", "since_entry": "BOOLEAN"},
    )


def _put_conditions(relations: Relations, rules: Sequence[Rule]) -> None:
    conditions = [(number, rule) for number, rule in enumerate(rules) if isinstance(rule, Condition)]
    relations.put(
        "criterion_rules",
        {
            "rule": [number for number, _ in conditions],
            "place": [rule.place for _, rule in conditions],
            "needed": [rule.criterion.needed for _, rule in conditions],
            "absent": [rule.absent for _, rule in conditions],
            "checkable": [bool(rule.fields) for _, rule in conditions],
        },
        {"rule": "INTEGER", "place": "SMALLINT", "needed": "INTEGER", "absent": "INTEGER", "checkable": "BOOLEAN"},
    )
    fields = [
        (number, field, name)
        for number, rule in conditions
        for field, names in enumerate(rule.fields)
        for name in names
    ]
    relations.put(
        "criterion_fields",
        {
            "rule": [number for number, _, _ in fields],
            "field": [field for _, field, _ in fields],
            "attribute": [name for _, _, name in fields],
        },
        {"rule": "INTEGER", "field": "INTEGER", "attribute": "VARCHAR"},
    )
