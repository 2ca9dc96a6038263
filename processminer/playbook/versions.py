"""A playbook with the versions before it: which of them judges a deal, and how a log is read by all their names."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from processminer.errors import Fault, Place, PlaybookError
from processminer.playbook.lines import line_of
from processminer.playbook.read import parse_playbook, read_text
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage

MOST_VERSIONS = 50
"""Versions that are followed back; a playbook that is revised each quarter comes to so many in twelve years."""


@dataclass(frozen=True, slots=True)
class Version:
    """A playbook as one file declares it."""

    playbook: Playbook
    text: str
    file: str


def read_versions(path: str | Path) -> tuple[Version, ...]:
    """Return the playbook of a file and those that it replaces, one after the other, the newest first.

    `replaces` names a file as seen from the file that says it. Raises PlaybookError for faults of any of the files: a
    version that is missing, one that replaces itself in the end, more than MOST_VERSIONS, and a `valid_from` that is
    missing in a version that replaces another or does not lie after that one's.
    """
    versions = [_version(Path(path), str(path))]
    met = {Path(path).resolve()}
    while (before := versions[-1].playbook.replaces) is not None:
        newer = versions[-1]
        older = Path(newer.file).parent / before
        if older.resolve() in met:
            said = (
                "leads back to itself" if older.resolve() == Path(newer.file).resolve() else "leads round in a circle"
            )
            raise _at_fault(newer, "replaces", f"{before!r} {said}.", "The oldest version replaces none.")
        if len(versions) == MOST_VERSIONS:
            message = f"is the {MOST_VERSIONS}th version before another; that is as far as versions are followed."
            raise _at_fault(newer, "replaces", message, "Leave 'replaces' out here: older deals are judged by this.")
        if not older.is_file():
            message = f"there is no file {before!r}."
            raise _at_fault(newer, "replaces", message, f"It is looked for beside this file, in {older.parent}.")
        met.add(older.resolve())
        versions.append(_version(older, str(older)))
    faults = tuple(_unordered(versions))
    if faults:
        raise PlaybookError(faults)
    return tuple(versions)


def _version(path: Path, file: str) -> Version:
    text = read_text(path)
    return Version(parse_playbook(text, file), text, file)


def _at_fault(version: Version, key: str, message: str, hint: str) -> PlaybookError:
    return PlaybookError((_fault(version, key, message, hint),))


def _fault(version: Version, key: str, message: str, hint: str) -> Fault:
    return Fault(f"{key}: {message}", Place(version.file, line_of(version.text, (key,))), hint)


def _unordered(versions: Sequence[Version]) -> Iterator[Fault]:
    """Yield a fault for each version of which nobody can tell since when it holds in place of the one before it."""
    for newer, older in pairwise(versions):
        since, before = newer.playbook.valid_from, older.playbook.valid_from
        if since is None:
            message = "cannot be told from this version: it does not say from when it holds."
            yield _fault(newer, "replaces", message, "Add 'valid_from: 2026-01-31' with its first day.")
        elif before is not None and before >= since:
            message = f"{since} is not after {before}, from which the version holds that it replaces ({older.file})."
            yield _fault(newer, "valid_from", message, "A version holds from a later day than the one before it.")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What all versions together call stages and outcomes; stages by the newest version's names where it has them."""

    order: tuple[str, ...]
    aliases: Mapping[str, str]
    won: tuple[str, ...]
    lost: tuple[str, ...]


def spoken_by(versions: Sequence[Playbook]) -> Spoken:
    """Return the names by which a log is read; `versions` are given newest first.

    A name means what the newest version means by it that has the name. An older stage that shares a name with a newer
    one is that stage, and lends it its other names; one that shares none is a stage of its own, behind the one that it
    followed.
    """
    newest, *older = versions
    order = list(newest.names)
    meant = {fold(name): stage.name for stage in newest.stages for name in _names_of(stage)}
    aliases = {alias: stage.name for stage in newest.stages for alias in stage.aliases}
    won, lost = list(newest.outcomes.won), list(newest.outcomes.lost)
    for playbook in older:
        before: str | None = None
        for stage in playbook.stages:
            named = _names_of(stage)
            known = next((meant[fold(name)] for name in named if fold(name) in meant), None)
            if known is None:
                known = stage.name
                order.insert(0 if before is None else order.index(before) + 1, known)
            for name in named:
                if fold(name) not in meant and fold(name) not in _folded(won, lost):
                    meant[fold(name)] = known
                    if name != known:
                        aliases[name] = known
            before = known
        won += [one for one in playbook.outcomes.won if fold(one) not in meant and fold(one) not in _folded(won, lost)]
        lost += [
            one for one in playbook.outcomes.lost if fold(one) not in meant and fold(one) not in _folded(won, lost)
        ]
    return Spoken(tuple(order), aliases, tuple(won), tuple(lost))


def shown_by_tasks(versions: Sequence[Playbook]) -> tuple[str, ...]:
    """Return the names of tasks, and the activities of a log that show that one was done, of all versions."""
    tasks = (task for playbook in versions for stage in playbook.stages for task in stage.tasks)
    return tuple(dict.fromkeys(name for task in tasks for name in (task.do, *task.seen_as)))


def as_spoken(playbook: Playbook, spoken: Spoken) -> Playbook:
    """Return a version whose stages answer to the names that a log is read by.

    Where a newer version made one stage of several, the log cannot tell them apart any more: the first of them stands
    for all, and the others are owed no visit.
    """
    taken: set[str] = set()
    stages: list[Stage] = []
    for stage in playbook.stages:
        read_as = {spoken.aliases.get(name, name) for name in _names_of(stage)}
        read_as = {name for name in read_as if name in spoken.order}
        new = [name for name in spoken.order if name in read_as - taken]
        taken |= read_as
        more = [name for name in new if fold(name) not in {fold(own) for own in _names_of(stage)}]
        stages.append(
            stage.model_copy(
                update={"aliases": (*stage.aliases, *more), "optional": stage.optional or bool(read_as and not new)}
            )
        )
    return playbook.model_copy(update={"stages": tuple(stages)})


def _names_of(stage: Stage) -> tuple[str, ...]:
    return (stage.name, *stage.aliases)


def _folded(*names: Sequence[str]) -> set[str]:
    return {fold(name) for those in names for name in those}
