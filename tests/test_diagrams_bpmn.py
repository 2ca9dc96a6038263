"""The BPMN says what the playbook allows, in every tool that reads BPMN."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations, pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.diagrams.bpmn import draw_bpmn
from processminer.diagrams.bpmn_layout import lay_out_process, sketch
from processminer.diagrams.slugs import slugs
from processminer.playbook.model import Playbook
from processminer.playbook.moves import allowed_moves
from tests.diagram_stories import HOSTILE, sales

if TYPE_CHECKING:
    from pathlib import Path

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAM = "{http://www.omg.org/spec/BPMN/20100524/DI}"
TASKS = f"{MODEL}userTask"


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    names = [f"S{place}" for place in range(draw(st.integers(1, 7)))]
    some = st.lists(st.sampled_from(names), max_size=2, unique=True)
    stages = [
        {
            "name": name,
            "optional": draw(st.booleans()),
            "may_start": draw(st.booleans()),
            "may_skip_to": draw(some),
            "may_return_to": draw(some),
        }
        for name in names
    ]
    return Playbook.model_validate({"name": "P", "stages": stages})


def hostile_playbook() -> Playbook:
    stages = [
        {"name": name, "goal": name, "optional": place % 3 == 1, "tasks": [{"do": name, "how": name}]}
        for place, name in enumerate(HOSTILE)
    ]
    return Playbook.model_validate({"name": '<"]]>&', "stages": stages})


def walked(xml: str) -> tuple[set[str], set[tuple[str, str]], set[str], set[str]]:
    """Return starts, moves, wins and losses between stages, read off the sequence flows and nothing else."""
    process = ET.fromstring(xml).find(f"{MODEL}process")
    assert process is not None
    names = {task.get("id", ""): task.get("name", "") for task in process.iter(TASKS)}
    ends = {end.get("id", ""): end.get("id", "") for end in process.iter(f"{MODEL}endEvent")}
    after: dict[str, list[str]] = defaultdict(list)
    for flow in process.iter(f"{MODEL}sequenceFlow"):
        after[flow.get("sourceRef", "")].append(flow.get("targetRef", ""))

    def reached(node: str) -> set[str]:
        found: set[str] = set()
        for target in after[node]:
            found |= {target} if target in names or target in ends else reached(target)
        return found

    pairs = {(names[task], node) for task in names for node in reached(task)}
    return (
        {names[node] for node in reached("start")},
        {(source, names[node]) for source, node in pairs if node in names},
        {source for source, node in pairs if node == "won"},
        {source for source, node in pairs if node.startswith("lost_")},
    )


def check_shapes(xml: str) -> None:
    """Every flow node has one shape with bounds, every flow one edge with ends, and ids are unique XML names."""
    root = ET.fromstring(xml)
    process = root.find(f"{MODEL}process")
    assert process is not None
    flows = [element for element in process if element.tag == f"{MODEL}sequenceFlow"]
    nodes = [element for element in process if element.get("id") and element not in flows]
    shapes = [shape.get("bpmnElement") for shape in root.iter(f"{DIAGRAM}BPMNShape")]
    edges = [edge.get("bpmnElement") for edge in root.iter(f"{DIAGRAM}BPMNEdge")]
    assert shapes == [node.get("id") for node in nodes]
    assert edges == [flow.get("id") for flow in flows]
    ids = [element.get("id", "") for element in root.iter() if element.get("id") is not None]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name, re.ASCII) for name in ids)
    for node in nodes:
        inside = [flow.text for flow in node if flow.tag in (f"{MODEL}incoming", f"{MODEL}outgoing")]
        around = [flow.get("id") for flow in flows if node.get("id") in (flow.get("sourceRef"), flow.get("targetRef"))]
        assert sorted(map(str, inside)) == sorted(map(str, around))


@given(playbooks())
@settings(max_examples=80, deadline=None)
def test_the_diagram_allows_exactly_what_the_playbook_allows(playbook: Playbook) -> None:
    xml = draw_bpmn(playbook)
    moves = allowed_moves(playbook)
    assert walked(xml) == (moves.starts, moves.between, moves.wins, set(playbook.names))
    check_shapes(xml)
    assert xml == draw_bpmn(playbook)


@given(playbooks())
@settings(max_examples=50, deadline=None)
def test_no_two_nodes_overlap_and_every_flow_touches_its_ends(playbook: Playbook) -> None:
    plan = sketch(playbook)
    places = lay_out_process(plan)
    for (x, y, width, height), (a, b, breadth, depth) in combinations(places.nodes.values(), 2):
        assert x + width <= a or a + breadth <= x or y + height <= b or b + depth <= y
    for flow in plan.flows:
        way = places.ways[flow.id]
        for (x, y), node in ((way[0], flow.source), (way[-1], flow.target)):
            left, top, width, height = places.nodes[node]
            assert left - 1 <= x <= left + width + 1
            assert top - 1 <= y <= top + height + 1
        assert all(a == c or b == d for (a, b), (c, d) in pairwise(way))


def test_hostile_names_stay_text_and_give_safe_ids() -> None:
    xml = draw_bpmn(hostile_playbook())
    check_shapes(xml)
    assert "<script" not in xml
    tasks = [task.get("name") for task in ET.fromstring(xml).iter(TASKS)]
    assert tasks[0] == HOSTILE[0]
    assert tasks[4] == HOSTILE[4]
    assert walked(xml)[3] == set(map(str, tasks))


def test_a_choice_is_a_named_gateway_and_every_stage_may_end_in_a_loss() -> None:
    _, playbook = sales()
    root = ET.fromstring(draw_bpmn(playbook))
    gateways = list(root.iter(f"{MODEL}exclusiveGateway"))
    choices = [gateway for gateway in gateways if len(gateway.findall(f"{MODEL}outgoing")) > 1]
    assert all(gateway.get("name") for gateway in choices)
    for gateway in gateways:
        ways = (len(gateway.findall(f"{MODEL}incoming")), len(gateway.findall(f"{MODEL}outgoing")))
        assert 1 in ways
        assert max(ways) > 1
    ends = [end.get("id") for end in root.iter(f"{MODEL}endEvent")]
    assert ends == [
        "lost_prospecting", "lost_qualification", "lost_demo", "lost_proposal", "lost_negotiation", "lost_contract",
        "won",
    ]  # fmt: skip
    assert all(len(node.findall(f"{MODEL}incoming")) == 1 for node in root.iter() if node.tag.endswith("endEvent"))
    assert all(len(node.findall(f"{MODEL}incoming")) == 1 for node in root.iter(TASKS))


def test_documentation_holds_what_the_playbook_says_of_a_stage() -> None:
    _, playbook = sales()
    root = ET.fromstring(draw_bpmn(playbook))
    stage = next(task for task in root.iter(TASKS) if task.get("name") == "Qualification")
    assert stage.findtext(f"{MODEL}documentation") == "\n".join(
        [
            "Goal: The need is real and we can meet it.",
            "Owner: SDR",
            "Time limit: 14 days",
            "Win probability: 20 %",
            "Task: Discovery call (by: SDR; how: Ask for the problem; output: Notes)",
            "Exit criterion: BANT (at least 3 of Budget, Authority, Need and Timeline)",
        ]
    )


def test_colours_are_written_in_both_namespaces() -> None:
    _, playbook = sales()
    spaces = ("{http://bpmn.io/schema/bpmn/biocolor/1.0}", "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}")
    for shape in ET.fromstring(draw_bpmn(playbook)).iter(f"{DIAGRAM}BPMNShape"):
        assert shape.get(f"{spaces[0]}stroke") == shape.get(f"{spaces[1]}border-color") is not None
        assert shape.get(f"{spaces[0]}fill") == shape.get(f"{spaces[1]}background-color") is not None


@pytest.mark.parametrize("playbook", [sales()[1], hostile_playbook()], ids=["sales", "hostile"])
def test_pm4py_reads_the_same_nodes_and_flows(playbook: Playbook, tmp_path: Path) -> None:
    import pm4py

    xml = draw_bpmn(playbook)
    file = tmp_path / "playbook.bpmn"
    file.write_text(xml, encoding="utf-8")
    graph = pm4py.read_bpmn(str(file))
    plan = sketch(playbook)
    assert len(graph.get_nodes()) == len(plan.nodes)
    assert len(graph.get_flows()) == len(plan.flows)


def test_an_id_does_not_depend_on_where_the_stage_stands() -> None:
    names = ["Demo", "Demo!", "需求确认", "Été", *HOSTILE]
    given_ids = dict(zip(names, slugs(names), strict=True))
    turned = dict(zip(names[::-1], slugs(names[::-1]), strict=True))
    assert given_ids == turned
    assert given_ids["Été"] == "ete"
    assert len(set(given_ids.values())) == len(names)


@given(st.lists(st.text(max_size=12), max_size=12))
def test_ids_are_unique_and_plain_whatever_the_names(names: list[str]) -> None:
    ids = slugs(names)
    assert len(set(ids)) == len(ids) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_]+", name, re.ASCII) for name in ids)
