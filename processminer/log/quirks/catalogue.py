"""Every quirk by its kind: what it is, what can be done about it, and the choice that was made."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from processminer.errors import InputError
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processminer.log.eventlog import Problem, Question

Unit = Literal["rows", "deals", "steps", "stages", "people"]
"""What a quirk is counted in; a step is a change of stage in a deal's path."""


@dataclass(frozen=True, slots=True)
class Quirk:
    """One way in which an export differs from what the deals did, and what can be done about it."""

    kind: str
    """A slug, such as `bulk-updates`: public, it stands in reports and in --treat."""
    number: str
    """Its number in the list of known quirks, such as Q4; empty where it is none of them."""
    title: str
    page: str
    treatments: Mapping[str, str]
    """Name of each treatment to what is then done, as a sentence; the usual one first."""
    evidence: str
    """What is known of it."""
    counts: Unit
    harmless: bool
    """Whether it is said for completeness: nothing is wrong with the export."""
    spoils: tuple[Question, ...] = ()
    """What a deal that shows it can no longer be asked in full."""

    @property
    def usual(self) -> str:
        """The treatment that holds unless another is asked for."""
        return next(iter(self.treatments))


@cache
def quirks() -> Mapping[str, Quirk]:
    """Return every quirk that reading knows, by its kind."""
    file = resources.files("processminer.log.quirks").joinpath("quirks.toml")
    said: dict[str, dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return {kind: _quirk(kind, entry) for kind, entry in said.items()}


def _quirk(kind: str, said: Mapping[str, Any]) -> Quirk:
    return Quirk(
        kind=kind,
        number=said["number"],
        title=said["title"],
        page=" ".join(said["page"].split()),
        treatments=said["treatments"],
        evidence=said["evidence"],
        counts=said["counts"],
        harmless=said.get("harmless", False),
        spoils=tuple(said.get("spoils", ())),
    )


def find_quirk(kind: str) -> Quirk:
    """Return a quirk by its kind. Raises InputError for an unknown one, naming what can be treated."""
    known = quirks()
    if kind not in known:
        switchable = sorted(name for name, quirk in known.items() if len(quirk.treatments) > 1)
        message = f"{kind!r} is no quirk that is known."
        raise InputError(message, hint=_hint(kind, known, f"These can be treated: {', '.join(switchable)}."))
    return known[kind]


def _hint(said: str, known: Iterable[str], every: str) -> str:
    near = get_close_matches(said, list(known), n=1)
    return f"Did you mean {near[0]!r}? {every}" if near else every


def explain_quirk(kind: str) -> str:
    """Return the page of a quirk: what it is, what is done about it, and how to choose. Raises InputError."""
    quirk = find_quirk(kind)
    lines = [kind, "", f"{quirk.title}.", "", quirk.page, "", "What can be done"]
    for name, sentence in quirk.treatments.items():
        usual = " (the usual)" if name == quirk.usual else ""
        lines.append(f"  --treat {kind}={name}{usual}: {sentence}")
    if quirk.evidence:
        lines += ["", f"Known from: {quirk.evidence}"]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Treatments:
    """What is done about each quirk: as asked for, else the usual."""

    asked: Mapping[str, str]

    def of(self, kind: str) -> str:
        """Return the name of the treatment of a quirk."""
        return self.asked.get(kind, quirks()[kind].usual)

    def sentence(self, kind: str) -> str:
        """Return what is done about a quirk."""
        return quirks()[kind].treatments[self.of(kind)]


def choose_treatments(asked: Mapping[str, str]) -> Treatments:
    """Return the treatments that hold; raises InputError for a quirk or a treatment that does not exist."""
    for kind, treatment in asked.items():
        quirk = find_quirk(kind)
        if treatment not in quirk.treatments:
            message = f"{kind} cannot be treated by {treatment!r}."
            raise InputError(
                message, hint=_hint(treatment, quirk.treatments, f"It knows: {say_list(quirk.treatments, 9)}.")
            )
    return Treatments(dict(asked))


def catalogued(problem: Problem, treatments: Treatments) -> Problem:
    """Return a problem with what the catalogue says of its kind."""
    quirk = quirks()[problem.kind]
    treated = "set-aside" if problem.set_aside else treatments.of(problem.kind)
    return replace(
        problem,
        counts="rows" if problem.set_aside else quirk.counts,
        quirk=quirk.number,
        title=quirk.title,
        treated=treated,
        others=tuple(name for name in quirk.treatments if name != treated),
        harmless=quirk.harmless,
    )


def rank(problem: Problem) -> tuple[bool, int, int, str]:
    """Return where a problem stands among others: what spoils most answers for most deals first, the harmless last.

    What is not about deals is taken to touch a deal each time it was met.
    """
    touched = problem.rows if problem.deals is None else problem.deals
    return problem.harmless, -touched * len(quirks()[problem.kind].spoils), -problem.rows, problem.kind
