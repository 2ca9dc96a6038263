"""Random playbooks with every way of saying what follows what, and the paths that they allow, counted the dull way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from processminer.playbook.model import Playbook
from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

Path = tuple[str, ...]


@st.composite
def playbooks(draw: st.DrawFn, most: int = 7, names: Sequence[str] = ()) -> Playbook:
    """Playbooks with optional stages, starts, skips, returns, `next`, limits on visits; some stages out of reach."""
    count = draw(st.integers(1, len(names) or most))
    chosen = list(names[:count]) or [f"S{place}" for place in range(count)]
    some = st.lists(st.sampled_from(chosen), max_size=2, unique=True)
    onward = st.lists(st.sampled_from([*chosen, "Signed"]), min_size=1, max_size=3, unique=True)
    stages = [
        {
            "name": name,
            "optional": draw(st.booleans()),
            "may_start": draw(st.sampled_from([False, False, True])),
            "next": draw(st.one_of(st.just([]), onward)),
            "may_skip_to": draw(some),
            "may_return_to": draw(some),
            "max_visits": draw(st.sampled_from([None, None, 1, 2])),
        }
        for name in chosen
    ]
    outcomes = {"won": ["Signed", "Paid"], "lost": ["Gone"], "no_decision": ["Silent"]}
    return Playbook.model_validate({"name": "P", "stages": stages, "outcomes": outcomes})


def drawn_at_random(chance: Random, most: int = 9) -> Playbook:
    """Return a playbook in which a deal can go far, and take detours; the same for the same seed."""
    names = [f"Stage {letter}" for letter in "ABCDEFGHIJKLMN"[: chance.randint(1, most)]]
    stages = [
        {
            "name": name,
            "optional": chance.random() < 0.3,
            "may_start": chance.random() < 0.2,
            "next": chance.sample([*names[place + 1 :], "Signed"], 1) if chance.random() < 0.25 else [],
            "may_skip_to": chance.sample([*names[place + 1 :], "Signed"], 1) if chance.random() < 0.3 else [],
            "may_return_to": chance.sample(names[: place + 1], 1) if chance.random() < 0.4 else [],
            "max_visits": chance.choice([None, None, 1, 2]),
        }
        for place, name in enumerate(names)
    ]
    outcomes = {"won": ["Signed"], "lost": ["Gone"]}
    return Playbook.model_validate({"name": "P", "stages": stages, "outcomes": outcomes})


def allowed_paths(playbook: Playbook, longest: int, *, limited: bool = False) -> Iterator[Path]:
    """List each path of stages up to a length that the playbook allows, however it may end."""
    moves = allowed_moves(playbook)
    most = {stage.name: stage.max_visits for stage in playbook.stages if limited and stage.max_visits is not None}
    paths: list[Path] = [(name,) for name in sorted(moves.starts)]
    while paths:
        path = paths.pop()
        if path.count(path[-1]) > most.get(path[-1], longest):
            continue
        yield path
        if len(path) < longest:
            paths += [(*path, target) for source, target in sorted(moves.between) if source == path[-1]]


def ended(playbook: Playbook, paths: Iterator[Path], won: Sequence[str], lost: Sequence[str]) -> set[Path]:
    """Return the paths with every name of an end that they may have."""
    wins = allowed_moves(playbook).wins
    return {(*path, end) for path in paths for end in (*lost, *(won if path[-1] in wins else ()))}
