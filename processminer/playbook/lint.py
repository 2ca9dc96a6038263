"""What a playbook could say better: remarks on text that reads without fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.playbook.lines import line_of
from processminer.words import say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from processminer.playbook.model import Playbook, Task

    Found = Iterator[tuple[tuple[str, ...], str]]
    """Where in the playbook something could be better, and what."""


MOST_METRICS = 8
"""A page with more numbers than that is read by nobody; few enough to fit on one screen."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a playbook could say better."""

    rule: str
    line: int | None
    message: str
    why: str
    file: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of remark: its name, what finds it, and why it matters."""

    name: str
    find: Callable[[Playbook], Found]
    why: str


def lint(playbook: Playbook, text: str, file: str) -> tuple[Remark, ...]:
    """Return the remarks on a playbook in the order of its lines; `text` is what it was read from, `file` its name."""
    remarks = [
        Remark(rule.name, line_of(text, path), message, rule.why, file)
        for rule in RULES
        for path, message in rule.find(playbook)
    ]
    return tuple(sorted(remarks, key=lambda remark: remark.line or 0))


def _bypassed_stage(playbook: Playbook) -> Found:
    """Find required stages that deals may pass by."""
    for at, stage in enumerate(playbook.stages):
        for target in stage.may_skip_to:
            until = playbook.names.index(target) if target in playbook.names else len(playbook.stages)
            passed = [one.name for one in playbook.stages[at + 1 : until] if not one.optional]
            if passed:
                message = f"{stage.name!r} may skip to {target!r}, past what is required: {say_list(passed)}."
                yield ("stages", stage.name, "may_skip_to", target), message


def _idle_skip(playbook: Playbook) -> Found:
    """Find allowed skips that are allowed anyway."""
    for at, stage in enumerate(playbook.stages):
        for target in stage.may_skip_to:
            until = playbook.names.index(target) if target in playbook.names else len(playbook.stages)
            if all(one.optional for one in playbook.stages[at + 1 : until]):
                message = f"{stage.name!r} may go to {target!r} anyway: nothing between them is required."
                yield ("stages", stage.name, "may_skip_to", target), message


def _no_time_limit(playbook: Playbook) -> Found:
    """Find stages without a time limit."""
    for stage in playbook.stages:
        if stage.time_limit is None:
            yield ("stages", stage.name), f"{stage.name!r} has no time limit."


def _no_goal(playbook: Playbook) -> Found:
    """Find stages without a goal."""
    for stage in playbook.stages:
        if stage.goal is None:
            yield ("stages", stage.name), f"{stage.name!r} has no goal."


def _no_owner(playbook: Playbook) -> Found:
    """Find stages without an owner."""
    for stage in playbook.stages:
        if stage.owner is None:
            yield ("stages", stage.name), f"{stage.name!r} has no owner."


def _incomplete_task(playbook: Playbook) -> Found:
    """Find tasks that lack one of the four parts of a good manual."""
    for path, task in _tasks(playbook):
        absent = [part for part in ("by", "how", "material", "output") if getattr(task, part) is None]
        if absent:
            yield path, f"the task {task.do!r} does not say {say_list([repr(part) for part in absent])}."


def _unseen_task(playbook: Playbook) -> Found:
    """Find tasks that no activity of the log shows."""
    for path, task in _tasks(playbook):
        if not task.seen_as:
            yield path, f"the task {task.do!r} has no 'seen_as'."


def _criterion_without_field(playbook: Playbook) -> Found:
    """Find criteria that no column of the log shows."""
    for stage in playbook.stages:
        for key in ("entry_criteria", "exit_criteria"):
            for criterion in getattr(stage, key):
                if not criterion.fields:
                    path = ("stages", stage.name, key, criterion.name)
                    yield path, f"the criterion {criterion.name!r} names no field."


def _falling_probability(playbook: Playbook) -> Found:
    """Find stages whose declared win probability is below that of an earlier one."""
    highest: tuple[float, str] | None = None
    for stage in playbook.stages:
        if stage.probability is None:
            continue
        if highest is not None and stage.probability < highest[0]:
            message = (
                f"{stage.name!r} is declared at {say_percent(stage.probability)},"
                f" after {highest[1]!r} at {say_percent(highest[0])}."
            )
            yield ("stages", stage.name, "probability"), message
        else:
            highest = (stage.probability, stage.name)


def _no_review(playbook: Playbook) -> Found:
    """Find a playbook that nobody has to look at again."""
    if playbook.owner is None:
        yield (), "the playbook has no owner."
    if playbook.review_every is None:
        yield (), "the playbook does not say how often it is reviewed."


def _nameless_end(playbook: Playbook) -> Found:
    """Find outcomes without a name."""
    for end in ("won", "lost"):
        if not getattr(playbook.outcomes, end):
            yield ("outcomes", end), f"no name is given for {end}."


def _too_many_metrics(playbook: Playbook) -> Found:
    """Find a list of metrics that is too long to look at."""
    if len(playbook.metrics) > MOST_METRICS:
        yield ("metrics",), f"the playbook has {len(playbook.metrics)} metrics, more than {MOST_METRICS}."


def _metric_without_target(playbook: Playbook) -> Found:
    """Find metrics that nobody can miss."""
    for metric in playbook.metrics:
        if metric.target is None:
            yield ("metrics", metric.name), f"the metric {metric.name!r} has no target."


def _slow_handover(playbook: Playbook) -> Found:
    """Find handovers without a time limit."""
    for handover in playbook.handovers:
        if handover.within is None:
            message = f"the handover from {handover.giver!r} to {handover.taker!r} has no time limit."
            yield ("handovers", handover.entering), message


def _unlogged_version(playbook: Playbook) -> Found:
    """Find a version that the change log does not know."""
    if playbook.changes and playbook.version not in {change.version for change in playbook.changes}:
        yield ("version",), f"the change log does not say what changed in version {playbook.version}."


def _tasks(playbook: Playbook) -> Iterator[tuple[tuple[str, ...], Task]]:
    for stage in playbook.stages:
        for task in stage.tasks:
            yield ("stages", stage.name, "tasks", task.do), task


RULES = (
    Rule(
        "bypassed-stage",
        _bypassed_stage,
        "What some deals may pass by is not required; say so on purpose, or make it optional.",
    ),
    Rule(
        "idle-skip",
        _idle_skip,
        "A permission that permits nothing new will be taken for one that does.",
    ),
    Rule(
        "no-time-limit",
        _no_time_limit,
        "Without a limit nobody can say when a deal has stayed too long, and no audit can.",
    ),
    Rule(
        "no-goal",
        _no_goal,
        "Who does not know what a stage is for cannot tell when it is done.",
    ),
    Rule(
        "no-owner",
        _no_owner,
        "A stage that belongs to nobody is nobody's fault.",
    ),
    Rule(
        "incomplete-task",
        _incomplete_task,
        "A task can be taught and handed over when it says who does it, how, with what material, and what comes out.",
    ),
    Rule(
        "unseen-task",
        _unseen_task,
        "Without an activity of the log that shows it, nobody can check whether the task was done.",
    ),
    Rule(
        "criterion-without-field",
        _criterion_without_field,
        "Without a column of the log that shows it, nobody can check whether the criterion was met.",
    ),
    Rule(
        "falling-probability",
        _falling_probability,
        "A deal that moves on should be likelier to be won; if not, the stages or the shares are in the wrong order.",
    ),
    Rule(
        "no-review",
        _no_review,
        "A playbook that nobody is due to review drifts away from what people do.",
    ),
    Rule(
        "nameless-end",
        _nameless_end,
        "Without its names in the log, a won or lost deal looks open for ever.",
    ),
    Rule(
        "too-many-metrics",
        _too_many_metrics,
        "What has to be watched all at once is watched by nobody.",
    ),
    Rule(
        "metric-without-target",
        _metric_without_target,
        "A number without a target is looked at and never acted upon.",
    ),
    Rule(
        "slow-handover",
        _slow_handover,
        "A deal between two owners waits for both.",
    ),
    Rule(
        "unlogged-version",
        _unlogged_version,
        "Deals judged by an older version are compared with this one; readers must know what is new.",
    ),
)
"""Every rule of the lint."""
