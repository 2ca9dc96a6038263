"""A BPMN 2.0 model as the process of a playbook: tasks in order, bypasses, branches, ways back, lanes and timers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from processminer.errors import PlaybookError
from processminer.playbook.imports.bpmn.drawing import as_drawn
from processminer.playbook.imports.bpmn.elements import read_process
from processminer.playbook.imports.bpmn.ends import Ends, ends_of, told_of
from processminer.playbook.imports.bpmn.facts import facts_in, says_optional, version_in
from processminer.playbook.imports.bpmn.moves_said import find_optional, moves_said, shape_of
from processminer.playbook.imports.bpmn.sequence import in_sequence
from processminer.playbook.imports.bpmn.timers import limit_of, other_timers
from processminer.playbook.imports.bpmn.ways import Ways, ways_of
from processminer.playbook.imports.choose import choose
from processminer.playbook.imports.said import USUAL, LeftOut, Said, SaidStage, check_count, tidy, unique_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.engines.yaml_text import Plain
    from processminer.playbook.imports.bpmn.elements import Process
    from processminer.playbook.imports.bpmn.moves_said import Shape
    from processminer.playbook.imports.document import Document
    from processminer.playbook.imports.xml_tree import Element

SOURCE = "a BPMN model"
SPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def fits(document: Document) -> bool:
    """Tell whether a file is a BPMN 2.0 model."""
    return document.xml is not None and (document.xml.tag, document.xml.space) == ("definitions", SPACE)


def read(document: Document, pipeline: str | None) -> Said:
    """Return what a model says. Raises PlaybookError with everything in it that a playbook cannot say, line by line."""
    root = document.xml
    assert root is not None  # as `fits` found
    chosen, others = choose(_processes(root), pipeline, document.file, "process", "processes")
    process = read_process(chosen, document.file)
    process.name = process.name or _pools(root).get(chosen.attributes.get("id", ""), "")
    if process.faults:
        raise PlaybookError(tuple(process.faults))
    messages = [
        one.attributes.get("name") or one.attributes.get("id", "") for one in root.all() if one.tag == "messageFlow"
    ]
    process.left_out["message between processes"] = messages
    ways = ways_of(process)
    check_count(document.file, ways.after, SOURCE)
    model = _Model(process, ways, ends_of(process, ways), version_in(process.documentation))
    in_file = [key for key in process.nodes if key in ways.after]
    # processminer writes stages in their order, whatever way it lays them out.
    order = in_sequence(in_file if model.version else as_drawn(root, in_file), ways.starts, ways.after)
    return _said(model, order, others)


@dataclass(frozen=True, slots=True)
class _Model:
    process: Process
    ways: Ways
    ends: Ends
    version: str | None
    """Given by models that processminer drew: they say in words which stages are optional."""


def _processes(root: Element) -> list[tuple[str, str, Element]]:
    """Return the processes that have a flow, by id and by the name of their pool, or else their own."""
    pools = _pools(root)
    found = [one for one in root.named("process") if one.named("sequenceFlow")] or root.named("process")
    ids = [one.attributes.get("id", "") for one in found]
    return [(key, pools.get(key) or one.attributes.get("name", ""), one) for key, one in zip(ids, found, strict=True)]


def _pools(root: Element) -> dict[str, str]:
    """Return the names of the pools, by the processes in them."""
    pools = (one.attributes for one in root.all() if one.tag == "participant")
    return {one.get("processRef", ""): tidy(one.get("name", "")) for one in pools}


def _said(model: _Model, order: Sequence[str], others: list[str]) -> Said:
    process, ways, ends = model.process, model.ways, model.ends
    won, lost = ends.called("won"), ends.called("lost")
    win = won[0] if won else USUAL["won"]
    names = unique_names([process.nodes[key].name or key for key in order], [win, *won, *lost])
    shape = shape_of(order, ways.starts, ways.after, ends.stages(ways, "won"))
    _mark_optional(model, shape, order)
    stages = tuple(_stage(model, shape, at, key, names, win) for at, key in enumerate(order))
    facts, _ = facts_in(process.documentation) if model.version else ({}, [])
    return Said(
        source=SOURCE,
        name=process.name or "Sales process",
        stages=stages,
        won=won,
        lost=lost,
        version=model.version,
        owner=str(facts["owner"]) if "owner" in facts else None,
        told=(*told_of(ends, ways, dict(zip(order, names, strict=True))), *_dead_ends(shape, names, win)),
        left_out=tuple(_left_out(model, order, names, others)),
    )


def _mark_optional(model: _Model, shape: Shape, order: Sequence[str]) -> None:
    if model.version is None:
        find_optional(shape)
        return
    nodes = (model.process.nodes[key] for key in order)
    shape.optional = {at for at, node in enumerate(nodes) if says_optional(node.documentation)}


def _stage(model: _Model, shape: Shape, at: int, key: str, names: Sequence[str], won: str) -> SaidStage:
    node = model.process.nodes[key]
    facts, _ = facts_in(node.documentation)
    keys: dict[str, Plain] = {**facts}
    remarks: dict[str, str] = {}
    limit = limit_of(model.process, key)
    if key in model.process.lanes and "owner" not in keys:
        keys["owner"], remarks["owner"] = model.process.lanes[key], "its lane"
    if limit is not None and "time_limit" not in keys:
        keys["time_limit"], remarks["time_limit"] = limit, "the timer on it"
    if at in shape.optional:
        keys["optional"] = True
        remarks["optional"] = "the model says so" if model.version else "the model has a way past it"
    if at in shape.starts and at not in shape.implied(-1)[0]:
        keys["may_start"] = True
    keys |= moves_said(shape, at, names, won)[0]
    if node.inside:
        keys["tasks"] = [{"do": task} for task in unique_names(node.inside)]
        remarks["tasks"] = "what its sub-process holds"
    if names[at] != node.name:
        remarks["name"] = f"{node.name!r} stands twice" if node.name else "without a name in the model"
    return SaidStage(names[at], keys, remarks)


def _dead_ends(shape: Shape, names: Sequence[str], won: str) -> Iterator[str]:
    for at, name in enumerate(names):
        if not moves_said(shape, at, names, won)[1]:
            yield f"Nothing goes on from {name!r} in the model, which a playbook cannot say: check what follows it."


def _left_out(model: _Model, order: Sequence[str], names: Sequence[str], others: list[str]) -> Iterator[LeftOut]:
    nodes = model.process.nodes
    yield LeftOut("other process", tuple(others), "other processes")
    for what, items in model.process.left_out.items():
        # In models that processminer drew these only repeat what the ways say.
        if not (model.version and what in ("question at a gateway", "label of a flow")):
            yield LeftOut(what, tuple(items), _MANY[what])
    for one, keys in (
        ("task that no start leads to", model.ways.unreached),
        ("task that repeats itself", model.ways.repeated),
    ):
        yield LeftOut(one, tuple(nodes[key].name or key for key in keys), _MANY[one])
    beside = [node for node in nodes.values() if node.beside and node.attached_to in nodes]
    told = tuple(node.name or f"on {nodes[node.attached_to].name}" for node in beside)
    yield LeftOut("event beside the way of a deal", told, "events beside the way of a deal")
    yield LeftOut("timer", tuple(other_timers(model.process)))
    about = facts_in(model.process.documentation)[1] if model.version else model.process.documentation.splitlines()
    lines = (
        [f"{name}: {line}" for line in facts_in(nodes[key].documentation)[1]]
        for key, name in zip(order, names, strict=True)
    )
    kept = (line for line in chain(about, *lines) if line.strip() and not (model.version and _is_read(line)))
    yield LeftOut("line of documentation", tuple(kept), "lines of documentation")


def _is_read(line: str) -> bool:
    return line.startswith("Version ") or line.partition(": ")[2].startswith("Optional:")


_MANY = {
    "element beside the flow": "elements beside the flow",
    "element of another kind": "elements of another kind",
    "trigger of an event": "triggers of events",
    "flow inside a sub-process": "flows inside of sub-processes",
    "called process": "called processes",
    "condition of a flow": "conditions of flows",
    "question at a gateway": "questions at gateways",
    "event between stages": "events between stages",
    "line of documentation beside stages": "lines of documentation beside stages",
    "extension of a tool": "extensions of a tool",
    "label of a flow": "labels of flows",
    "message between processes": "messages between processes",
    "repeated task": "repeated tasks",
    "event sub-process": "event sub-processes",
    "task that no start leads to": "tasks that no start leads to",
    "task that repeats itself": "tasks that repeat themselves",
}
