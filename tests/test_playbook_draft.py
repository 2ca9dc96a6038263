"""A draft says what won deals did, each line with its count, whatever the stages are called."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.playbook.draft import DraftEvidence, StageEvidence, TaskEvidence, draft_playbook
from processminer.playbook.order import EXACT, best_order
from processminer.playbook.read import parse_playbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

EVIDENCE = DraftEvidence(
    name="Drafted from deals.csv",
    stages=(
        StageEvidence("Offer", 100, 2.9),
        StageEvidence("Lead", 90, 1.1, 3.2),
        StageEvidence("Demo", 60, 2.0, 0.3),
        StageEvidence("Legal", 20, 4.0, 14.0),
        StageEvidence("Panic", 4, 4.5),
    ),
    won_deals=100,
    starts={"Lead": 90, "Demo": 6, "Offer": 4},
    moves={
        ("Lead", "Demo"): 55, ("Demo", "Lead"): 5, ("Lead", "Offer"): 35, ("Demo", "Offer"): 50, ("Offer", "Demo"): 10,
        ("Offer", "Legal"): 20, ("Legal", "Offer"): 2, ("Offer", "Panic"): 4,
    },
    won_names=("Closed Won",),
    lost_names=("Closed Lost", "Dead"),
    tasks=(TaskEvidence("Call", "Lead", 85), TaskEvidence("Mail: intro", "Lead", 50),
           TaskEvidence("Lunch", "Lead", 44)),
)  # fmt: skip

DRAFT = """\
# Drafted from 100 won deals: what they did, not what is best.
# Required: in 90 % of them or more. Left out: in fewer than 5 %.
# Read it aloud with the people who sell, say who does what and how, and strike what is only habit.
name: Drafted from deals.csv
version: 0.1.0

stages:
  - name: Lead  # 90 of 100 (90 %) won deals
    time_limit: 4 days  # stays usually end within 3.2 days
    tasks:
      - do: Call  # 85 of 90 (94 %) won deals that were here
        seen_as: [Call]
      - do: "Mail: intro"  # 50 of 90 (56 %) won deals that were here
        optional: true
        seen_as: ["Mail: intro"]
  - name: Demo  # 60 of 100 (60 %) won deals
    optional: true
    time_limit: 8 hours  # stays usually end within 7.2 hours
    may_start: true  # 6 of 100 (6 %) won deals begin here
  - name: Offer  # 100 of 100 (100 %) won deals
    may_return_to:
      - Demo  # 10 of the 100 won deals that were here
  - name: Legal  # 20 of 100 (20 %) won deals
    optional: true
    time_limit: 14 days  # stays usually end within 14 days
    may_return_to:
      - Offer  # 2 of the 20 won deals that were here
  # Left out, for fewer than 5 % of won deals were there:
  #   Panic: 4 of 100 (4 %) won deals

outcomes:
  won: [Closed Won]
  lost: [Closed Lost, Dead]
