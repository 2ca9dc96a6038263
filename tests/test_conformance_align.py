"""The cheapest explanation of a path: its cost by two other counts, and the way it is told."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.conformance.align import align
from processminer.conformance.conformance import Step
from processminer.playbook.moves import allowed_moves
from processminer.playbook.parts.stages import Stage
from tests.conformance_stories import (
    ENDINGS,
    STRANGERS,
    conforms,
    dull_cost,
    paths_of,
    playbook_of,
    playbooks,
    winnable,
)

if TYPE_CHECKING:
    from processminer.conformance.conformance import Alignment
    from processminer.playbook.model import Playbook

SIGNS = {"sync": "", "log": "+", "model": "-"}


def told(path: str, ending: str, playbook: Playbook) -> str:
    """The one alignment, in short: `A -B C +X` for A done, B missing, C done, X too much."""
    (alignment,) = align([(tuple(path.split()), ending)], playbook)
    return " ".join(SIGNS[step.kind] + step.stage for step in alignment.steps)


def check_is_a_run(alignment: Alignment, playbook: Playbook) -> None:
    """The steps tell the path, and without the moves on log a way that the playbook allows."""
    moves = allowed_moves(playbook)
    assert tuple(step.stage for step in alignment.steps if step.kind != "model") == alignment.path
    run = [step.stage for step in alignment.steps if step.kind != "log"]
    assert set(run[:1]) <= moves.starts
    assert set(pairwise(run)) <= moves.between
    if alignment.ending == "won" and winnable(playbook):
        assert run[-1] in moves.wins
    weight = {stage.name: stage for stage in playbook.stages}
    for stage in playbook.stages:
        assert stage.max_visits is None or run.count(stage.name) <= stage.max_visits
    extra = {step.stage: weight[step.stage].extra_cost for step in alignment.steps if step.stage in weight}
    assert alignment.cost == sum(
        weight[step.stage].skip_cost if step.kind == "model" else extra.get(step.stage, playbook.undeclared_cost)
        for step in alignment.steps
        if step.kind != "sync"
    )


@st.composite
def tasks_of_alignment(draw: st.DrawFn) -> tuple[Playbook, list[tuple[tuple[str, ...], str]]]:
    playbook = draw(playbooks())
    asked = st.tuples(paths_of(playbook.names), st.sampled_from(ENDINGS))
    return playbook, draw(st.lists(asked, min_size=1, max_size=12))


@settings(max_examples=250, deadline=None)
@given(tasks_of_alignment())
def test_the_cost_equals_a_search_of_every_way(asked):
    playbook, paths = asked
    for (path, ending), alignment in zip(paths, align(paths, playbook), strict=True):
        assert (alignment.path, alignment.ending) == (path, ending)
        assert alignment.cost == dull_cost(path, ending, playbook)
        assert alignment.worst == len(path) + (dull_cost((), "won", playbook) if ending == "won" else 0)
        check_is_a_run(alignment, playbook)


@settings(max_examples=100, deadline=None)
@given(tasks_of_alignment())
def test_a_path_costs_nothing_exactly_if_the_playbook_allows_it(asked):
    playbook, paths = asked
    for (path, ending), alignment in zip(paths, align(paths, playbook), strict=True):
        assert (alignment.cost == 0) == conforms(path, ending, playbook)
        assert 0.0 <= alignment.fitness <= 1.0
        if set(path) & set(STRANGERS):
            assert alignment.fitness < 1.0


@settings(max_examples=40, deadline=None)
@given(tasks_of_alignment())
def test_an_explanation_does_not_depend_on_the_other_paths(asked):
    playbook, paths = asked
    assert align(paths, playbook) == tuple(align([each], playbook)[0] for each in paths)
    assert align(paths[::-1], playbook) == align(paths, playbook)[::-1]


def every_explanation(path: tuple[str, ...], ending: str, playbook: Playbook) -> list[tuple[int, tuple[int, ...]]]:
    """Cost and places of the moves on log of the best explanation for each choice of moves on log."""
    found = []
    for size in range(len(path) + 1):
        for logs in combinations(range(len(path)), size):
            kept = [stage for place, stage in enumerate(path) if place not in logs]
            missing = missing_between(kept, ending, playbook)
            if missing is not None:
                found.append((size + missing, logs))
    return found


def missing_between(kept: list[str], ending: str, playbook: Playbook) -> int | None:
    """The fewest moves on model that turn these steps, all of them kept, into an allowed way."""
    moves = allowed_moves(playbook)
    reach = {"": 0}
    for place in range(len(kept) + 1):
        for _ in playbook.names:
            for source, cost in sorted(reach.items()):
                for target in playbook.names:
                    if (source, target) in moves.between or (not source and target in moves.starts):
                        reach[target] = min(reach.get(target, 99), cost + 1)
        if place < len(kept):
            into = [
                cost
                for source, cost in reach.items()
                if (source, kept[place]) in moves.between or (not source and kept[place] in moves.starts)
            ]
            if not into:
                return None
            reach = {kept[place]: min(into)}
    ends = [cost for stage, cost in reach.items() if ending != "won" or stage in moves.wins]
    return min(ends, default=None)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_of_the_cheapest_explanations_the_one_with_fewest_and_latest_moves_on_log_is_told(data):
    playbook = data.draw(playbooks(most=4))
    path = data.draw(paths_of(playbook.names, most=6))
    ending = data.draw(st.sampled_from(ENDINGS))
    (alignment,) = align([(path, ending)], playbook)
    kinds = [step.kind for step in alignment.steps if step.kind != "model"]
    logs = [place for place, kind in enumerate(kinds) if kind == "log"]
    best = min((cost, len(places), -sum(places)) for cost, places in every_explanation(path, ending, playbook))
    assert (alignment.cost, len(logs), -sum(logs)) == best


def test_a_jumped_stage_is_named_where_it_was_jumped():
    playbook = playbook_of("A", "B", "C", "D")
    assert told("A C D", "won", playbook) == "A -B C D"
    assert told("A D", "won", playbook) == "A -B -C D"
    assert told("A C", "open", playbook) == "A -B C"
    assert told("A X C", "lost", playbook) == "A +X -B C"


def test_a_win_that_came_too_early_misses_what_lay_ahead():
    assert told("A B", "won", playbook_of("A", "B", "C?", "D")) == "A B -D"
    assert told("A B", "lost", playbook_of("A", "B", "C?", "D")) == "A B"


def test_the_second_pass_is_the_surplus_and_not_the_first():
    assert told("A B A B C", "won", playbook_of("A", "B", "C")) == "A B +A +B C"


def test_a_slip_ahead_and_back_is_one_move_on_log():
    assert told("A D B C D", "won", playbook_of("A", "B", "C", "D")) == "A +D B C D"


def test_a_missing_way_leads_over_the_fewest_optional_stages_then_over_the_earliest():
    short_cut = Stage(name="A", may_skip_to=("C",))
    assert told("A D", "open", playbook_of(short_cut, "B", "C?", "D")) == "A -B D"
    assert told("A D", "open", playbook_of(short_cut, "B?", "C", "D")) == "A -C D"
    either = playbook_of(Stage(name="A", may_skip_to=("C",)), Stage(name="B", may_skip_to=("D",)), "C", "D")
    assert told("A D", "open", either) == "A -B D"


def test_a_path_without_steps_misses_everything_if_won_and_nothing_if_not():
    won, lost = align([((), "won"), ((), "lost")], playbook_of("A", "B?", "C"))
    assert (won.cost, won.worst, won.fitness) == (2, 2, 0.0)
    assert (lost.cost, lost.worst, lost.fitness) == (0, 0, 1.0)
    assert won.steps == (Step("model", "A"), Step("model", "C"))


def test_no_paths_have_no_alignments():
    assert align([], playbook_of("A")) == ()


def test_a_path_of_forty_thousand_steps_is_explained_like_any_other():
    path = ("A", "B") * 20_000
    (alignment,) = align([(path, "won")], playbook_of("A", "B"))
    assert alignment.cost == len(path) - 2
    assert [step.kind for step in alignment.steps[:3]] == ["sync", "sync", "log"]


def test_an_on_track_open_deal_scores_higher_than_one_that_skipped_a_stage():
    playbook = playbook_of("A", "B", "C", "D")
    on_track, skipped = align([(("A", "B"), "open"), (("A", "C", "D"), "won")], playbook)
    assert on_track.fitness == 1.0
    assert skipped.fitness == pytest.approx(1 - 1 / 7)
