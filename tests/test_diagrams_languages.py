"""BPMN and PNML allow exactly the paths that the playbook allows: pm4py reads them, and fires what it read."""

from __future__ import annotations

import random
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from processminer.conformance.align import align
from processminer.diagrams.bpmn import draw_bpmn
from processminer.diagrams.pnml import draw_pnml
from processminer.diagrams.slugs import slugs
from processminer.playbook.model import Playbook
from processminer.playbook.moves import allowed_moves
from processminer.playbook.read import read_playbook
from tests.diagram_stories import HOSTILE
from tests.nets import language, read_bpmn, read_pnml
from tests.roaming import allowed_paths, drawn_at_random, ended, playbooks

if TYPE_CHECKING:
    from collections.abc import Sequence

SHIPPED = sorted((Path(__file__).parent.parent / "playbooks").glob("*.yaml"))
LONGEST = 4
"""Stages in a path; each language holds up to thousands of paths of this length."""

STORIES = [
    {"stages": [{"name": "A"}]},
    {"stages": [{"name": "A", "may_return_to": ["A"], "max_visits": 2}]},
    {"stages": [{"name": "A", "optional": True}, {"name": "B", "optional": True}]},
    {"stages": [{"name": "A", "next": ["C"]}, {"name": "B"}, {"name": "C"}]},
    {"stages": [{"name": "A", "next": ["A"]}, {"name": "B"}]},
    {"stages": [{"name": "A"}, {"name": "B", "next": ["A", "Signed"], "max_visits": 1}]},
    {"stages": [{"name": "Won"}, {"name": "won", "may_return_to": ["Won"]}, {"name": "End", "may_start": True}]},
    {
        "stages": [
            {"name": "a", "next": ["b to into c", "a to into b"]},
            {"name": "a to into b", "next": ["c"], "may_start": True},
            {"name": "b to into c", "may_start": True},
            {"name": "c", "may_return_to": ["a"], "may_skip_to": ["Signed"]},
        ]
    },
]


def story(said: dict[str, object]) -> Playbook:
    return Playbook.model_validate({"name": "P", "outcomes": {"won": ["Signed"], "lost": ["Gone"]}, **said})


def words_of_bpmn(playbook: Playbook) -> set[tuple[str, ...]]:
    """Return the paths that the diagram allows, each ended by `won`, or by the end that its last stage is lost in."""
    net = read_bpmn(draw_bpmn(playbook))
    return language(*net, LONGEST + 1)


def words_drawn(playbook: Playbook) -> set[tuple[str, ...]]:
    """Return the paths that the playbook allows, ended as the diagram names the ends."""
    known = dict(zip(playbook.names, slugs(playbook.names), strict=True))
    wins = allowed_moves(playbook).wins
    paths = list(allowed_paths(playbook, LONGEST))
    return {(*path, f"lost_{known[path[-1]]}") for path in paths} | {(*p, "won") for p in paths if p[-1] in wins}


def words_of_pnml(playbook: Playbook, longest: int = LONGEST) -> set[tuple[str, ...]]:
    return language(*read_pnml(draw_pnml(playbook)), longest + 1)


def words_netted(playbook: Playbook, longest: int = LONGEST) -> set[tuple[str, ...]]:
    """Return the paths that the playbook allows within its limits on visits, ended by each name of won and lost."""
    outcomes = playbook.outcomes
    paths = allowed_paths(playbook, longest, limited=True)
    return ended(playbook, paths, outcomes.won, outcomes.lost) | {(name,) for name in outcomes.lost}


@pytest.mark.parametrize("said", STORIES, ids=range(len(STORIES)))
def test_small_playbooks_allow_the_same_paths_in_every_model(said: dict[str, object]) -> None:
    playbook = story(said)
    assert words_of_bpmn(playbook) == words_drawn(playbook)
    assert words_of_pnml(playbook) == words_netted(playbook)


@settings(max_examples=40)
@given(playbooks(most=5))
def test_the_bpmn_allows_exactly_the_paths_of_the_playbook(playbook: Playbook) -> None:
    assert words_of_bpmn(playbook) == words_drawn(playbook)


@settings(max_examples=40)
@given(playbooks(most=5))
def test_the_petri_net_accepts_exactly_the_paths_of_the_playbook(playbook: Playbook) -> None:
    assert words_of_pnml(playbook) == words_netted(playbook)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_playbooks_that_ship_allow_the_same_paths_in_every_model(file: Path) -> None:
    playbook = read_playbook(file)
    # Aliases are other names of the same stages: the count of paths would explode, and say nothing new.
    bare = playbook.model_copy(
        update={"stages": tuple(stage.model_copy(update={"aliases": ()}) for stage in playbook.stages)}
    )
    assert words_of_bpmn(bare) == words_drawn(bare)
    longest = len(bare.stages) + 2
    assert words_of_pnml(bare, longest) == words_netted(bare, longest)
    assert len(words_netted(bare, longest)) > len(bare.stages)


