"""A process as BPMN 2.0 with its layout, for modellers, wikis and engines that read BPMN.

What runs through the diagram of a playbook is exactly what `allowed_moves` allows, plus a loss from every stage.
Object Management Group, Business Process Model and Notation 2.0.2 (2014).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from processminer.diagrams.bpmn_layout import Node, Places, Sketch, lay_out_process, sketch
from processminer.diagrams.colours import BLUE, INK, LOSS_GROUND, PAPER, SLATE, VERMILION_TEXT, WON
from processminer.diagrams.markup import clean, legal, number
from processminer.diagrams.slugs import slugs
from processminer.diagrams.told import playbook_facts, stage_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.playbook.model import Playbook

_SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "bioc": "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "color": "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
}
"""Both colour namespaces: bpmn.io's own and the one that tools agreed on later."""

_INKS = {
    "start": (SLATE, PAPER),
    "task": (BLUE, "#eaf4fb"),
    "optional": (SLATE, PAPER),
    "gateway": (SLATE, PAPER),
    "parallel": (SLATE, PAPER),
    "end": (SLATE, PAPER),
    "won": (WON, "#e5f4ef"),
    "lost": (VERMILION_TEXT, LOSS_GROUND),
}


_TAGS = {
    "start": "startEvent", "task": "userTask", "optional": "userTask", "gateway": "exclusiveGateway",
    "parallel": "parallelGateway",
}  # fmt: skip


def draw_bpmn(playbook: Playbook) -> str:
    """Return the playbook as BPMN XML: a user task per stage, a gateway where there is a choice, an end per loss.

    Ids follow from the names of stages. Goals, owners, tasks, criteria and limits are in the documentation of each
    stage, the service cycle in that of the process. A limit on visits is said there only: a diagram does not count.
    Every node and flow has its shape, so that every tool shows the diagram. The process is not executable.
    """
    plan = sketch(playbook)
    ids = zip(slugs(playbook.names), playbook.stages, strict=True)
    said = {f"stage_{slug}": "\n".join(stage_facts(stage, playbook.handovers)) for slug, stage in ids}
    about = "\n".join(playbook_facts(playbook))
    return write_bpmn(playbook.name, plan, lay_out_process(plan), {"process": about, **said})


def write_bpmn(name: str, plan: Sketch, places: Places, said: Mapping[str, str]) -> str:
    """Return a process as BPMN XML; `said` documents nodes, and the whole as `process`, by id."""
    root = ET.Element("bpmn:definitions", {f"xmlns:{prefix}": space for prefix, space in _SPACES.items()})
    root.set("id", "definitions")
    root.set("targetNamespace", "http://bpmn.io/schema/bpmn")
    process = ET.SubElement(root, "bpmn:process", {"id": "process", "name": clean(name), "isExecutable": "false"})
    _document(process, said.get("process", ""))
    for node in plan.nodes:
        _write_node(process, node, plan, said.get(node.id, ""))
    for flow in plan.flows:
        named = {"name": clean(flow.name)} if flow.name else {}
        ET.SubElement(
            process, "bpmn:sequenceFlow", {"id": flow.id, **named, "sourceRef": flow.source, "targetRef": flow.target}
        )
    _write_diagram(root, plan, places)
    ET.indent(root, space="  ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _write_node(process: ET.Element, node: Node, plan: Sketch, said: str) -> None:
    element = ET.SubElement(process, f"bpmn:{_TAGS.get(node.kind, 'endEvent')}", {"id": node.id})
    if node.name:
        element.set("name", clean(node.name))
    _document(element, said)
    for flow in plan.flows:
        if flow.target == node.id:
            ET.SubElement(element, "bpmn:incoming").text = flow.id
    for flow in plan.flows:
        if flow.source == node.id:
            ET.SubElement(element, "bpmn:outgoing").text = flow.id


def _document(element: ET.Element, text: str) -> None:
    if text:
        ET.SubElement(element, "bpmn:documentation").text = legal(text)


def _write_diagram(root: ET.Element, plan: Sketch, places: Places) -> None:
    diagram = ET.SubElement(root, "bpmndi:BPMNDiagram", {"id": "diagram"})
    plane = ET.SubElement(diagram, "bpmndi:BPMNPlane", {"id": "plane", "bpmnElement": "process"})
    for node in plan.nodes:
        stroke, fill = _INKS[node.kind]
        colours = {
            "bioc:stroke": stroke,
            "bioc:fill": fill,
            "color:border-color": stroke,
            "color:background-color": fill,
        }
        look = {"isMarkerVisible": "true"} if node.kind == "gateway" else {}
        shape = ET.SubElement(
            plane, "bpmndi:BPMNShape", {"id": f"shape_{node.id}", "bpmnElement": node.id, **look, **colours}
        )
        _bounds(shape, places.nodes[node.id])
        _label(shape, places.labels.get(node.id))
    for flow in plan.flows:
        ink = {"lost": VERMILION_TEXT, "won": WON}.get(flow.kind, INK)
        edge = ET.SubElement(
            plane,
            "bpmndi:BPMNEdge",
            {"id": f"edge_{flow.id}", "bpmnElement": flow.id, "bioc:stroke": ink, "color:border-color": ink},
        )
        for x, y in places.ways[flow.id]:
            ET.SubElement(edge, "di:waypoint", {"x": number(x), "y": number(y)})
        _label(edge, places.labels.get(flow.id))


def _label(parent: ET.Element, box: tuple[float, float, float, float] | None) -> None:
    if box is not None:
        _bounds(ET.SubElement(parent, "bpmndi:BPMNLabel"), box)


def _bounds(parent: ET.Element, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = (number(side) for side in box)
    ET.SubElement(parent, "dc:Bounds", {"x": x, "y": y, "width": width, "height": height})
