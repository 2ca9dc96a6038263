"""The order of stages is the one in which most moves go forward."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.playbook.order import EXACT, best_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

MOVES = st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), st.integers(0, 9), max_size=20)


def forward_moves(order: Sequence[str], moves: Mapping[tuple[str, str], int]) -> int:
    return sum(moves.get(pair, 0) for pair in combinations(order, 2))


@settings(deadline=None)
@given(MOVES)
def test_no_other_order_of_few_stages_has_more_moves_forward(moves: dict[tuple[str, str], int]) -> None:
    found = best_order("abcdef", moves)
    assert sorted(found) == list("abcdef")
    assert forward_moves(found, moves) == max(forward_moves(order, moves) for order in permutations("abcdef"))


def test_a_circle_that_no_exchange_of_two_runs_puts_right_gets_its_best_order() -> None:
    moves = {
        ("a", "c"): 1, ("a", "d"): 5, ("b", "a"): 4, ("c", "b"): 3, ("d", "b"): 2,
    }  # fmt: skip
    assert max(forward_moves(order, moves) for order in permutations("abcd")) == 12
    assert forward_moves(best_order("abcd", moves), moves) == 12


@settings(deadline=None, max_examples=30)
@given(st.permutations([f"s{place}" for place in range(30)]), st.randoms(use_true_random=False))
def test_the_true_order_of_many_stages_is_found_through_moves_back(order: list[str], random: Random) -> None:
    moves: dict[tuple[str, str], int] = {}
    for place, one in enumerate(order):
        for other in order[place + 1 : place + 4]:
            moves[one, other], moves[other, one] = 10 + random.randrange(5), random.randrange(5)
    assert forward_moves(best_order(sorted(order), moves), moves) == forward_moves(order, moves)


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_no_run_of_stages_in_a_large_circle_is_better_elsewhere(random: Random) -> None:
    names = [f"s{place}" for place in range(EXACT + 3)]
    moves = {(one, other): random.randrange(20) for one in names for other in names}
    order = list(best_order(names, moves))
    assert sorted(order) == sorted(names)
    reached = forward_moves(order, moves)
    for begin, middle, end in combinations(range(len(names) + 1), 3):
        exchanged = order[:begin] + order[middle:end] + order[begin:middle] + order[end:]
        assert forward_moves(exchanged, moves) <= reached


def test_stages_without_moves_keep_the_order_given() -> None:
    assert best_order(["b", "a", "c"], {}) == ("b", "a", "c")
    many = [f"s{place}" for place in range(20)]
    assert best_order(many, {("s3", "s2"): 1}) == ("s0", "s1", "s3", "s2", *many[4:])
