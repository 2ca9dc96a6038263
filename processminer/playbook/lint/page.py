"""A playbook as the lint looks at it, and what a rule finds on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Criterion, Stage, Task

Path = tuple[str | int, ...]
"""Where a part stands: keys, and places in lists."""


@dataclass(frozen=True, slots=True)
class Page:
    """A playbook, and the day on which it is looked at."""

    playbook: Playbook
    as_of: date | None
    """None where no day is known: nothing can be late then."""


class Found(NamedTuple):
    """Where something could be better, what, and what to write instead."""

    path: Path
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of remark: its name, what finds it, and why it matters."""

    name: str
    find: Callable[[Page], Iterator[Found]]
    why: str


def is_blank(text: str | None) -> bool:
    """Tell whether nothing is said."""
    return text is None or not text.strip()


def role_keys(playbook: Playbook) -> dict[str, str]:
    """Return each name of a declared role, folded, with the role's own name, folded."""
    return {fold(name): fold(role.name) for role in playbook.roles for name in (role.name, *role.aliases)}


def tasks_of(playbook: Playbook) -> Iterator[tuple[Path, Task]]:
    """Yield the tasks of the stages and of the service stages, each with its place."""
    lists = [("stages", at, stage.tasks) for at, stage in enumerate(playbook.stages)]
    lists += [("service", at, stage.tasks) for at, stage in enumerate(playbook.service)]
    for key, at, tasks in lists:
        for place, task in enumerate(tasks):
            yield (key, at, "tasks", place), task


def criteria_of(playbook: Playbook) -> Iterator[tuple[Path, Stage, Criterion]]:
    """Yield the entry and exit criteria of the stages, each with its place."""
    for at, stage in enumerate(playbook.stages):
        for key, criteria in (("entry_criteria", stage.entry_criteria), ("exit_criteria", stage.exit_criteria)):
            for place, criterion in enumerate(criteria):
                yield ("stages", at, key, place), stage, criterion


def spoken_roles(playbook: Playbook) -> Iterator[tuple[Path, str]]:
    """Yield every place that says who owns, does, approves, hands over or takes, and what it says."""
    said: list[tuple[Path, str | None]] = [(("owner",), playbook.owner)]
    said += [(("stages", at, "owner"), stage.owner) for at, stage in enumerate(playbook.stages)]
    said += [(("service", at, "owner"), stage.owner) for at, stage in enumerate(playbook.service)]
    said += [(("metrics", at, "owner"), metric.owner) for at, metric in enumerate(playbook.metrics)]
    said += [(("materials", at, "owner"), material.owner) for at, material in enumerate(playbook.materials)]
    said += [((*path, "by"), task.by) for path, task in tasks_of(playbook)]
    said += [((*path, "approved_by"), criterion.approved_by) for path, _, criterion in criteria_of(playbook)]
    for at, handover in enumerate(playbook.handovers):
        said += [(("handovers", at, "from"), handover.giver), (("handovers", at, "to"), handover.taker)]
    yield from ((path, role) for path, role in said if role is not None and not is_blank(role))