def test_an_alias_is_another_name_of_its_stage_in_the_net_and_a_name_wins_over_an_alias() -> None:
    playbook = story({"stages": [{"name": "A", "aliases": ["Alpha", "B"]}, {"name": "B"}]})
    assert words_of_pnml(playbook, 2) == {
        ("Gone",),
        *((first, *rest) for first in ("A", "Alpha") for rest in [("Gone",), ("B", "Gone"), ("B", "Signed")]),
    }


def test_visits_beyond_the_limit_are_not_accepted_and_each_stage_has_its_own_count() -> None:
    playbook = story({"stages": [{"name": "A"}, {"name": "B", "may_return_to": ["A"], "max_visits": 2}]})
    words = words_of_pnml(playbook, 6)
    assert ("A", "B", "A", "B", "Signed") in words
    assert ("A", "B", "A", "Gone") in words
    assert not [word for word in words if word.count("B") > 2]


@settings(max_examples=25)
@given(playbooks(most=4))
def test_the_net_is_sound(playbook: Playbook) -> None:
    """From every marking that can be reached the end can be, alone, and no transition is dead but by a limit."""
    from pm4py.objects.petri_net.semantics import enabled_transitions, execute

    net, first, last = read_pnml(draw_pnml(playbook))
    after: dict[object, set[object]] = {}
    fired: set[str] = set()
    ahead = [first]
    while ahead:
        marking = ahead.pop()
        if marking not in after:
            enabled = enabled_transitions(net, marking)
            fired |= {transition.name for transition in enabled}
            after[marking] = {execute(transition, net, marking) for transition in enabled}
            ahead += after[marking]
    if not any(stage.max_visits for stage in playbook.stages):
        assert fired == {transition.name for transition in net.transitions}
    ending = {last}
    while more := {marking for marking, onward in after.items() if onward & ending} - ending:
        ending |= more
    assert ending == set(after)


def test_the_net_costs_what_our_alignment_costs() -> None:
    """pm4py's optimal alignment with the net, and ours with the playbook, on the same paths."""
    from pm4py.algo.conformance.alignments.petri_net import algorithm
    from pm4py.objects.log.obj import Event, Trace

    chance = random.Random(7)
    compared = 0
    for _ in range(15):
        playbook = drawn_at_random(chance, most=5)
        net = read_pnml(draw_pnml(playbook))
        paths = [
            (tuple(chance.choices([*playbook.names, "X"], k=chance.randint(1, 7))), chance.choice(["won", "lost"]))
            for _ in range(6)
        ]
        for (path, ending), alignment in zip(paths, align(paths, playbook), strict=True):  # type: ignore[arg-type]
            word = (*path, {"won": "Signed", "lost": "Gone"}[ending])
            trace = Trace([Event({"concept:name": name}) for name in word])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = algorithm.apply_trace(trace, *net)
            # The end is given for us, and a move of its own for pm4py: only agreement on it can be compared.
            if (word[-1], word[-1]) in found["alignment"]:
                assert found["cost"] // 10_000 == alignment.cost
                compared += 1
            else:
                assert found["cost"] // 10_000 <= alignment.cost
    assert compared >= 60


def test_hostile_names_are_the_labels_of_the_net_as_they_are() -> None:
    playbook = story({"stages": [{"name": name} for name in HOSTILE]})
    text = draw_pnml(playbook)
    net, first, last = read_pnml(text)
    labels = {transition.label for transition in net.transitions} - {None}
    assert labels == {*(name.replace("\x07", "\ufffd") for name in HOSTILE), "Signed", "Gone"}
    assert (len(first), len(last)) == (1, 1)
    ids = [element.get("id") for element in ET.fromstring(text).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert text == draw_pnml(playbook)


def _sequence(names: Sequence[str]) -> Playbook:
    return story({"stages": [{"name": name} for name in names]})


def test_two_playbooks_that_differ_give_nets_that_differ() -> None:
    assert words_of_pnml(_sequence("AB")) != words_of_pnml(_sequence("BA"))
    assert words_of_bpmn(_sequence("AB")) != words_of_bpmn(_sequence("BA"))


def test_a_stage_that_nothing_leads_to_hangs_in_no_model() -> None:
    playbook = story({"stages": [{"name": "A", "next": ["C"]}, {"name": "B"}, {"name": "C"}]})
    net, _, _ = read_pnml(draw_pnml(playbook))
    assert {transition.label for transition in net.transitions} - {None} == {"A", "C", "Signed", "Gone"}
    assert 'name="C"' in draw_bpmn(playbook)
    assert 'name="B"' not in draw_bpmn(playbook)
