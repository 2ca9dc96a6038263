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
class Run:
    """A time in one declared stage, under whatever names; a terminal stage in between ends it."""

    place: int
    """The stage, counted from 1 in the playbook."""
    came: int
    """The step, counted from 1, that began it."""
    went: int | None
    """The step that ended it; None while an open deal is in it."""
    went_on: bool
    """Whether the deal then went on: not back to an earlier stage, not lost from here. A won deal did in the end."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What the deals of a variant did up to their close (open ones: so far), terminal stages in between left out."""

    variant: int
    deals: int
    path: tuple[str, ...]
    """Declared names, and the log's own names of stages that the playbook does not know; repeats collapsed."""
    ending: Ending
    close: str | None
    """The terminal stage that decided, by its name in the log."""
    runs: tuple[Run, ...]
    moves: frozenset[tuple[str, str]]
    """From which stage to which the deals really went, the close included; not across a terminal stage in between."""


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


def put_walks(relations: Relations, walks: Sequence[Walk], places: frozenset[int]) -> None:
    """Make `walk_runs` and `walk_dues`: at which steps walks came to the stages at these places, and left them."""
    runs = [(walk.variant, run.place, run.came, run.went) for walk in walks for run in walk.runs if run.place in places]
    dues = [(walk.variant, *due) for walk in walks for due in _dues(walk) if due[0] in places]
    for name, those in (("walk_runs", runs), ("walk_dues", dues)):
        variant, place, came, went = zip(*those, strict=True) if those else ((), (), (), ())
        relations.put(
            name,
            {"variant": variant, "place": place, "came": came, "went": went},
            {"variant": "INTEGER", "place": "SMALLINT", "came": "INTEGER", "went": "INTEGER"},
        )


def moves_taken(walks: Sequence[Walk], declared: frozenset[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """Return how many deals took each declared move, in alphabetical order."""
    taken = dict.fromkeys(sorted(declared), 0)
    for walk in walks:
        for move in declared.intersection(walk.moves):
            taken[move] += walk.deals
    return taken


def _dues(walk: Walk) -> Iterator[tuple[int, int, int | None]]:
    """Yield each stage whose demands concern the walk, when it first came there, and when it last went on, if it has.

    While a deal is in the stage, or open and not yet gone on from it, it may still do what the stage asks for.
    """
    for place in sorted({run.place for run in walk.runs}):
        own = [run for run in walk.runs if run.place == place]
        exits = [run.went for run in own if run.went_on]
        still = own[-1].went is None
        if exits and not still:
            yield place, own[0].came, exits[-1]
        elif walk.ending == "open":
            yield place, own[0].came, None


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
    path = tuple(stage for stage, _ in groupby(names[code] for code in resumed(walked, places)))
    close = names[codes[close_step - 1]] if close_step else None
    runs = tuple(_runs([places[code] for code in walked], ending))
    stepped = [code for code, _ in groupby((codes[:close_step] if close_step else codes), key=lambda code: names[code])]
    return Walk(variant, deals, path, ending, close, runs, frozenset(pairwise(stepped)))


def resumed(walked: Sequence[int], places: Sequence[int]) -> list[int]:
    """Return the stages of a walk without terminal ones; a deal that was reopened takes up where it came back.

    What it did from that stage on before it closed, it begins anew: coming back is no return and no slip, since a
    playbook speaks of neither. Whatever required stage it had not done before it came back counts as skipped.
    """
    resumed: list[int] = []
    closed = False
    for code in walked:
        if places[code] == TERMINAL:
            closed = True
            continue
        if closed and places[code] != UNDECLARED:
            kept = next((at for at, earlier in enumerate(resumed) if places[earlier] >= places[code]), len(resumed))
            resumed = resumed[:kept] + [earlier for earlier in resumed[kept:] if places[earlier] == UNDECLARED]
        closed = closed and places[code] == UNDECLARED
        resumed.append(code)
    return resumed


def _runs(walked: Sequence[int], ending: Ending) -> Iterator[Run]:
    step = 1
    for place, same in groupby(walked):
        came, step = step, step + len(list(same))
        if place > 0:
            after = next((later for later in walked[step - 1 :] if later != TERMINAL), None)
            went_on = ending == "won" or (after is not None and (after == UNDECLARED or after > place))
            still = ending == "open" and step > len(walked)
            yield Run(place, came, None if still else step, went_on)
