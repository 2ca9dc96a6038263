"""Deals against a model given as BPMN or PNML: costs by our own aligner, ends, time limits, and models at fault."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from processminer.conformance.align import align
from processminer.conformance.by_version import conform_to
from processminer.conformance.reference import Reference, compare, read_reference
from processminer.diagrams.bpmn import draw_bpmn
from processminer.diagrams.pnml import draw_pnml
from processminer.discovery.discover import discover
from processminer.engines.model_xml import read_model_text
from processminer.engines.petri_models import Fit, Model, align_to_model
from processminer.errors import InputError, PlaybookError
from processminer.playbook.parts.stages import Stage
from processminer.playbook.versions import Version
from processminer.report.model_check import render_model_check, render_model_check_json
from tests.conformance_stories import ENDINGS, playbook_of
from tests.worlds import log_of, write_export

if TYPE_CHECKING:
    from processminer.conformance.reference import Compared
    from processminer.playbook.model import Playbook

DRAWINGS = {"bpmn": draw_bpmn, "pnml": draw_pnml}


def roaming(chance: random.Random) -> Playbook:
    names = "ABCDE"[: chance.randint(2, 5)]
    return playbook_of(
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


@pytest.mark.parametrize("kind", ["bpmn", "pnml"])
def test_a_path_costs_by_a_drawn_playbook_what_it_costs_by_the_playbook(kind):
    chance = random.Random(23)
    for _ in range(12):
        playbook = roaming(chance)
        paths = [
            (tuple(chance.choices([*playbook.names, "X"], k=chance.randint(0, 7))), chance.choice(ENDINGS))
            for _ in range(6)
        ]
        model = Model(DRAWINGS[kind](playbook), kind, frozenset({"won"}), frozenset({"lost"}))
        fits = align_to_model(model, [(path, ending != "won") for path, ending in paths], 20.0)
        for (path, _), alignment, fit in zip(paths, align(paths, playbook), fits, strict=True):
            assert isinstance(fit, Fit)
            assert fit.cost == alignment.cost
            assert sum(kind != "sync" for kind, _ in fit.steps) == fit.cost
            assert tuple(label for kind, label in fit.steps if kind != "model") == path


WORLD = {
    "straight": ["Lead", "Demo", "Offer", "Won"],
    "jumped": ["Lead", "Offer", "Won"],
    "stranger": ["Lead", "Legal", "Demo", "Offer", "Won"],
    "back": ["Lead", "Demo", "Offer", "Demo", "Offer", "Won"],
    "lost early": ["Lead", "Lost"],
    "on its way": ["Lead", "Demo"],
    "astray": ["Lead", "Offer"],
    "reopened": ["Lead", "Demo", "Lost", "Demo", "Offer", "Won"],
    "only won": ["Won"],
}
PLAYBOOK = playbook_of("Lead", "Demo", "Offer")


def compared(text: str, world: dict[str, list[str]] | None = None, seconds: float = 20.0) -> Compared:
    reference = Reference("model", text, read_model_text(text, "model"))
    return compare(discover(log_of(world or WORLD)), reference, seconds, 1)


@pytest.mark.parametrize("kind", ["bpmn", "pnml"])
def test_deals_stand_to_a_drawn_playbook_as_they_stand_to_the_playbook(kind):
    found = compared(DRAWINGS[kind](PLAYBOOK))
    own = conform_to(discover(log_of(WORLD)), (Version(PLAYBOOK, "", "p.yaml"),))
    for name in ("deals_conforming", "deals_violating", "deals_pending"):
        assert getattr(found.found, name) == getattr(own, name)
    assert found.found.fitness == pytest.approx(own.fitness)
    assert {(one.path, one.ending, one.cost, one.worst) for one in found.found.alignments} == {
        (one.path, one.ending, one.cost, one.worst) for one in own.alignments
    }
    assert (found.undecided_deals, found.undecided_paths, found.examples) == (0, 0, ())
    assert found.steps == ("Lead", "Demo", "Offer")


def test_a_model_is_left_by_what_it_does_not_know_by_what_is_too_much_and_by_what_is_left_out():
    found = compared(draw_bpmn(PLAYBOOK)).found
    told = {(one.kind, one.subject): (one.deals, one.reached, one.examples, one.sentence) for one in found.deviations}
    assert told == {
        ("skipped", "Demo"): (
            2,
            7,
            ("astray", "jumped"),
            "2 of 7 deals (29 %) that came to Demo or past it left it out, although the model asks for it.",
        ),
        ("undeclared", "Legal"): (
            1,
            8,
            ("stranger",),
            "1 of 8 deals (12 %) passed through Legal, which the model does not know.",
        ),
        ("undeclared", "Demo"): (
            1,
            5,
            ("back",),
            "1 of 5 deals (20 %) that were in Demo were there where the model has no Demo.",
        ),
        ("undeclared", "Offer"): (
            1,
            6,
            ("back",),
            "1 of 6 deals (17 %) that were in Offer were there where the model has no Offer.",
        ),
    }


def bpmn(nodes: str, flows: str) -> str:
    lines = [
        f'    <sequenceFlow id="f{at}" sourceRef="{a}" targetRef="{b}"/>' for at, (a, b) in enumerate(pairs(flows))
    ]
    return "\n".join(
        [
            '<?xml version="1.0"?>',
            '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">',
            '  <process id="p">',
            *(f"    {node.strip()}" for node in nodes.strip().splitlines()),
            *lines,
            "  </process>",
            "</definitions>",
        ]
    )


def pairs(flows: str) -> list[tuple[str, str]]:
    return [(one.split(">")[0], one.split(">")[1]) for one in flows.split()]


PARALLEL = bpmn(
    """<startEvent id="s"/>
    <parallelGateway id="split"/>
    <task id="a" name="Lead"/>
    <task id="b" name="Demo"/>
    <parallelGateway id="join"/>
    <task id="c" name="OFFER"/>
    <endEvent id="e"/>""",
    "s>split split>a split>b a>join b>join join>c c>e",
)


def test_what_a_model_lets_happen_at_once_may_happen_in_any_order_whatever_the_case_of_its_names():
    world = {
        "one way": ["Lead", "Demo", "Offer", "Won"],
        "the other": ["Demo", "Lead", "Offer", "Won"],
        "half": ["Demo"],
        "too soon": ["Demo", "Offer", "Won"],
    }
    found = compared(PARALLEL, world).found
    assert (found.deals_conforming, found.deals_pending, found.deals_violating) == (2, 1, 1)
    assert [(one.kind, one.subject) for one in found.deviations] == [("skipped", "Lead")]


def test_paths_that_take_too_long_are_counted_apart_and_not_as_fitting_or_not():
    steps = [f"S{at:02}" for at in range(20)]
    text = bpmn(
        '<startEvent id="s"/>\n<exclusiveGateway id="x"/>\n<exclusiveGateway id="y"/>\n<task id="q" name="Quick"/>\n'
        '<parallelGateway id="split"/>\n<parallelGateway id="join"/>\n<endEvent id="e"/>\n'
        + "\n".join(f'<task id="{step}" name="{step}"/>' for step in steps),
        "s>x x>q q>y x>split join>y y>e " + " ".join(f"split>{step} {step}>join" for step in steps),
    )
    world = {"quick": ["Quick", "Won"], "slow": [*steps[:6], *steps[8:], "Legal", "Won"]}
    found = compared(text, world, seconds=0.5)
    assert (found.undecided_deals, found.undecided_paths, found.paths) == (1, 1, 2)
    assert found.examples == ("slow",)
    assert (found.found.deals_conforming, found.found.deals_violating, found.found.fitness) == (1, 0, 1.0)
    told = " ".join(render_model_check(found).split())
    assert "Undecided 1 of 2 deals (50 %), on 1 of 2 paths: not decided in the 0.5 seconds" in told
    assert json.loads(render_model_check_json(found))["undecided"]["deals"] == 1


def test_a_model_whose_shortest_run_takes_too_long_is_refused():
    with pytest.raises(InputError, match="no run to its end that is found in 1e-09 seconds"):
        compared(draw_bpmn(PLAYBOOK), seconds=1e-9)


def test_a_model_that_never_comes_to_its_end_is_refused():
    stuck = bpmn(
        """<startEvent id="s"/>
        <exclusiveGateway id="x"/>
        <task id="a" name="Lead"/>
        <task id="b" name="Demo"/>
        <parallelGateway id="join"/>
        <endEvent id="e"/>""",
        "s>x x>a x>b a>join b>join join>e",
    )
    with pytest.raises(InputError, match="no run that comes from its start to an end"):
        compared(stuck)


GOOD = draw_bpmn(PLAYBOOK)

BROKEN = {
    "not well-formed": (
        "<definitions>\n  <process id='p'>\n</definitions>\n",
        "m:3: is not well-formed XML: mismatched tag.",
    ),
    "another language": ("<svg xmlns='http://www.w3.org/2000/svg'/>", "m:1: is XML, but neither BPMN nor PNML"),
    "a document type": ("<!DOCTYPE x>\n<pnml/>", "m:1: declares a document type"),
    "no start": (
        bpmn('<task id="a" name="Lead"/>\n<endEvent id="e"/>', "a>e"),
        "m:1: the model has no start event.",
    ),
    "no step": (bpmn('<startEvent id="s"/>\n<endEvent id="e"/>', "s>e"), "m:1: the model names no step"),
    "a flow into nowhere": (
        bpmn('<startEvent id="s"/>\n<task id="a" name="Lead"/>\n<endEvent id="e"/>', "s>a a>gone a>e"),
        "m:8: the sequence flow 'f1' leads to 'gone', which is not there.",
    ),
    "an arc from nowhere": (
        "<pnml><net id='n'><page id='g'>\n<place id='p'/>\n"
        "<transition id='t'><name><text>Lead</text></name></transition>\n"
        "<arc id='a' source='q' target='t'/>\n</page></net></pnml>",
        "m:4: the arc 'a' leads from 'q', which is not there.",
    ),
}


@pytest.mark.parametrize("case", list(BROKEN))
def test_a_model_that_cannot_be_used_is_told_with_its_line(case, tmp_path):
    text, said = BROKEN[case]
    file = tmp_path / "m"
    file.write_text(text)
    with pytest.raises(PlaybookError) as caught:
        read_reference(file)
    assert str(caught.value.faults[0]).replace(f"{tmp_path}/", "").startswith(said)


def test_what_is_no_xml_may_be_a_playbook(tmp_path):
    file = tmp_path / "playbook.bpmn"
    file.write_text("name: S\nstages: [{name: A}]\n")
    assert read_reference(file) is None
    file.write_text("\ufeff\n" + draw_pnml(PLAYBOOK).partition("\n")[2])
    found = read_reference(file)
    assert found is not None
    assert (found.told.kind, found.told.steps) == ("pnml", ("Lead", "Demo", "Offer", "Won", "Lost"))


@pytest.fixture
def export(tmp_path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder, WORLD, {}, {}, ["Won"], ["Lost"])
    (tmp_path / "model.xml").write_text(GOOD)
    return folder


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ((), 0, ""),
        (("--min-fitness", "0.5"), 0, ""),
        (("--min-fitness", "0.99"), 1, "below the 0.99 asked for"),
        (("--fail-on", "skipped:Demo"), 1, "skipped Demo: 2 of 7"),
        (("--fail-on", "skipped:Nothing"), 2, "neither the playbook nor the log knows it"),
        (("--time-limit-per-variant", "0"), 2, "time-limit-per-variant"),
    ],
)
def test_a_model_is_a_gate_like_a_playbook(export, more, code, said):
    from click.testing import CliRunner

    from processminer.cli import main

    done = CliRunner().invoke(main, ["check", str(export), str(export.parent / "model.xml"), *more])
    assert done.exit_code == code, done.output
    assert said in done.stderr
    if code < 2:
        told = " ".join(done.stdout.split())
        assert "(BPMN), 3 steps: Lead, Demo and Offer" in told
        assert "3 of 8 deals (38 %) fit the model, 4 leave it, 1 are under way without a breach" in told


def test_the_json_of_a_check_against_a_model_holds_the_same_numbers(export):
    from click.testing import CliRunner

    from processminer.cli import main

    words = ["check", str(export), str(export.parent / "model.xml"), "--format", "json"]
    document = json.loads(CliRunner().invoke(main, words).stdout)
    found = compared(GOOD)
    assert document["deals_violating"] == found.found.deals_violating
    assert document["undecided"] == {"deals": 0, "paths": 0, "of_paths": 7, "seconds": 5.0, "examples": []}
    assert [one["subject"] for one in document["deviations"]] == [one.subject for one in found.found.deviations]


@pytest.mark.slow
def test_several_processes_find_what_one_finds_in_the_same_order():
    chance = random.Random(3)
    asked = [(tuple(chance.choices("ABCDX", k=chance.randint(1, 7))), chance.random() < 0.5) for _ in range(520)]
    model = Model(draw_bpmn(playbook_of("A", "B", "C", "D")), "bpmn", frozenset({"won"}), frozenset({"lost"}))
    assert align_to_model(model, asked, 60.0, 2) == align_to_model(model, asked, 60.0, 1)
