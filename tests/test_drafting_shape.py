"""The shape of the process is what the ways of won deals show, counted a second time in the dullest manner."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.won_tasks import WonTask
from processminer.drafting.habits import habits_of
from processminer.drafting.shape import RARE, REQUIRED, USUAL_MOVE, WON, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.discovery.won_deals import Path

WAYS = st.dictionaries(
    st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=7)
    .map(lambda way: tuple(stage for stage, after in pairwise((*way, None)) if stage != after))
    .filter(bool),
    st.integers(1, 60),
    min_size=1,
    max_size=8,
)


def deals_of(ways: Mapping[Path, int]) -> list[Path]:
    return [way for way, often in ways.items() for _ in range(often)]


@settings(deadline=None)
@given(WAYS)
def test_every_count_of_a_shape_is_what_one_counts_deal_by_deal(ways: dict[Path, int]) -> None:
    shape = shape_of(ways)
    order = [step.name for step in shape.steps]
    rare = {name for name, _ in shape.left_out}
    assert rare == {stage for way in ways for stage in way} - set(order)
    deals = []
    for way in deals_of(ways):
        kept = [stage for stage in way if stage not in rare]
        deals.append(tuple(stage for stage, after in pairwise((*kept, None)) if stage != after))
    assert shape.won_deals == len(deals)
    moves = [move for way in deals for move in pairwise(way)]
    assert (shape.moves, shape.forward) == (
        len(moves),
        sum(order.index(one) < order.index(other) for one, other in moves),
    )
    for at, step in enumerate(shape.steps):
        here = [way for way in deals if step.name in way]
        assert step.won_deals == len(here)
        assert len(here) >= RARE * len(deals) or len(order) == 1
        assert step.begun == sum(way[:1] == (step.name,) for way in deals)
        for other, count in {**step.returns, **step.skips}.items():
            taken = sum((step.name, other) in pairwise((*way, WON)) for way in here)
            assert count == taken >= USUAL_MOVE * len(here)
        if step.behind is not None:
            both = [way for way in here if order[at - 1] in way]
            assert step.behind.both == len(both)
            assert step.behind.in_order == sum(way.index(order[at - 1]) < way.index(step.name) for way in both)
        assert step.optional == (step.came < REQUIRED * step.due or not step.came)
        assert step.came <= step.due <= len(deals)


@settings(deadline=None)
@given(WAYS)
def test_every_usual_move_of_won_deals_is_allowed_by_the_shape(ways: dict[Path, int]) -> None:
    shape = shape_of(ways)
    order = [*(step.name for step in shape.steps), WON]
    for at, step in enumerate(shape.steps):
        here = [way for way in deals_of(ways) if step.name in way]
        for target, other in enumerate(order):
            taken = sum((step.name, other) in pairwise((*way, WON)) for way in here)
            required_between = [one for one in shape.steps[at + 1 : target] if not one.optional]
            if not taken or taken < USUAL_MOVE * len(here) or shape.left_out:
                continue
            if target < at:
                assert other in step.returns
            elif required_between:
                assert other in step.skips
            else:
                assert other not in step.skips


def test_who_begins_late_owes_nothing_to_the_stages_before() -> None:
    shape = shape_of({("A", "B", "C"): 50, ("C",): 40, ("A", "C"): 2, ("B", "C"): 3})
    steps = {step.name: step for step in shape.steps}
    assert [step.name for step in shape.steps] == ["A", "B", "C"]
    # 3 of 95 that begin at B are too few to be a way to begin.
    assert (steps["A"].due, steps["A"].came, steps["A"].optional) == (55, 52, False)
    assert (steps["B"].due, steps["B"].came, steps["B"].optional) == (55, 53, False)
    assert [steps[name].may_start for name in "ABC"] == [False, False, True]


def test_to_begin_right_behind_the_first_stage_is_to_leave_it_out() -> None:
    first, second = shape_of({("A", "B"): 30, ("B",): 30}).steps
    assert (first.name, first.optional, second.may_start) == ("A", True, False)


def test_a_stage_that_hardly_any_won_deal_saw_is_left_out_and_its_moves_joined() -> None:
    shape = shape_of({("A", "B"): 60, ("A", "X", "B"): 2})
    assert [step.name for step in shape.steps] == ["A", "B"]
    assert shape.left_out == (("X", 2),)
    assert (shape.moves, shape.forward) == (62, 62)


def test_spellings_of_a_stage_are_one_and_a_stage_named_like_an_end_is_none() -> None:
    shape = shape_of({("Lead", "De mo"): 9, ("lead", "\uff24e mo", "WON"): 3, ("Lead", "De  mo"): 1}, ends=("Won",))
    assert [(step.name, step.spellings, step.won_deals) for step in shape.steps] == [
        ("Lead", ("lead",), 13),
        ("De mo", ("De  mo", "\uff24e mo"), 13),
    ]


def test_moves_decide_the_order_and_first_arrivals_where_the_moves_do_not() -> None:
    assert [step.name for step in shape_of({("B", "A"): 9, ("A", "B"): 4}).steps] == ["B", "A"]
    # Never one right after the other, yet always B first.
    shape = shape_of({("S", "B", "M", "A"): 5, ("S", "B"): 1, ("S", "A"): 1})
    assert [step.name for step in shape.steps] == ["S", "B", "M", "A"]


def test_a_task_is_required_and_repeated_as_nine_in_ten_do_it() -> None:
    shape = shape_of({("A", "B"): 100})
    tasks = (
        WonTask("Call", "A", 95, 98, 1.5, {1: 3, 2: 50, 3: 42}),
        WonTask("Mail", "A", 60, 60, 0.5, {1: 5, 4: 55}),
        WonTask("Lunch", "A", 49, 49, 0.5, {1: 49}),
        WonTask("Elsewhere", "X", 99, 99, 0.5, {1: 99}),
    )
    found = [(one.task.name, one.optional, one.times, one.so_often) for one in habits_of(shape, tasks)["A"]]
    assert found == [("Call", False, 2, 92), ("Mail", True, 4, 55)]
