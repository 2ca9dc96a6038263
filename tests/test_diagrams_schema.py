"""Every BPMN holds to the schema of the Object Management Group, whatever the names in it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.diagrams.block_bpmn import draw_block
from processminer.diagrams.bpmn import draw_bpmn
from processminer.engines.petri import inductive_process
from processminer.playbook.model import Playbook
from tests.bpmn_files import bpmn_files
from tests.roaming import playbooks

# Any text but nothing: what a name of a stage or of an activity may be.
names = st.text(min_size=1, max_size=12).filter(lambda name: bool(name.strip()))


@cache
def schema() -> Any:
    """Return the schema of BPMN 2.0 as SpiffWorkflow ships it: five files, the OMG's own."""
    from lxml import etree

    spec = find_spec("SpiffWorkflow")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    folder = Path(spec.submodule_search_locations[0]) / "bpmn" / "parser" / "schema"
    return etree.XMLSchema(etree.parse(str(folder / "BPMN20.xsd")))


def faults(xml: str) -> list[str]:
    """Return what the schema says against a BPMN text."""
    from lxml import etree

    held = schema()
    held.validate(etree.fromstring(xml.encode()))
    return [str(error.message) for error in held.error_log]


def test_bpmn_of_every_kind_holds_to_the_schema() -> None:
    found = {name: faults(text) for name, text in bpmn_files().items()}
    assert {name: said for name, said in found.items() if said} == {}


@settings(max_examples=80)
@given(playbooks())
def test_bpmn_of_any_playbook_holds_to_the_schema(playbook: Playbook) -> None:
    assert faults(draw_bpmn(playbook)) == []


@settings(max_examples=60)
@given(st.lists(names, min_size=1, max_size=5, unique=True), names)
def test_bpmn_holds_to_the_schema_whatever_its_stages_are_called(stages: list[str], other: str) -> None:
    said = [{"name": name, "goal": other, "may_return_to": stages[:1]} for name in stages]
    outcomes = {"won": [other], "lost": [other]}
    assert faults(draw_bpmn(Playbook.model_validate({"name": other, "stages": said, "outcomes": outcomes}))) == []


@settings(max_examples=60)
@given(st.lists(st.lists(names, min_size=1, max_size=4).map(tuple), min_size=1, max_size=3))
def test_a_mined_process_holds_to_the_schema_whatever_its_activities_are_called(paths: list[tuple[str, ...]]) -> None:
    assert faults(draw_block(inductive_process(dict.fromkeys(paths, 2)), paths[0][0])) == []


def test_the_schema_sees_what_is_wrong() -> None:
    good = bpmn_files()["basic-four-step"]
    assert faults(good.replace("<bpmn:userTask", "<bpmn:userTsk").replace("</bpmn:userTask", "</bpmn:userTsk"))
    assert faults(good.replace('id="won"', 'id="start"'))
    assert faults(good.replace('x="', 'x="left '))
