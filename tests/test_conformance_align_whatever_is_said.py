"""The cheapest explanation of a path, whatever a playbook says of stages: by pm4py, by a search, and case by case."""

from __future__ import annotations

import random
import warnings
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.conformance import visits
from processminer.conformance.align import align
from processminer.errors import InputError
from processminer.playbook.moves import allowed_moves
from processminer.playbook.parts.stages import Stage
from tests.conformance_stories import (
    ENDINGS,
    conforms,
    dull_cost,
    paths_of,
    playbook_of,
    rich_playbooks,
    winnable,
)
from tests.test_conformance_align import check_is_a_run, told

if TYPE_CHECKING:
    from processminer.playbook.model import Playbook


def petri_cost(path: tuple[str, ...], ending: str, playbook: Playbook) -> int:
    """The cost by pm4py's optimal alignment against the same playbook, drawn as a Petri net.

    One place a state, a visible transition for each allowed move, silent ones to the sink from every place at which
    a path may end. A stage with a limit has a place with a token for each visit; those left over are taken in the end.
    """
    from pm4py.algo.conformance.alignments.petri_net import algorithm
    from pm4py.algo.conformance.alignments.petri_net.variants.dijkstra_no_heuristics import Parameters
    from pm4py.objects.log.obj import Event, Trace
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

    moves = allowed_moves(playbook)
    net = PetriNet("playbook")
    limited = {stage.name: stage.max_visits for stage in playbook.stages if stage.max_visits is not None}
    places = {name: PetriNet.Place(f"at {name}") for name in ("", *playbook.names, "the end")}
    visits = {name: PetriNet.Place(f"visits of {name}") for name in limited}
    net.places.update([*places.values(), *visits.values()])
    weight = {stage.name: stage for stage in playbook.stages}
    costs = {}

    def step(takes: list[PetriNet.Place], gives: list[PetriNet.Place], label: str | None) -> None:
        transition = PetriNet.Transition(f"t{len(net.transitions)}", label)
        net.transitions.add(transition)
        costs[transition] = 0 if label is None else weight[label].skip_cost
        for place in takes:
            add_arc_from_to(place, transition, net)
        for place in gives:
            add_arc_from_to(transition, place, net)

    for source, target in sorted({("", start) for start in moves.starts} | moves.between):
        step([places[source], *([visits[target]] if target in visits else [])], [places[target]], target)
    for end in sorted(moves.wins if ending == "won" and winnable(playbook) else {"", *playbook.names}):
        step([places[end]], [places["the end"]], None)
    for left in visits.values():
        step([places["the end"], left], [places["the end"]], None)
    trace = Trace([Event({"concept:name": stage}) for stage in path])
    first = Marking({places[""]: 1, **{visits[name]: most for name, most in limited.items()}})
    asked = {
        Parameters.PARAM_TRACE_COST_FUNCTION: [
            weight[one].extra_cost if one in weight else playbook.undeclared_cost for one in path
        ],
        Parameters.PARAM_MODEL_COST_FUNCTION: costs,
        Parameters.PARAM_SYNC_COST_FUNCTION: dict.fromkeys(net.transitions, 0),
    }
    plain = algorithm.Variants.VERSION_DIJKSTRA_NO_HEURISTICS
    last = Marking({places["the end"]: 1})
    return algorithm.apply_trace(trace, net, first, last, variant=plain, parameters=asked)["cost"]


def rich(chance: random.Random) -> Playbook:
    """A playbook that says what follows some stages, how often a deal may be in some, and what some weigh."""
    names = "ABCDEF"[: chance.randint(2, 6)]
    stages = [
        Stage(
            name=name,
            optional=chance.random() < 0.3,
            may_start=chance.random() < 0.2,
            next=tuple(chance.sample([*names, "Won"], chance.randint(1, 2))) if chance.random() < 0.3 else (),
            may_skip_to=tuple(chance.sample([*names[place + 1 :], "Won"], chance.random() < 0.3)),
            may_return_to=tuple(chance.sample(names[:place], min(place, chance.randint(0, 2)))),
            max_visits=chance.choice([None, None, 1, 2]),
            skip_cost=chance.choice([1, 1, 2, 5]),
            extra_cost=chance.choice([1, 1, 3]),
        )
        for place, name in enumerate(names)
    ]
    return playbook_of(*stages).model_copy(update={"undeclared_cost": chance.choice([1, 2])})


