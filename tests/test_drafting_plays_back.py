"""Deals that are played out from a playbook give that playbook back, open and lost deals among them.

Compared are the stages in order, which of them are optional, every move that is allowed (starts, moves, returns, wins),
the required tasks with the activities that show them, and the time limits: stays are drawn evenly between 10 % and 95 %
of a limit, of which four in five lie within 78 %. Where deals may begin late, the moves are compared alone: to begin
behind a stage or to leave it out is the same. What a play-out cannot show is left out of the playbooks: stages none of
which is required (every deal is somewhere), returns to a stage that deals may also leave out, and returns where deals
may begin late: who goes back there may as well be on the way for the first time.
"""

from __future__ import annotations

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.drafting.draft import draft_playbook
from processminer.playbook.model import Playbook
from processminer.playbook.moves import allowed_moves
from processminer.playbook.parts.outcomes import Outcomes
from processminer.playbook.parts.stages import Stage, Task
from processminer.playbook.read import parse_playbook
from tests.playout import LOOKED_AT, played_out
from tests.worlds import log_of

NAMES = ("Lead", "Demo", "Offer: final", "Legal #1", "yes")

FOUR_IN_FIVE = 0.1 + 0.8 * (0.95 - 0.1)
"""Of the limit: where the 80 % quantile of the stays lies that are played out."""


@st.composite
def playable_books(draw: st.DrawFn) -> Playbook:
    names = draw(st.permutations(NAMES))[: draw(st.integers(2, 5))]
    sure = draw(st.sampled_from(names))
    begins_late = draw(st.booleans())
    stages: list[Stage] = []
    for name in names:
        required = [stage.name for stage in stages if not stage.optional]
        stages.append(
            Stage(
                name=name,
                optional=name != sure and draw(st.booleans()),
                may_start=begins_late and bool(required) and draw(st.booleans()),
                may_return_to=tuple(draw(st.sets(st.sampled_from(required or [name]), max_size=1)) - {name})
                if not begins_late
                else (),
                time_limit=draw(st.sampled_from([5.0, 14.0, 30.0])),
                tasks=tuple(
                    Task(do=f"{kind} {name}", seen_as=(f"{kind} {name}",))
                    for kind in sorted(draw(st.sets(st.sampled_from(["Call", "Mail"]))))
                ),
            )
        )
    return Playbook(name="Played", stages=tuple(stages), outcomes=Outcomes(won=("Won",), lost=("Lost",)))


# A play-out is too dear to be made smaller again and again.
@settings(deadline=None, max_examples=10, phases=[Phase.explicit, Phase.generate])
@given(playable_books(), st.integers(0, 99))
def test_a_draft_from_played_out_deals_is_the_playbook_they_were_played_from(book: Playbook, seed: int) -> None:
    world = played_out(book, deals=600, seed=seed)
    log = log_of(**world, as_of_day=LOOKED_AT)
    found = discover(log)
    assert min(found.totals.won, found.totals.lost, found.totals.open) > 0
    drafted = parse_playbook(draft_playbook(found))
    assert drafted.names == book.names
    assert allowed_moves(drafted) == allowed_moves(book)
    if not any(stage.may_start for stage in book.stages):
        assert [stage.optional for stage in drafted.stages] == [stage.optional for stage in book.stages]
    for stage, declared in zip(drafted.stages, book.stages, strict=True):
        assert {task.seen_as for task in stage.tasks} == {task.seen_as for task in declared.tasks}
        assert not any(task.optional for task in stage.tasks)
        assert declared.time_limit is not None
        if stage.time_limit is not None:
            # Rounded up to whole days; of a hundred stays the quantile has a standard error of 3.4 % of the limit.
            off = stage.time_limit - FOUR_IN_FIVE * declared.time_limit
            assert -0.15 * declared.time_limit <= off <= 0.15 * declared.time_limit + 1
    assert sum(stage.time_limit is not None for stage in drafted.stages) >= len(book.stages) - 1