"""


def test_a_draft_is_the_counts_in_words() -> None:
    assert draft_playbook(EVIDENCE) == DRAFT


def test_a_draft_reads_as_the_playbook_it_shows() -> None:
    playbook = parse_playbook(draft_playbook(EVIDENCE))
    assert playbook.names == ("Lead", "Demo", "Offer", "Legal")
    assert [stage.optional for stage in playbook.stages] == [False, True, False, True]


def test_without_a_won_deal_nothing_is_required_and_the_draft_says_why() -> None:
    stages = (StageEvidence("B", 0, 2.0), StageEvidence("A", 0, 1.0))
    text = draft_playbook(DraftEvidence("", stages, 0, {}, {}, (), ("Lost",)))
    playbook = parse_playbook(text)
    assert "No deal is won, so nothing could be learned" in text
    assert [(stage.name, stage.optional) for stage in playbook.stages] == [("A", True), ("B", True)]


def test_without_any_stage_the_draft_is_still_a_playbook() -> None:
    playbook = parse_playbook(draft_playbook(DraftEvidence("x", (), 3, {}, {}, ("Won",), ("won", "Lost"))))
    assert playbook.names == ("Open",)
    assert playbook.outcomes.lost == ("Lost",)


def test_spellings_of_a_stage_are_its_aliases_and_a_stage_named_like_an_end_is_left_out() -> None:
    evidence = DraftEvidence(
        "x",
        (StageEvidence("demo", 3, 1.0), StageEvidence("Demo", 9, 1.0), StageEvidence("WON", 9, 2.0)),
        10,
        {},
        {("demo", "Demo"): 3},
        ("Won",),
        (),
    )
    (stage,) = parse_playbook(draft_playbook(evidence)).stages
    assert (stage.name, stage.aliases) == ("Demo", ("demo",))


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (0.0001, "1 minute"),
        (1 / 24, "1 hour"),
        (0.9999, "24 hours"),
        (1.0, "1 day"),
        (14.0, "14 days"),
        (14.01, "15 days"),
    ],
)
def test_a_time_limit_is_rounded_up_to_whole_units(days: float, written: str) -> None:
    evidence = DraftEvidence("x", (StageEvidence("a", 1, 1.0, days),), 1, {}, {}, (), ())
    text = draft_playbook(evidence)
    assert f"time_limit: {written}  #" in text
    assert (parse_playbook(text).stages[0].time_limit or 0) >= days * 0.999999


HOSTILE = st.one_of(
    st.sampled_from(
        ["yes", "a: b", "x #1", "- y", "1", "2026-01-01", "\U0001f389", "new\nline", "'", '"', " ", "Won", "won"]
    ),
    st.text(max_size=6).filter(lambda text: text.isprintable()),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)


@st.composite
def evidence_of_hostile_names(draw: st.DrawFn) -> DraftEvidence:
    names = draw(st.lists(HOSTILE, max_size=6, unique=True))
    won = draw(st.integers(0, 40))
    count = st.integers(0, won)
    some = st.sampled_from(names or ["-"])
    return DraftEvidence(
        name=draw(HOSTILE),
        stages=tuple(
            StageEvidence(n, draw(count), draw(st.floats(1, 9)), draw(st.none() | st.floats(0, 99))) for n in names
        ),
        won_deals=won,
        starts=draw(st.dictionaries(some, count, max_size=3)),
        moves=draw(st.dictionaries(st.tuples(some, some), count, max_size=9)),
        won_names=tuple(draw(st.lists(st.sampled_from(["Won", "Oui: oui"]), unique=True))),
        lost_names=tuple(draw(st.lists(st.sampled_from(["WON", "Lost"]), unique=True))),
        tasks=tuple(TaskEvidence(draw(HOSTILE), draw(some), draw(count)) for _ in range(draw(st.integers(0, 3)))),
    )


@settings(deadline=None)
@given(evidence_of_hostile_names())
def test_a_draft_reads_without_fault_whatever_the_log_calls_things(evidence: DraftEvidence) -> None:
    text = draft_playbook(evidence)
    playbook = parse_playbook(text)
    known = {stage.name for stage in evidence.stages} | {"Open"}
    assert set(playbook.names) <= known
    assert {alias for stage in playbook.stages for alias in stage.aliases} <= known
    assert draft_playbook(evidence) == text


MOVES = st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), st.integers(0, 9), max_size=20)


def forward_moves(order: Sequence[str], moves: Mapping[tuple[str, str], int]) -> int:
    return sum(moves.get(pair, 0) for pair in combinations(order, 2))


@settings(deadline=None)
@given(MOVES)
def test_no_other_order_of_few_stages_has_more_moves_forward(moves: dict[tuple[str, str], int]) -> None:
    found = best_order("abcdef", moves)
    assert sorted(found) == list("abcdef")
    assert forward_moves(found, moves) == max(forward_moves(order, moves) for order in permutations("abcdef"))


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