@pytest.mark.parametrize("seed", range(4))
def test_the_cost_equals_pm4pys_optimal_alignment_whatever_a_playbook_says(seed):
    chance = random.Random(seed)
    compared = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(40):
            playbook = rich(chance)
            paths = [
                (tuple(chance.choices([*playbook.names, "X"], k=chance.randint(0, 7))), chance.choice(ENDINGS))
                for _ in range(8)
            ]
            for (path, ending), alignment in zip(paths, align(paths, playbook), strict=True):
                assert alignment.cost == petri_cost(path, ending, playbook), (path, ending, playbook)
                compared += 1
    assert compared == 320


@st.composite
def rich_tasks(draw: st.DrawFn) -> tuple[Playbook, list[tuple[tuple[str, ...], str]]]:
    playbook = draw(rich_playbooks())
    asked = st.tuples(paths_of(playbook.names), st.sampled_from(ENDINGS))
    return playbook, draw(st.lists(asked, min_size=1, max_size=8))


@settings(max_examples=250, deadline=None)
@given(rich_tasks())
def test_whatever_a_playbook_says_the_cost_equals_a_search_of_every_way(asked):
    playbook, paths = asked
    for (path, ending), alignment in zip(paths, align(paths, playbook), strict=True):
        assert alignment.cost == dull_cost(path, ending, playbook)
        assert (alignment.cost == 0) == conforms(path, ending, playbook)
        assert alignment.cost <= alignment.worst
        check_is_a_run(alignment, playbook)


@settings(max_examples=120, deadline=None)
@given(rich_tasks())
def test_a_path_looked_at_alone_is_told_as_among_all_states(asked):
    playbook, paths = asked
    at_once = align(paths, playbook)
    most, visits.MOST_STATES = visits.MOST_STATES, 0
    try:
        assert align(paths, playbook) == at_once
    finally:
        visits.MOST_STATES = most


def test_a_further_visit_than_is_allowed_is_a_move_on_log():
    once = playbook_of("A", Stage(name="B", max_visits=1), Stage(name="C", may_return_to=("B",)))
    assert told("A B C B C", "won", once) == "A B C +B +C"
    assert told("A B C B", "lost", once) == "A B C +B"
    twice = playbook_of("A", Stage(name="B", max_visits=2), Stage(name="C", may_return_to=("B",)))
    assert told("A B C B C", "won", twice) == "A B C B C"
    assert told("A B C B C B C", "won", twice) == "A B C B C +B +C"


def test_a_stage_is_not_put_in_where_that_would_be_a_visit_too_many():
    playbook = playbook_of("A", Stage(name="B", max_visits=1), Stage(name="C", may_return_to=("A",)), "D")
    assert told("A B C A C D", "won", playbook) == "A B C +A +C D"


def test_what_a_stage_weighs_decides_what_is_told():
    dear = playbook_of("A", Stage(name="B", skip_cost=5), "C", "D")
    assert told("A C B C D", "won", dear) == "A +C B C D"
    assert told("A C D", "won", dear) == "A -B C D"
    (skipped,) = align([(("A", "C", "D"), "won")], dear)
    assert (skipped.cost, skipped.worst) == (5, 11)
    # To have left B out is dearer than two visits that do not count.
    assert told("A C D", "open", dear) == "A +C +D"


