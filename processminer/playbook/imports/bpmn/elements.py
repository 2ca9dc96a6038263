"""The elements of one BPMN process: what becomes a stage, what is passed through, what ends it, what cannot be said.

Object Management Group, Business Process Model and Notation 2.0.2 (2014), chapter 10.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from processminer.errors import Fault, Place
from processminer.playbook.imports.said import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.playbook.imports.xml_tree import Element

Kind = Literal["start", "stage", "pass", "end"]

_KINDS: dict[str, Kind] = {
    "startEvent": "start", "endEvent": "end",
    "task": "stage", "userTask": "stage", "manualTask": "stage", "serviceTask": "stage", "sendTask": "stage",
    "receiveTask": "stage", "scriptTask": "stage", "businessRuleTask": "stage", "callActivity": "stage",
    "subProcess": "stage", "adHocSubProcess": "stage", "transaction": "stage",
    "exclusiveGateway": "pass", "eventBasedGateway": "pass", "parallelGateway": "pass", "inclusiveGateway": "pass",
    "complexGateway": "pass", "intermediateCatchEvent": "pass", "intermediateThrowEvent": "pass",
    "boundaryEvent": "pass",
}  # fmt: skip

_AT_ONCE = {
    "parallelGateway": "at once",
    "inclusiveGateway": "several or one",
    "complexGateway": "by a rule of its own",
}

_BESIDE = {
    "dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group", "category",
    "ioSpecification", "property", "messageFlow",
}  # fmt: skip
"""What stands beside the flow."""

_KNOWN = {
    "sequenceFlow",
    "laneSet",
    "documentation",
    "extensionElements",
    "auditing",
    "monitoring",
    "incoming",
    "outgoing",
}


@dataclass(slots=True)
class Node:
    """A flow node."""

    id: str
    kind: Kind
    tag: str
    name: str
    line: int
    documentation: str
    inside: tuple[str, ...] = ()
    """The names of the tasks in a sub-process."""
    attached_to: str = ""
    beside: bool = False
    """Whether it sets off something beside the way of the deal, which stays where it is."""
    timer: str = ""
    link: str = ""


@dataclass(slots=True)
class Process:
    """A process: its nodes in the order of the file, its flows, and what a playbook cannot say of it."""

    name: str
    documentation: str
    nodes: dict[str, Node] = field(default_factory=dict[str, Node])
    after: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Node to the nodes that flows lead to from it."""
    lanes: dict[str, str] = field(default_factory=dict[str, str])
    """Node to the lane it stands in."""
    left_out: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """What is beside the flow, by what one of it is called."""
    faults: list[Fault] = field(default_factory=list[Fault])


def read_process(element: Element, file: str) -> Process:
    """Return a process element by element; what cannot be said is among its faults, each with its line."""
    documentation = "\n".join(one.text for one in element.named("documentation"))
    process = Process(tidy(element.attributes.get("name", "")), documentation)
    for child in element.children:
        _take(process, child, file)
    for lane in element.named("laneSet"):
        _lanes(process, lane, "")
    _flows(process, element, file)
    _links(process)
    process.faults += _forks(process, file)
    return process


def _take(process: Process, element: Element, file: str) -> None:
    kind = _KINDS.get(element.tag)
    told = _called(element)
    if kind is not None and element.attributes.get("triggeredByEvent") == "true":
        process.left_out.setdefault("event sub-process", []).append(told)
    elif kind is not None:
        node = _node(element, kind)
        if not node.id or node.id in process.nodes:
            fault = f"<{element.tag}> has {'no id' if not node.id else f'the id {node.id!r} of another one'}."
            process.faults.append(Fault(fault, Place(file, element.line), "Export it again."))
        process.nodes[node.id] = node
        process.after.setdefault(node.id, [])
        _beside(process, element, node)
    elif element.tag not in _KNOWN:
        what = "element beside the flow" if element.tag in _BESIDE else "element of another kind"
        process.left_out.setdefault(what, []).append(f"{element.tag} {told}")


def _node(element: Element, kind: Kind) -> Node:
    definitions = [child for child in element.children if child.tag.endswith("EventDefinition")]
    timers = [inner.text for one in definitions if one.tag == "timerEventDefinition" for inner in one.children]
    links = [one.attributes.get("name", "") for one in definitions if one.tag == "linkEventDefinition"]
    inside = [child for child in element.children if _KINDS.get(child.tag) == "stage"]
    return Node(
        id=element.attributes.get("id", ""),
        kind=kind,
        tag=element.tag,
        name=tidy(element.attributes.get("name", "")),
        line=element.line,
        documentation="\n".join(one.text for one in element.named("documentation")),
        inside=tuple(_called(child) for child in inside),
        attached_to=element.attributes.get("attachedToRef", ""),
        beside=element.tag == "boundaryEvent" and element.attributes.get("cancelActivity") == "false",
        timer=next(iter(timers), ""),
        link=next(iter(links), ""),
    )


