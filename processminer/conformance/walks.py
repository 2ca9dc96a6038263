"""The distinct walks of deals through the stages, in the playbook's words; deals that walked alike are read once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from processminer.conformance.queries import rows
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.conformance.align import Ending
    from processminer.engines.relations import Relations
    from processminer.log.eventlog import EventLog, StageName
    from processminer.playbook.model import Playbook

TERMINAL, UNDECLARED = -1, 0


@dataclass(frozen=True, slots=True)
class Walk:
    """What some deals did up to their close (open ones: so far), the terminal stages between left out."""

    variant: int
    deals: int
    path: tuple[str, ...]
    """Declared names, and the log's own names of stages that the playbook does not know; repeats collapsed."""
    ending: Ending
    close: str | None
    """The terminal stage that decided, by its name in the log."""
    steps: tuple[WalkStep, ...]


@dataclass(frozen=True, slots=True)
class WalkStep:
    """One stay of a walk in a declared stage."""

    position: int
    """As in `stays`."""
    place: int
    """The stage, counted from 1 in the playbook."""
    run: int
    """Stays that directly follow each other in one stage, under different names for example, share a run."""
    moved_on: bool
    """Whether the deal went on: not back to an earlier stage, and not lost from here. A won deal went on in the end."""
    still: bool
    """Whether an open deal is in it now."""


def read_walks(log: EventLog, playbook: Playbook) -> tuple[Walk, ...]:
    """Return the walk behind each variant. Deals of one variant ended alike, since its terminal stages decide."""
    places = places_of(log.stages, playbook)
    names = [
        playbook.names[place - 1] if place > 0 else stage.name for place, stage in zip(places, log.stages, strict=True)
    ]
    return tuple(
        _walk(variant, deals, codes, ending, close_step, places, names)
        for variant, deals, codes, ending, close_step in rows(log.relations, "distinct_walks")
    )


def places_of(stages: Sequence[StageName], playbook: Playbook) -> tuple[int, ...]:
    """Return for each stage of the log its place in the playbook, from 1, or that it is terminal or undeclared."""
    known: dict[str, int] = {}
    for place, stage in enumerate(playbook.stages, start=1):
        for name in (stage.name, *stage.aliases):
            known.setdefault(fold(name), place)
    return tuple(known.get(fold(stage.name), UNDECLARED) if stage.kind == "open" else TERMINAL for stage in stages)


def put_steps(relations: Relations, walks: Sequence[Walk], places: frozenset[int]) -> None:
    """Make `walk_steps`: what each stay of a walk is in the playbook's words, for stages at these places."""
    steps = [(walk.variant, step) for walk in walks for step in walk.steps if step.place in places]
    relations.put(
        "walk_steps",
        {
            "variant": [variant for variant, _ in steps],
            "position": [step.position for _, step in steps],
            "place": [step.place for _, step in steps],
            "run": [step.run for _, step in steps],
            "moved_on": [step.moved_on for _, step in steps],
            "still": [step.still for _, step in steps],
        },
        {
            "variant": "INTEGER",
            "position": "INTEGER",
            "place": "SMALLINT",
            "run": "INTEGER",
            "moved_on": "BOOLEAN",
            "still": "BOOLEAN",
        },
    )


def moves_taken(walks: Sequence[Walk], declared: frozenset[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """Return how many deals took each declared move, in alphabetical order."""
    taken = dict.fromkeys(sorted(declared), 0)
    for walk in walks:
        path = walk.path if walk.close is None else (*walk.path, walk.close)
        for move in declared.intersection(pairwise(path)):
            taken[move] += walk.deals
    return taken


def _walk(
    variant: int,
    deals: int,
    codes: Sequence[int],
    ending: Ending,
    close_step: int | None,
    places: Sequence[int],
    names: Sequence[str],
) -> Walk:
    walked = codes[: close_step - 1] if close_step else codes
    stays = [(position, code) for position, code in enumerate(walked, start=1) if places[code] != TERMINAL]
    path = tuple(stage for stage, _ in groupby(names[code] for _, code in stays))
    steps = _steps([(position, places[code]) for position, code in stays], ending)
    close = names[codes[close_step - 1]] if close_step else None
    return Walk(variant, deals, path, ending, close, tuple(steps))


def _steps(stays: Sequence[tuple[int, int]], ending: Ending) -> Iterator[WalkStep]:
    run = 0
    for index, (position, place) in enumerate(stays):
        after = stays[index + 1][1] if index + 1 < len(stays) else None
        # A terminal stage between two stays leaves a gap in the positions: the deal was not in the stage meanwhile.
        run += index == 0 or stays[index - 1] != (position - 1, place)
        if place != UNDECLARED:
            yield WalkStep(
                position,
                place,
                run,
                moved_on=ending == "won" or (after is not None and (after == UNDECLARED or after > place)),
                still=ending == "open" and after is None,
            )
