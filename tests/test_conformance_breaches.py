"""What a path breaks of the playbook's order, in a manager's words."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from processminer.conformance.align import align
from processminer.conformance.automaton import automaton_of
from processminer.conformance.breaches import Breach, breaches_of
from processminer.playbook.model import Playbook
from processminer.playbook.parts.stages import Stage
from tests.conformance_stories import ENDINGS, conforms, paths_of, playbook_of, playbooks, rich_playbooks


def broken(path: tuple[str, ...], ending: str, playbook: Playbook) -> set[Breach]:
    (alignment,) = align([(path, ending)], playbook)
    return set(breaches_of(alignment, automaton_of(playbook)))


def said(path: str, ending: str, playbook: Playbook) -> set[str]:
    return {f"{breach.kind} {breach.subject}" for breach in broken(tuple(path.split()), ending, playbook)}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_path_breaks_something_exactly_if_the_playbook_does_not_allow_it(data):
    playbook = data.draw(playbooks())
    path = data.draw(paths_of(playbook.names).filter(bool))
    ending = data.draw(st.sampled_from(ENDINGS))
    assert (not broken(path, ending, playbook)) == conforms(path, ending, playbook)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_path_breaks_something_exactly_if_it_costs_something_whatever_the_playbook_says(data):
    playbook = data.draw(rich_playbooks())
    path = data.draw(paths_of(playbook.names).filter(bool))
    ending = data.draw(st.sampled_from(ENDINGS))
    assert (not broken(path, ending, playbook)) == conforms(path, ending, playbook)


def test_a_visit_too_many_is_told_by_its_stage_and_a_detour_ends_no_visit():
    playbook = playbook_of("A", Stage(name="B", max_visits=1), Stage(name="C", may_return_to=("B",)))
    assert said("A B C B C", "won", playbook) == {"too-many-visits B"}
    assert said("A B X B C", "won", playbook) == {"undeclared X"}
    assert said("A B C A B C", "won", playbook) == {"too-many-visits B", "returned C -> A"}


def test_a_move_that_no_stage_lets_follow_and_that_passes_over_nothing_is_told_itself():
    fork = playbook_of(
        Stage(name="A", next=("B", "C")), Stage(name="B", next=("D",)), Stage(name="C", next=("D",)), "D"
    )
    assert said("A B C D", "won", fork) == {"undeclared B -> C"}
    assert said("A D", "won", fork) == {"skipped B"}
    assert broken(("A", "B", "C", "D"), "won", fork) == {Breach("undeclared", "B -> C", "B")}


def test_a_win_from_where_nothing_leads_to_one_is_told_as_that_move():
    dead = playbook_of(Stage(name="A", next=("C", "Won")), "B?", Stage(name="C", next=("C",)))
    assert said("A C", "won", dead) == {"undeclared C -> Won"}


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_only_required_stages_are_skipped_and_only_ones_not_visited_before(data):
    playbook = data.draw(playbooks())
    path = data.draw(paths_of(playbook.names))
    for breach in broken(path, "won", playbook):
        stage = None if breach.stage is None else playbook.stage(breach.stage)
        match breach.kind:
            case "skipped":
                assert stage is not None
                assert not stage.optional
            case "not-repeated":
                assert stage is not None
                assert not stage.optional
                assert stage.name in path
            case "undeclared":
                assert breach.subject in path
                assert stage is None
            case "returned":
                later, earlier = breach.subject.split(" -> ")
                assert later == breach.stage
                assert playbook.names.index(earlier) < playbook.names.index(later)
            case _:
                assert breach.kind == "started-late"
                assert breach.subject == next(step for step in path if step in playbook.names)


@st.composite
def straight_runs(draw: st.DrawFn) -> tuple[Playbook, tuple[str, ...]]:
    """A playbook without short cuts, and a way through all of its required and some of its optional stages."""
    optional = draw(st.lists(st.booleans(), min_size=3, max_size=7))
    stages = [Stage(name=name, optional=left_out) for name, left_out in zip("ABCDEFG", optional, strict=False)]
    run = tuple(stage.name for stage in stages if not stage.optional or draw(st.booleans()))
    assume(len(run) >= 2)
    return playbook_of(*stages), run


@settings(max_examples=80, deadline=None)
@given(straight_runs(), st.sampled_from(ENDINGS), st.data())
def test_leaving_out_a_required_stage_is_told_as_skipping_just_that_one(straight, ending, data):
    playbook, run = straight
    inner = [stage for stage in run[1:-1] if not playbook.stage(stage).optional]
    assume(inner)
    dropped = data.draw(st.sampled_from(inner))
    rest = tuple(stage for stage in run if stage != dropped)
    first_may_start = rest[0] in run[:1]
    assert first_may_start
    assert broken(rest, ending, playbook) == {Breach("skipped", dropped, dropped)}


@settings(max_examples=80, deadline=None)
@given(straight_runs(), st.sampled_from(ENDINGS), st.data())
def test_a_visit_to_an_unknown_stage_is_told_as_just_that(straight, ending, data):
    playbook, run = straight
    place = data.draw(st.integers(0, len(run)))
    visited = (*run[:place], "Legal review", *run[place:])
    assert broken(visited, ending, playbook) == {Breach("undeclared", "Legal review", None)}


@settings(max_examples=80, deadline=None)
@given(straight_runs(), st.sampled_from(ENDINGS))
def test_what_follows_the_playbook_breaks_nothing_and_fits_whatever_came_of_it(straight, ending):
    playbook, run = straight
    (alignment,) = align([(run, ending)], playbook)
    assert alignment.fitness == 1.0
    assert broken(run, ending, playbook) == set()
    if ending != "won":
        for length in range(len(run)):
            assert broken(run[:length], ending, playbook) == set()


def test_every_stage_jumped_at_once_is_named():
    assert said("A D", "open", playbook_of("A", "B", "C", "D")) == {"skipped B", "skipped C"}
    assert said("A B", "won", playbook_of("A", "B", "C?", "D")) == {"skipped D"}
    assert said("X", "won", playbook_of("A", "B")) == {"undeclared X", "skipped A", "skipped B"}


def test_an_open_or_lost_deal_owes_nothing_to_what_lies_ahead():
    for ending in ("open", "lost"):
        assert said("A B", ending, playbook_of("A", "B", "C", "D")) == set()


def test_what_lies_before_a_late_start_is_not_skipped_as_well():
    playbook = playbook_of("A", "B", "C", "D")
    assert said("C D", "won", playbook) == {"started-late C"}
    assert said("X C D", "won", playbook) == {"undeclared X", "started-late C"}


def test_a_late_start_may_be_allowed_and_skips_nothing_then():
    playbook = playbook_of("A", "B", Stage(name="C", may_start=True), "D")
    assert said("C D", "won", playbook) == set()


def test_a_skip_that_a_stage_allows_skips_only_what_lies_beyond_it():
    playbook = playbook_of(Stage(name="A", may_skip_to=("C",)), "B", "C", "D", "E")
    assert said("A C", "open", playbook) == set()
    assert said("A D", "open", playbook) == {"skipped C"}


def test_where_the_shortest_way_leads_over_no_required_stage_all_that_were_jumped_are_named():
    playbook = playbook_of(Stage(name="A", may_skip_to=("D",)), "B", "C", "D?", "E")
    assert said("A E", "open", playbook) == {"skipped B", "skipped C"}


def test_a_return_is_told_by_both_its_ends_and_resuming_after_it_is_not_told_again():
    playbook = playbook_of("A", "B", "C", "D")
    assert said("A B C A B C D", "won", playbook) == {"returned C -> A"}
    assert said("A B C A D", "won", playbook) == {"returned C -> A"}


def test_after_an_allowed_return_the_way_ahead_is_owed_again():
    playbook = playbook_of("A", "B", Stage(name="C", may_return_to=("A",)), "D")
    assert said("A B C A B C D", "won", playbook) == set()
    assert said("A B C A C D", "won", playbook) == {"not-repeated B"}


def test_a_slip_ahead_and_back_skips_nothing():
    playbook = playbook_of("A", "B", "C", "D")
    assert said("A D B C D", "won", playbook) == {"returned D -> B"}
    assert said("A D A B", "open", playbook) == {"returned D -> A"}
    assert said("A D C D", "won", playbook) == {"returned D -> C", "skipped B"}


def test_a_jump_that_the_deal_built_upon_is_no_slip_though_it_went_back_later():
    assert said("A C D E A", "open", playbook_of("A", "B", "C", "D", "E")) == {"skipped B", "returned E -> A"}


def test_a_stage_made_up_for_after_it_was_jumped_was_skipped_all_the_same():
    playbook = playbook_of("A", "B", Stage(name="C", may_return_to=("B",)))
    assert said("A C B C", "won", playbook) == {"skipped B"}


def test_a_detour_to_an_unknown_stage_and_back_is_neither_return_nor_repetition():
    assert said("A X A B", "won", playbook_of("A", "B")) == {"undeclared X"}
