"""The next version of a playbook: chosen revisions applied, its number and first day set, its log kept."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

from processminer.errors import InputError
from processminer.playbook.edits import Edit
from processminer.playbook.patch import apply
from processminer.playbook.read import parse_playbook
from processminer.revisions.revise import revise
from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.findings.finding import Finding
    from processminer.playbook.model import Playbook
    from processminer.revisions.revision import Revision, RevisionKind
    from processminer.statistics.interval import Interval

Step = Literal["major", "minor", "patch"]

ORDER: tuple[Step, ...] = ("major", "minor", "patch")

MAJOR: frozenset[RevisionKind] = frozenset({"remove-stage", "require-stage", "merge-stages", "split-by-segment"})
"""What breaks the comparison with older deals: a stage is gone, means something else, or is owed by all."""

PATCH: frozenset[RevisionKind] = frozenset({"add-alias", "set-probability"})
"""What asks nothing else of anybody: a name and a forecast figure."""

SAID: Mapping[Step, str] = {
    "major": "a stage is taken away or becomes owed, so that deals before and after are not held to the same stages",
    "minor": "rules are added, loosened or set otherwise; the stages that deals owe stay the same",
    "patch": "only names or forecast figures change; nobody has to work otherwise",
}
"""Why a version is raised by so much."""

_NUMBERED = re.compile(r"(?P<head>\D*)(?P<major>\d+)(?:\.(?P<minor>\d+))?(?:\.(?P<patch>\d+))?")


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A playbook's next version, as text and in words."""

    text: str
    version: str
    """The same as before where nothing was chosen."""
    valid_from: date | None
    step: Step | None
    """None where nothing was chosen."""


def new_version(
    text: str,
    revisions: Sequence[Revision],
    findings: Sequence[Finding],
    looked_at: date,
    *,
    valid_from: date | None = None,
) -> NewVersion:
    """Return the playbook with these revisions, the next version number, its first day and an entry for each change.

    The version holds from the day after `looked_at`, or after the day from which the present one holds, whichever is
    later. Every other line stays as it was. Raises InputError for revisions that exclude each other and for a first
    day that is not after that of the present version.
    """
    playbook = parse_playbook(text, "<the playbook>")
    if not revisions:
        return NewVersion(text, playbook.version, playbook.valid_from, None)
    since = _first_day(playbook, looked_at, valid_from)
    step = ORDER[min(ORDER.index(step_of(one)) for one in revisions)]
    version = raised(playbook.version, step)
    edits = [
        Edit("set", ("version",), value=version),
        Edit("set", ("valid_from",), value=since),
        *([] if playbook.reviewed is None else [Edit("set", ("reviewed",), value=max(playbook.reviewed, looked_at))]),
        *reversed(list(_entries(revisions, {one.id: one for one in findings}, version, looked_at))),
    ]
    return NewVersion(apply(revise(text, revisions), edits), version, since, step)


def step_of(revision: Revision) -> Step:
    """Return by how much a revision raises the version: by what it asks of the deals that begin from then on."""
    if revision.kind in MAJOR or any(_adds_owed_stage(edit) for edit in revision.edits):
        return "major"
    return "patch" if revision.kind in PATCH else "minor"


def raised(version: str, step: Step) -> str:
    """Return the next version number (semantic versioning, Preston-Werner, 2013).

    >>> raised("3.2.0", "minor"), raised("v2", "major"), raised("1.9", "patch"), raised("spring", "minor")
    ('3.3.0', 'v3.0.0', '1.9.1', 'spring-1.1.0')
    """
    found = _NUMBERED.fullmatch(version)
    if found is None:
        return f"{version}-{raised('1.0.0', step)}"
    numbers = [int(found[one] or 0) for one in ORDER]
    at = ORDER.index(step)
    return found["head"] + ".".join(str(one) for one in [*numbers[:at], numbers[at] + 1, 0, 0][:3])


def placed(text: str, present: str, elsewhere: Path) -> str:
    """Return a playbook's text so that it can lie elsewhere: the version it replaces is named as seen from there.

    `present` is the file that the text was read from.
    """
    before = parse_playbook(text, present).replaces
    if before is None or Path(present).resolve().parent == elsewhere.resolve().parent:
        return text
    return apply(text, [Edit("set", ("replaces",), value=_seen_from(elsewhere, Path(present).parent / before))])


def replacing(text: str, present: str, out: Path) -> str:
    """Return a next version's text for the file `out`, naming `present` as the version before it.

    Where `out` is that file itself the version before it stays the one that it named.
    """
    if out.resolve() == Path(present).resolve():
        return text
    return apply(text, [Edit("set", ("replaces",), value=_seen_from(out, Path(present)))])


def _seen_from(file: Path, other: Path) -> str:
    try:
        return PurePath(os.path.relpath(other.resolve(), file.resolve().parent)).as_posix()
    except ValueError:
        # Another drive: there is no way from one to the other.
        return other.resolve().as_posix()


def _first_day(playbook: Playbook, looked_at: date, wanted: date | None) -> date:
    present = playbook.valid_from
    if wanted is None:
        return max(looked_at, present or looked_at) + timedelta(days=1)
    if present is not None and wanted <= present:
        message = f"The new version cannot hold from {wanted}: the present one holds from {present}."
        raise InputError(message, hint="Name a later day with --valid-from.")
    return wanted


def _adds_owed_stage(edit: Edit) -> bool:
    value = edit.value
    return edit.action == "add" and edit.path == ("stages",) and isinstance(value, dict) and "optional" not in value


def _entries(revisions: Sequence[Revision], findings: Mapping[str, Finding], version: str, day: date) -> Iterator[Edit]:
    for one in revisions:
        answers = say_list(
            (f"{id_} ({findings[id_].rule})" if id_ in findings else id_ for id_ in one.because), len(one.because)
        )
        entry = {
            "version": version,
            "day": day,
            "why": f"{one.kind}: {one.subject}",
            "evidence": f"Grade {one.grade}, {say_count(one.n, 'deal')} up to {day}{_rate(one)};"
            f" {_effect(one.effect)}; answers {answers}",
        }
        yield Edit("add", ("changes",), value=entry, after="")


def _rate(one: Revision) -> str:
    return "" if one.q is None else f", q = {one.q:.2g}{one.against}"


def _effect(effect: Mapping[str, Interval]) -> str:
    told = [
        f"{name} {_signed(scale * change.estimate, digits)}{unit}"
        f" ({_signed(scale * change.low, digits)} to {_signed(scale * change.high, digits)}) predicted"
        for measure, change in sorted(effect.items(), key=lambda one: _told_at(one[0]))
        for name, scale, unit, digits in [_UNITS.get(measure, (measure.replace("_", " "), 1.0, "", 1))]
    ]
    return ", ".join(told) or "no effect predicted"


def _signed(value: float, digits: int) -> str:
    # What rounds to nothing is never told as less than nothing.
    return f"{round(value, digits) + 0.0:+,.{digits}f}"


_UNITS: Mapping[str, tuple[str, float, str, int]] = {
    "win_rate": ("win rate", 100.0, " points", 1),
    "win_rate_overall": ("win rate of all new deals", 100.0, " points", 1),
    "won_cycle_days": ("days to win", 1.0, " days", 1),
    "value": ("value of a new deal", 1.0, "", 0),
}
"""By measure, in the order in which they are read: its name, what it is multiplied by, its unit, and its decimals."""


def _told_at(measure: str) -> tuple[int, str]:
    return (list(_UNITS).index(measure) if measure in _UNITS else len(_UNITS), measure)
