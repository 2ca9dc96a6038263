"""The four questions that a sales process must stand: whether it can be taught, scaled, measured and predicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.playbook.lint.handovers import passings
from processminer.playbook.lint.naming import persons, strange_roles
from processminer.playbook.lint.page import criteria_of, is_blank, spoken_roles, tasks_of
from processminer.playbook.lint.tasks import can_be_shown
from processminer.playbook.targets import OF_A_STAGE, read_target
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.metrics import Metric

Question = Literal["teachable", "scalable", "measurable", "predictable"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing, counted and named."""

    what: str
    """In the plural, as in `tasks without 'how'`."""
    places: tuple[str, ...]
    """What it is missing at: tasks, stages, owners, moves; nothing where there is not one of them."""
    of: int
    """Out of how many."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a playbook stands to one of the questions: yes where nothing is missing."""

    question: Question
    asks: str
    """What has to be there."""
    gaps: tuple[Gap, ...]

    @property
    def yes(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps


def four_questions(playbook: Playbook) -> tuple[Answer, ...]:
    """Return the answers: teachable, scalable, measurable, predictable."""
    return (
        Answer("teachable", "each task says how it is done and with which material", _untaught(playbook)),
        Answer("scalable", "each owner is a role, and each change of hands is declared", _unscaled(playbook)),
        Answer(
            "measurable",
            "a log can show what is required, and each metric has a target, and a measure or an owner to count it",
            _unmeasured(playbook),
        ),
        Answer("predictable", "each stage has a time limit and a probability", _unpredicted(playbook)),
    )


def _missing(*asked: tuple[str, Iterable[str], int]) -> tuple[Gap, ...]:
    """Return what is missing anywhere."""
    gaps = (Gap(what, tuple(places), of) for what, places, of in asked)
    return tuple(gap for gap in gaps if gap.places)


def _untaught(playbook: Playbook) -> tuple[Gap, ...]:
    tasks = [task for _, task in tasks_of(playbook)]
    if not tasks:
        return (Gap("stages without a task", playbook.names, len(playbook.names)),)
    return _missing(
        ("tasks without 'how'", (task.do for task in tasks if is_blank(task.how)), len(tasks)),
        ("tasks without 'material'", (task.do for task in tasks if is_blank(task.material)), len(tasks)),
    )


def _unscaled(playbook: Playbook) -> tuple[Gap, ...]:
    tasks = [task for _, task in tasks_of(playbook)]
    named = [*(said for _, said in spoken_roles(playbook)), *(role.name for role in playbook.roles)]
    owners = len({fold(name) for name in named})
    hands = passings(playbook)
    return _missing(
        (
            "stages without an owner",
            (stage.name for stage in playbook.stages if is_blank(stage.owner)),
            len(playbook.stages),
        ),
        ("tasks that nobody has to do", (task.do for task in tasks if is_blank(task.by)), len(tasks)),
        ("owners who are people", dict.fromkeys(said for _, said in persons(playbook)), owners),
        ("owners who are none of the roles", dict.fromkeys(said for _, said in strange_roles(playbook)), owners),
        (
            "changes of hands that no handover declares",
            (f"{one.source} to {one.entering}" for one in hands if not one.declared),
            len(hands),
        ),
    )


def _unmeasured(playbook: Playbook) -> tuple[Gap, ...]:
    tasks = [task for stage in playbook.stages for task in stage.tasks if not task.optional]
    criteria = [criterion for _, _, criterion in criteria_of(playbook) if not criterion.optional]
    metrics = playbook.metrics
    gaps = _missing(
        ("required tasks that no activity shows", (task.do for task in tasks if not task.seen_as), len(tasks)),
        (
            "required criteria that no log can show",
            (criterion.name for criterion in criteria if not can_be_shown(criterion)),
            len(criteria),
        ),
        (
            "metrics without a target that can be met or missed",
            (metric.name for metric in metrics if not _has_a_target(metric)),
            len(metrics),
        ),
        (
            "metrics that neither the audit nor an owner counts",
            (metric.name for metric in metrics if not _is_counted(metric)),
            len(metrics),
        ),
    )
    return gaps if metrics else (*gaps, Gap("no metric is named", (), 0))


def _has_a_target(metric: Metric) -> bool:
    if metric.target is None or metric.measure is None:
        return metric.target is not None
    try:
        read_target(metric.target, metric.measure)
    except ValueError:
        return False
    return True


def _is_counted(metric: Metric) -> bool:
    # A log does not show whether people are content: what it cannot tell is measured where somebody counts it.
    if metric.measure is None:
        return not is_blank(metric.owner)
    return metric.measure not in OF_A_STAGE or metric.stage is not None


def _unpredicted(playbook: Playbook) -> tuple[Gap, ...]:
    stages = playbook.stages
    return _missing(
        ("stages without a time limit", (stage.name for stage in stages if stage.time_limit is None), len(stages)),
        ("stages without a probability", (stage.name for stage in stages if stage.probability is None), len(stages)),
    )
