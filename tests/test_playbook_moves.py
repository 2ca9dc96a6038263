"""What a playbook allows is what its sentences say, and no stage is a dead end."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.playbook.model import Playbook
from processminer.playbook.moves import Moves, allowed_moves
from processminer.playbook.parts.outcomes import Outcomes
from processminer.playbook.parts.stages import Stage


def onward(names: list[str], place: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([*names[place + 1 :], "Won"]), unique=True, max_size=2)


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    names = [f"s{place}" for place in range(draw(st.integers(1, 6)))]
    stages = [
        Stage(
            name=name,
            optional=draw(st.booleans()),
            may_start=draw(st.booleans()),
            next=tuple(draw(onward(names, place))) if draw(st.booleans()) else (),
            may_skip_to=tuple(draw(onward(names, place))),
            may_return_to=tuple(draw(st.lists(st.sampled_from(names[:place] or names[:1]), unique=True, max_size=2)))
            if place
            else (),
        )
        for place, name in enumerate(names)
    ]
    return Playbook(name="x", stages=tuple(stages), outcomes=Outcomes(won=("Won",), lost=("Lost",)))


def follows(playbook: Playbook, one: str, other: str) -> bool:
    """Say again, as dully as possible, whether `other` may follow `one`."""
    here, there = playbook.names.index(one), playbook.names.index(other)
    if other in playbook.stages[here].may_return_to or other in playbook.stages[here].may_skip_to:
        return True
    if playbook.stages[here].next:
        return other in playbook.stages[here].next
    return here < there and all(playbook.stages[place].optional for place in range(here + 1, there))


def may_win(playbook: Playbook, place: int) -> bool:
    stage = playbook.stages[place]
    if "Won" in (*stage.may_skip_to, *stage.next):
        return True
    return not stage.next and all(later.optional for later in playbook.stages[place + 1 :])


@settings(deadline=None)
@given(playbooks())
def test_a_move_is_allowed_if_and_only_if_the_playbook_says_so(playbook: Playbook) -> None:
    moves = allowed_moves(playbook)
    names = playbook.names
    assert moves.between == {(one, other) for one in names for other in names if follows(playbook, one, other)}
    assert moves.starts == {
        name
        for place, name in enumerate(names)
        if playbook.stages[place].may_start or all(stage.optional for stage in playbook.stages[:place])
    }
    assert moves.wins == {name for place, name in enumerate(names) if may_win(playbook, place)}


@settings(deadline=None)
@given(playbooks())
def test_every_stage_can_be_left_for_won_and_reached_unless_next_leads_past_it(playbook: Playbook) -> None:
    moves = allowed_moves(playbook)
    reached, winning = set(moves.starts), set(moves.wins)
    for _ in playbook.names:
        reached |= {other for one, other in moves.between if one in reached}
        winning |= {one for one, other in moves.between if other in winning}
    assert winning == set(playbook.names)
    assert reached == winning or any(stage.next for stage in playbook.stages)


@settings(deadline=None)
@given(playbooks(), st.data())
def test_a_path_played_out_from_the_moves_is_allowed_step_by_step(playbook: Playbook, data: st.DataObject) -> None:
    moves = allowed_moves(playbook)
    path = [data.draw(st.sampled_from(sorted(moves.starts)))]
    while len(path) < 12:
        onward = sorted(other for one, other in moves.between if one == path[-1])
        if not onward or (path[-1] in moves.wins and data.draw(st.booleans())):
            break
        path.append(data.draw(st.sampled_from(onward)))
    assert all(follows(playbook, one, other) for one, other in pairwise(path))
    assert path[-1] in moves.wins or len(path) == 12


def test_an_optional_stage_may_be_passed_by_a_required_one_may_not() -> None:
    playbook = Playbook(
        name="x",
        stages=(
            Stage(name="Lead", optional=True),
            Stage(name="Demo"),
            Stage(name="Pilot", optional=True),
            Stage(name="Offer", may_return_to=("Demo",)),
        ),
    )
    assert allowed_moves(playbook) == Moves(
        starts=frozenset({"Lead", "Demo"}),
        between=frozenset(
            {("Lead", "Demo"), ("Demo", "Pilot"), ("Demo", "Offer"), ("Pilot", "Offer"), ("Offer", "Demo")}
        ),
        wins=frozenset({"Offer"}),
    )
