"""The edits by which one stage of a playbook becomes a part of another, and all that spoke of it speaks of that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.log.names import fold
from processminer.playbook.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Criterion, Stage, Task

_LENGTHS = ("within", "takes")
"""Keys of tasks that are lengths of time, in days as they were read."""


def joined(stage: Stage, into: Stage, playbook: Playbook) -> tuple[Edit, ...]:
    """Return the edits that make `stage` a part of `into`: names, tasks, criteria and permissions move, the rest goes.

    Tasks and criteria of a name that `into` has already are left out. The result is a playbook that can be read
    wherever the one before was.
    """
    return (
        *_names(stage, into),
        *_work(stage, into, playbook),
        *_permissions(stage, into, playbook),
        *_spoken_of(stage, into, playbook),
        Edit("remove", ("stages", stage.name)),
    )


def _names(stage: Stage, into: Stage) -> Iterator[Edit]:
    known = {fold(name) for name in (into.name, *into.aliases)}
    for name in (stage.name, *stage.aliases):
        if fold(name) not in known:
            yield Edit("add", ("stages", into.name, "aliases"), value=name)


def _work(stage: Stage, into: Stage, playbook: Playbook) -> Iterator[Edit]:
    """Move tasks, and criteria to where they are asked for at the same moment."""
    later = playbook.names.index(stage.name) > playbook.names.index(into.name)
    yield from _moved(stage.tasks, {task.do for task in into.tasks}, ("stages", into.name, "tasks"))
    # What must be true between the two is true within the joined stage: nobody asks for it any more.
    key = "exit_criteria" if later else "entry_criteria"
    kept: tuple[Criterion, ...] = stage.exit_criteria if later else stage.entry_criteria
    there = {one.name for one in (into.exit_criteria if later else into.entry_criteria)}
    yield from _moved(kept, there, ("stages", into.name, key))
    for text in stage.advance_when:
        if text not in into.advance_when:
            yield Edit("add", ("stages", into.name, "advance_when"), value=text)


def _moved(parts: Sequence[Task | Criterion], there: set[str], path: tuple[str, ...]) -> Iterator[Edit]:
    for part in parts:
        written = part.model_dump(mode="json", exclude_unset=True)
        if str(written.get("do", written.get("name"))) not in there:
            lengths = {key: f"{float(written[key]):g} days" for key in _LENGTHS if key in written}
            yield Edit("add", path, value={**written, **lengths})


def _permissions(stage: Stage, into: Stage, playbook: Playbook) -> Iterator[Edit]:
    """Move where the stage may lead to, as far as the order of the list does not say it for the other one."""
    places = {name: place for place, name in enumerate(playbook.names)}
    for target in stage.may_return_to:
        if places[target] < places[into.name] and target not in into.may_return_to:
            yield Edit("add", ("stages", into.name, "may_return_to"), value=target)
    for target in stage.may_skip_to:
        if places.get(target, len(places)) > places[into.name] and target not in into.may_skip_to:
            yield Edit("add", ("stages", into.name, "may_skip_to"), value=target)
    if stage.may_start and not into.may_start and places[into.name] > 0:
        yield Edit("set", ("stages", into.name, "may_start"), value=True)


def _spoken_of(stage: Stage, into: Stage, playbook: Playbook) -> Iterator[Edit]:
    for other in playbook.stages:
        if other.name != stage.name:
            yield from _redirected(other, stage, into)
    # Each by the key that names it, since that is how an edit finds it.
    said = (
        *(("handovers", one.entering, "entering", one.entering) for one in playbook.handovers),
        *(("metrics", one.name, "stage", one.stage) for one in playbook.metrics),
        *(("service", one.name, "begins_at", one.begins_at) for one in playbook.service),
        *(("service", one.name, "opens", one.opens) for one in playbook.service),
    )
    yield from (Edit("set", tuple(path), value=into.name) for *path, name in said if name == stage.name)
    for one in playbook.accepted:
        if stage.name in one.subject.split(" -> "):
            yield Edit("remove", ("accepted", one.subject))


def _redirected(other: Stage, stage: Stage, into: Stage) -> Iterator[Edit]:
    keys: Iterable[tuple[str, tuple[str, ...]]] = (
        ("next", other.next),
        ("may_skip_to", other.may_skip_to),
        ("may_return_to", other.may_return_to),
    )
    for key, targets in keys:
        if stage.name in targets:
            if other.name != into.name and into.name not in targets:
                yield Edit("add", ("stages", other.name, key), value=into.name, after=stage.name)
            yield Edit("remove", ("stages", other.name, key, stage.name))