def test_an_undeclared_stage_weighs_what_the_playbook_says():
    playbook = playbook_of("A", "B").model_copy(update={"undeclared_cost": 4})
    (alignment,) = align([(("A", "X", "B"), "won")], playbook)
    assert (alignment.cost, alignment.worst, alignment.fitness) == (4, 8, 0.5)


def test_where_a_stage_says_what_follows_the_order_of_the_list_says_nothing():
    fork = playbook_of(
        Stage(name="A", next=("B", "C")), Stage(name="B", next=("D",)), Stage(name="C", next=("D",)), "D"
    )
    assert told("A C D", "won", fork) == "A C D"
    assert told("A D", "won", fork) == "A -B D"
    assert told("A B C D", "won", fork) == "A B +C D"


def test_a_stage_that_nothing_leads_to_or_from_costs_what_can_be_counted():
    dead = playbook_of(Stage(name="A", next=("C", "Won")), "B", Stage(name="C", next=("C",)))
    assert told("A C", "won", dead) == "A +C"
    assert told("A C", "lost", dead) == "A C"
    assert told("A B", "won", dead) == "A +B"


def test_a_playbook_without_a_way_to_a_win_lets_a_won_deal_end_where_it_stands():
    endless = playbook_of(Stage(name="A", next=("B",)), Stage(name="B", next=("A",)))
    (alignment,) = align([(("A", "B"), "won")], endless)
    assert (alignment.cost, alignment.worst, alignment.fitness) == (0, 2, 1.0)
    assert told("A A", "won", endless) == "A -B A"


def test_a_cost_that_no_sum_could_hold_is_refused():
    with pytest.raises(InputError, match="'skip_cost: 10000000' of 'A' is more than 1,000,000"):
        align([], playbook_of(Stage(name="A", skip_cost=10_000_000)))
    with pytest.raises(InputError, match="undeclared_cost"):
        align([], playbook_of("A").model_copy(update={"undeclared_cost": 2_000_000}))


def test_the_greatest_costs_are_summed_without_loss_over_a_long_path():
    playbook = playbook_of(Stage(name="A", extra_cost=1_000_000), Stage(name="B", skip_cost=1_000_000))
    (alignment,) = align([(("A", "X") * 10_000, "won")], playbook)
    assert alignment.cost == 9_999 * 1_000_000 + 10_000 + 1_000_000


def test_many_limits_at_once_are_kept_exactly():
    names = "ABCDEFGH"
    stages = [Stage(name=name, next=tuple(names), max_visits=2, may_start=True) for name in names[:-1]]
    playbook = playbook_of(*stages, Stage(name="H", next=(*names, "Won"), max_visits=2))
    path = tuple("AB" * 4 + "CD" * 3 + "EFG" * 3 + "H")
    (alignment,) = align([(path, "won")], playbook)
    assert alignment.cost == dull_excess(path)


def dull_excess(path: tuple[str, ...]) -> int:
    """The visits beyond two to any stage, where every stage may follow every other."""
    return sum(max(0, path.count(stage) - 2) for stage in set(path))


def test_the_cost_equals_pm4pys_optimal_alignment_on_random_cases():
    chance = random.Random(19)
    compared = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(60):
            names = "ABCDEF"[: chance.randint(2, 6)]
            playbook = playbook_of(
                *(
                    Stage(
                        name=name,
                        optional=chance.random() < 0.3,
                        may_start=chance.random() < 0.2,
                        may_skip_to=tuple(chance.sample([*names[place + 1 :], "Won"], chance.random() < 0.3)),
                        may_return_to=tuple(chance.sample(names[:place], min(place, chance.randint(0, 2)))),
                    )
                    for place, name in enumerate(names)
                )
            )
            paths = [
                (tuple(chance.choices([*names, "X"], k=chance.randint(1, 8))), chance.choice(ENDINGS)) for _ in range(6)
            ]
            for (path, ending), alignment in zip(paths, align(paths, playbook), strict=True):
                assert alignment.cost == petri_cost(path, ending, playbook), (path, ending, playbook)
                compared += 1
    assert compared == 360
