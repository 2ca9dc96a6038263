"""One organisation with what is planted in it, what an audit must say of it, and what it must not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.organisations.book import Book, declare
from tests.organisations.world import World

Told = Mapping[str, Any]
"""A revision as `audit.json` tells it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A revision that an audit must propose."""

    kind: str
    subject: str
    also: tuple[tuple[str, str], ...] = ()
    """Other ways to say the same, by kind and subject."""
    moment: tuple[str, str] | None = None
    """The deals that come to the decision: `into` a stage or past it, `from` a stage onward, `leaving` it however, or
    having come to it (`at`). None where the edit changes no deal."""
    in_force: Callable[[Told, World], World] | None = None
    """The same organisation with the change in force for all, as the revision says it."""

    def is_met_by(self, kind: str, subject: str) -> bool:
        """Tell whether a revision, or what is undecided, is this."""
        return (kind, subject) in ((self.kind, self.subject), *self.also)


@dataclass(frozen=True, slots=True)
class Case:
    """An organisation to be audited."""

    name: str
    world: World
    declares: Callable[[Book], Book] = lambda book: book
    """What the playbook says instead of the truth."""
    wanted: tuple[Wanted, ...] = ()
    decoys: tuple[str, ...] = ()
    """Subjects that look like a reason for a change and are none, however the revision is called."""
    called: Mapping[str, str] = field(default_factory=dict[str, str])
    """New names of stages in the CRM."""
    since: float = 0.0
    """The day from which they are in force."""

    @property
    def book(self) -> Book:
        """The playbook of the organisation."""
        return self.declares(declare(self.world))


def together(name: str, world: World, plants: Sequence[Callable[[World], Case]]) -> Case:
    """Return one organisation with several things planted in it, each where the others are not."""
    case = Case(name, world)
    for plant in plants:
        new = plant(case.world)
        case = Case(
            name,
            new.world,
            _one_after_the_other(case.declares, new.declares),
            (*case.wanted, *new.wanted),
            (*case.decoys, *new.decoys),
            {**case.called, **new.called},
            max(case.since, new.since),
        )
    return case


def _one_after_the_other(first: Callable[[Book], Book], second: Callable[[Book], Book]) -> Callable[[Book], Book]:
    return lambda book: second(first(book))