def _called(element: Element) -> str:
    return tidy(element.attributes.get("name", "")) or element.attributes.get("id", "") or f"line {element.line}"


def _beside(process: Process, element: Element, node: Node) -> None:
    """Keep in mind what a node says that no stage can."""
    found: list[tuple[str, str]] = [*_own_words(node), *(_part(child, element) for child in element.children)]
    if node.inside:
        found += [("flow inside a sub-process", f"in {_called(element)}") for _ in element.named("sequenceFlow")]
    if element.tag == "callActivity" and element.attributes.get("calledElement"):
        found.append(("called process", f"{element.attributes['calledElement']} by {_called(element)}"))
    for what, item in found:
        if what:
            process.left_out.setdefault(what, []).append(item)


def _own_words(node: Node) -> Iterator[tuple[str, str]]:
    """Yield what a node that is no stage says in words."""
    if node.kind == "stage":
        return
    if node.kind == "pass" and node.name and not (node.timer or node.link):
        yield "question at a gateway" if node.tag.endswith("Gateway") else "event between stages", node.name
    for line in node.documentation.splitlines():
        if line.strip():
            yield "line of documentation beside stages", f"{node.name or node.id}: {tidy(line)}"


def _part(child: Element, element: Element) -> tuple[str, str]:
    """Return what a part of a node says that no stage can, and what kind of thing it is; nothing for other parts."""
    if child.tag.endswith("LoopCharacteristics"):
        return "repeated task", _called(element)
    if child.tag.endswith("EventDefinition") and child.tag not in ("timerEventDefinition", "linkEventDefinition"):
        return "trigger of an event", f"{child.tag.removesuffix('EventDefinition')} of {_called(element)}"
    return ("extension of a tool" if child.tag == "extensionElements" else ""), _called(element)


def _lanes(process: Process, lane_set: Element, outer: str) -> None:
    """Give each node its innermost lane."""
    for lane in lane_set.named("lane"):
        name = tidy(lane.attributes.get("name", "")) or outer
        process.lanes |= {ref.text: name for ref in lane.named("flowNodeRef") if name}
        for inner in lane.named("childLaneSet"):
            _lanes(process, inner, name)


def _flows(process: Process, element: Element, file: str) -> None:
    for flow in element.named("sequenceFlow"):
        ends = [flow.attributes.get(end, "") for end in ("sourceRef", "targetRef")]
        if not all(end in process.nodes for end in ends):
            message = f"the flow {_called(flow)!r} leads from or to a node that is not there."
            process.faults.append(Fault(message, Place(file, flow.line), "Draw it again, or take it out."))
            continue
        process.after[ends[0]].append(ends[1])
        if flow.named("conditionExpression"):
            process.left_out.setdefault("condition of a flow", []).append(
                flow.said("conditionExpression") or _called(flow)
            )
        if flow.attributes.get("name"):
            process.left_out.setdefault("label of a flow", []).append(_called(flow))


def _links(process: Process) -> None:
    """Let link events that bear one name lead from where they throw to where they catch."""
    catches = {
        node.link: key for key, node in process.nodes.items() if node.link and node.tag == "intermediateCatchEvent"
    }
    for key, node in process.nodes.items():
        if node.link in catches and node.tag == "intermediateThrowEvent":
            process.after[key].append(catches[node.link])


def _forks(process: Process, file: str) -> Iterator[Fault]:
    """Find where several ways are taken at once: a deal is in one stage at a time."""
    into = {key: sum(key in targets for targets in process.after.values()) for key in process.nodes}
    for key, node in process.nodes.items():
        ways = len(process.after[key])
        said = f"{node.name or key!r}"
        if node.tag in _AT_ONCE and max(ways, into[key]) > 1:
            message = f"the {node.tag} {said} lets ways be taken {_AT_ONCE[node.tag]}, which a playbook cannot say."
            yield Fault(
                message, Place(file, node.line), "Put them one after the other, or into one task as its sub-process."
            )
        elif node.kind in ("stage", "start") and ways > 1:
            message = f"{ways} flows leave {said}, which in BPMN are all taken at once."
            yield Fault(message, Place(file, node.line), "Put an exclusive gateway between, or one after the other.")
