"""What a playbook says in one place must fit what it says in another: names that clash, moves that lead nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.playbook.parts.outcomes import Outcomes
from processminer.words import fold, say_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from processminer.engines.yaml_text import Plain

Location = tuple[str | int, ...]

KINDS_OF_LOST = ("no_decision", "disqualified")


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something that does not fit the rest, and where it stands."""

    location: Location
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """The names that a playbook uses, as far as they can be read; it may have other faults as well."""

    stages: tuple[tuple[int, Mapping[str, Plain]], ...]
    places: Mapping[str, int]
    """Stage name to its place; of two that share a name, the first counts."""
    aliases: Mapping[str, str]
    won: tuple[str, ...]
    lost: tuple[str, ...]


def misfits(data: Plain) -> Iterator[Misfit]:
    """Find what does not fit in the plain data of a playbook."""
    said = _read(data)
    yield from _never_won(said)
    yield from _double_outcomes(said)
    yield from _homeless(said, _keys(data))
    yield from _clashing_names(said)
    for place, stage in said.stages:
        yield from _twins(place, stage, "tasks", "do")
        for key in ("entry_criteria", "exit_criteria"):
            yield from _twins(place, stage, key, "name")
        yield from _misdirected_moves(said, place, stage)
    yield from _doubled(_keys(data))
    yield from _unknown_stages(said, _keys(data))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return the question that names the closest known word, or None if none is close."""
    from difflib import get_close_matches

    by_lower = {name.casefold(): name for name in reversed(list(known))}
    close = get_close_matches(word.casefold(), list(by_lower), n=1)
    return f"Did you mean {by_lower[close[0]]!r}?" if close else None


def _meant(word: str, known: Iterable[str]) -> str:
    """Return the closest known word as a question, or all of them."""
    listed = list(dict.fromkeys(known))
    return did_you_mean(word, listed) or f"There are: {say_list(listed, 8)}."


def _read(data: Plain) -> _Said:
    top = _keys(data)
    stages = tuple((i, keys) for i, stage in enumerate(_list(top.get("stages"))) if (keys := _keys(stage)))
    places: dict[str, int] = {}
    aliases: dict[str, str] = {}
    for place, stage in stages:
        if isinstance(name := stage.get("name"), str):
            places.setdefault(name, place)
            aliases.update((alias, name) for _, alias in _texts(stage.get("aliases")))
    ends = _keys(top.get("outcomes"))
    usual = Outcomes()
    won = tuple(text for _, text in _texts(ends["won"])) if "won" in ends else usual.won
    lost = tuple(text for _, text in _texts(ends["lost"])) if "lost" in ends else usual.lost
    lost += tuple(text for kind in KINDS_OF_LOST for _, text in _texts(ends.get(kind)))
    return _Said(stages, places, aliases, won, lost)


def _list(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []


def _keys(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}


def _texts(value: Plain) -> list[tuple[Location, str]]:
    """Return the texts of a list, each with its place; a single text is a list of one."""
    if isinstance(value, str):
        return [((), value)]
    return [((i,), item) for i, item in enumerate(_list(value)) if isinstance(item, str)]


def _never_won(said: _Said) -> Iterator[Misfit]:
    """Find a playbook by which no deal can be won, as it stands.

    What another fault leaves open, such as a stage that is not there, is taken to lead to won.
    """
    stages = [stage for _, stage in said.stages]
    reached: set[int | None] = {at for at, stage in enumerate(stages) if stage.get("may_start") not in (None, False)}
    reached |= set(_run(stages, 0))
    ahead = [at for at in reached if at is not None]
    while ahead:
        found = _onward(said, stages, ahead.pop()) - reached
        reached |= found
        ahead += [at for at in found if at is not None]
    if stages and None not in reached:
        hint = "Take the 'next' of the last stage away, or let it name won."
        yield Misfit(("stages",), "nothing leads to won: by this playbook no deal can be won.", hint)


def _onward(said: _Said, stages: list[Mapping[str, Plain]], at: int) -> set[int | None]:
    """Return the stages that may follow, by their place among those that can be read; None stands for won."""
    index_of = {place: index for index, (place, _) in enumerate(said.stages)}
    order = set[int | None]() if _texts(stages[at].get("next")) else set(_run(stages, at + 1))
    for key in ("next", "may_skip_to", "may_return_to"):
        for _, text in _texts(stages[at].get(key)):
            place = said.places.get(said.aliases.get(text, text))
            if text not in said.lost:
                order.add(None if place is None else index_of[place])
    return order


def _run(stages: list[Mapping[str, Plain]], first: int) -> list[int | None]:
    """Return the places of the optional stages from `first` on and of the required one behind them, if not of won."""
    run: list[int | None] = []
    for at in range(first, len(stages)):
        run.append(at)
        if stages[at].get("optional") in (None, False):
            return run
    return [*run, None]


def _double_outcomes(said: _Said) -> Iterator[Misfit]:
    won = {fold(name) for name in said.won}
    for name in said.lost:
        if fold(name) in won:
            yield Misfit(("outcomes",), f"{name!r} is a name of won and of lost.", "Keep one.")


def _homeless(said: _Said, top: Mapping[str, Plain]) -> Iterator[Misfit]:
    """Find handovers and service stages that begin at something that is not there."""
    known = [*said.places, *said.won]
    for place, handover in enumerate(_list(top.get("handovers"))):
        entering = _keys(handover).get("entering")
        if isinstance(entering, str) and entering not in known:
            location = ("handovers", place, "entering")
            yield Misfit(location, f"{entering!r} is not a stage, nor won.", _meant(entering, known))
    known += [*said.lost]
    for place, stage in enumerate(_list(top.get("service"))):
        begins = _keys(stage).get("begins_at")
        if isinstance(begins, str) and begins not in known:
            location = ("service", place, "begins_at")
            yield Misfit(location, f"{begins!r} is neither a stage nor an outcome.", _meant(begins, known))
        known += [name for name in [_keys(stage).get("name")] if isinstance(name, str)]


def _clashing_names(said: _Said) -> Iterator[Misfit]:
    # The log takes names for one that differ by case, blanks or compatibility forms alone: so must this.
    owners = {fold(name): "a name of won" for name in said.won}
    owners |= {fold(name): "a name of lost" for name in said.lost}
    for place, stage in said.stages:
        title = stage.get("name")
        own: list[tuple[Location, str]] = [(("name",), title)] if isinstance(title, str) else []
        own += [(("aliases", *at), alias) for at, alias in _texts(stage.get("aliases"))]
        for at, name in own:
            if (owner := owners.get(fold(name))) is not None:
                yield Misfit(("stages", place, *at), f"{name!r} is already {owner}.", "Keep one.")
        owners |= {fold(name): f"a name of the stage {title!r}" for _, name in own if fold(name) not in owners}


def _twins(place: int, stage: Mapping[str, Plain], key: str, naming: str) -> Iterator[Misfit]:
    seen: set[str] = set()
    for at, part in enumerate(_list(stage.get(key))):
        name = _keys(part).get(naming)
        if isinstance(name, str) and name in seen:
            yield Misfit(("stages", place, key, at, naming), f"{name!r} stands twice in this stage.", "Keep one.")
        elif isinstance(name, str):
            seen.add(name)


def _doubled(top: Mapping[str, Plain]) -> Iterator[Misfit]:
    """Find names of roles, materials, metrics and service stages that stand twice."""
    for key in ("roles", "materials", "metrics", "service"):
        seen: set[str] = set()
        for at, part in enumerate(_list(top.get(key))):
            name = _keys(part).get("name")
            if isinstance(name, str) and fold(name) in seen:
                yield Misfit((key, at, "name"), f"{name!r} stands twice in '{key}'.", "Keep one.")
            elif isinstance(name, str):
                seen.add(fold(name))


def _unknown_stages(said: _Said, top: Mapping[str, Plain]) -> Iterator[Misfit]:
    """Find metrics and service stages that speak of a stage that is not there."""
    for key, naming in (("metrics", "stage"), ("service", "opens")):
        for at, part in enumerate(_list(top.get(key))):
            name = _keys(part).get(naming)
            if isinstance(name, str) and name not in said.places:
                yield _unknown_target(said, (key, at, naming), name)


def _misdirected_moves(said: _Said, place: int, stage: Mapping[str, Plain]) -> Iterator[Misfit]:
    for key in ("next", "may_skip_to"):
        for at, target in _texts(stage.get(key)):
            location = ("stages", place, key, *at)
            if target in said.places:
                yield from _wrong_way(location, target, place - said.places[target], "an earlier", "may_return_to")
            elif target not in said.won:
                yield _unknown_target(said, location, target)
    for at, target in _texts(stage.get("may_return_to")):
        location = ("stages", place, "may_return_to", *at)
        if target in said.places:
            yield from _wrong_way(location, target, said.places[target] - place, "a later", "may_skip_to")
        else:
            yield _unknown_target(said, location, target)


def _wrong_way(location: Location, target: str, wrong_by: int, which: str, better: str) -> Iterator[Misfit]:
    if wrong_by == 0:
        yield Misfit(location, f"{target!r} is this stage itself.", "Take it out.")
    elif wrong_by > 0:
        yield Misfit(location, f"{target!r} is {which} stage.", f"Say so with '{better}'.")


def _unknown_target(said: _Said, location: Location, target: str) -> Misfit:
    if target in (*said.won, *said.lost):
        return Misfit(location, f"{target!r} is an outcome, not a stage.", "A deal may be lost from any stage.")
    if target in said.aliases:
        return Misfit(location, f"{target!r} is an alias.", f"Write the stage's name, {said.aliases[target]!r}.")
    return Misfit(location, f"{target!r} is not a stage of this playbook.", _meant(target, said.places))
