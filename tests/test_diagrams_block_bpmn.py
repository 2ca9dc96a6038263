"""The BPMN of a mined process lets every deal through that it was mined from, whatever it is called."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.diagrams.block_bpmn import draw_block
from processminer.engines.petri import Block, inductive_process
from tests.diagram_stories import HOSTILE
from tests.test_diagrams_bpmn import DIAGRAM, MODEL, TASKS, check_shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

SALES = {
    ("Lead", "Demo", "Proposal", "Won"): 40,
    ("Lead", "Proposal", "Won"): 25,
    ("Lead", "Demo", "Proposal", "Demo", "Proposal", "Won"): 50,
    ("Lead", "Demo", "Proposal", "Lost"): 30,
    ("Lead", "Proposal", "Lost"): 20,
}
"""A sequence with a stage that may be left out, a way back, and two ends."""
POINTS = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"

paths = st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=6).map(tuple)
logs = st.dictionaries(paths, st.integers(1, 9), min_size=1, max_size=6)


def fitness(xml: str, variants: Mapping[tuple[str, ...], int], folder: Path) -> list[float]:
    """Return how well each path fits the diagram, as pm4py reads it and aligns the paths with it."""
    import pm4py
    from pm4py.algo.conformance.alignments.petri_net import algorithm
    from pm4py.objects.log.obj import Event, Trace

    file = folder / "mined.bpmn"
    file.write_text(xml, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = pm4py.convert_to_petri_net(pm4py.read_bpmn(str(file)))
        return [
            float(algorithm.apply_trace(Trace([Event({"concept:name": name}) for name in path]), *net)["fitness"])
            for path in variants
        ]


def allows(block: Block, path: tuple[str, ...]) -> bool:
    """Tell, by trying every cut, whether a block can produce a path."""
    if not block.parts:
        return path == ((block.name,) if block.kind == "activity" else ())
    if block.kind == "choice":
        return any(allows(part, path) for part in block.parts)
    if block.kind == "parallel":
        names = [_names(part) for part in block.parts]
        split = [tuple(name for name in path if name in own) for own in names]
        return set(path) <= set().union(*names) and all(map(allows, block.parts, split))
    if block.kind == "loop":
        return allows(block.parts[0], path) or any(
            allows(block.parts[0], path[:a]) and allows(block.parts[1], path[a:b]) and allows(block, path[b:])
            for a in range(len(path) + 1)
            for b in range(max(a, 1), len(path) + 1)
        )
    if len(block.parts) == 1:
        return allows(block.parts[0], path)
    rest = Block("sequence", parts=block.parts[1:])
    return any(allows(block.parts[0], path[:cut]) and allows(rest, path[cut:]) for cut in range(len(path) + 1))


def _names(block: Block) -> set[str]:
    return {block.name} if block.kind == "activity" else set().union(*map(_names, block.parts))


def test_every_deal_of_a_structured_log_runs_through_the_diagram(tmp_path: Path) -> None:
    xml = draw_block(inductive_process(SALES), "Sales")
    assert fitness(xml, SALES, tmp_path) == [1.0] * len(SALES)
    assert fitness(xml, {("Demo", "Lead", "Won"): 1}, tmp_path)[0] < 1
    check_shapes(xml)


@settings(max_examples=120, deadline=None)
@given(log=logs)
def test_without_a_threshold_of_noise_every_path_is_allowed(log: dict[tuple[str, ...], int]) -> None:
    block = inductive_process(log, noise=0)
    assert [path for path in log if not allows(block, path)] == []


def test_what_hardly_ever_happens_is_left_out_by_the_threshold() -> None:
    back = ("Lead", "Demo", "Proposal", "Demo", "Proposal", "Won")
    rare = {**SALES, back: 1}
    assert not allows(inductive_process(rare), back)
    assert allows(inductive_process(rare, noise=0), back)
    assert all(allows(inductive_process(rare), path) for path in SALES if path != back)


@settings(max_examples=80, deadline=None)
@given(log=logs, noise=st.sampled_from([0.0, 0.2]))
def test_the_diagram_is_whole_nothing_overlaps_and_no_flow_crosses_a_node(
    log: dict[tuple[str, ...], int], noise: float
) -> None:
    xml = draw_block(inductive_process(log, noise=noise), "P")
    check_shapes(xml)
    assert xml == draw_block(inductive_process(dict(reversed(log.items())), noise=noise), "P")
    root = ET.fromstring(xml)
    boxes: dict[str, tuple[float, ...]] = {}
    for shape in root.iter(f"{DIAGRAM}BPMNShape"):
        boxes[shape.get("bpmnElement", "")] = tuple(
            float(shape[0].get(side, "")) for side in ("x", "y", "width", "height")
        )
    for (x, y, width, height), (a, b, breadth, depth) in combinations(boxes.values(), 2):
        assert x + width <= a or a + breadth <= x or y + height <= b or b + depth <= y
    ends = {
        flow.get("id"): (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for flow in root.iter(f"{MODEL}sequenceFlow")
    }
    for edge in root.iter(f"{DIAGRAM}BPMNEdge"):
        way = [(float(point.get("x", "")), float(point.get("y", ""))) for point in edge.iter(POINTS)]
        source, target = ends[edge.get("bpmnElement")]
        for (x, y), node in ((way[0], source), (way[-1], target)):
            left, top, width, height = boxes[node]
            assert (x in (left, left + width) and y == top + height / 2) or (
                y == top + height and x == left + width / 2
            )
        for (a, b), (c, d) in pairwise(way):
            assert a == c or b == d
            for left, top, width, height in boxes.values():
                beside = max(a, c) <= left or min(a, c) >= left + width
                assert beside or max(b, d) <= top or min(b, d) >= top + height


def test_hostile_names_stay_text() -> None:
    path = tuple(HOSTILE)
    xml = draw_block(inductive_process({path: 3, path[:2]: 2}), '<"]]>&')
    check_shapes(xml)
    assert "<script" not in xml
    names = {task.get("name") for task in ET.fromstring(xml).iter(TASKS)}
    assert {HOSTILE[0], HOSTILE[4]} <= names
    assert len(list(ET.fromstring(xml).iter(TASKS))) == len(set(path))


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    inductive_process(SALES)
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_another_run_finds_the_same_process() -> None:
    code = (
        "from processminer.engines.petri import inductive_process as mine; "
        "print(mine({tuple('ABCDE'): 3, tuple('BADCE'): 2, tuple('CEDA'): 2, tuple('DDBA'): 1, tuple('EAB'): 1}))"
    )
    root = Path(__file__).parent.parent
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
