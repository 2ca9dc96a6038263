"""What a Petri net accepts, found by firing its transitions, as pm4py defines that."""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

Word = tuple[str, ...]


def read_pnml(text: str) -> tuple[Any, Any, Any]:
    """Return the net, the initial and the final marking that pm4py reads from a PNML text."""
    import pm4py

    return _read(text, ".pnml", pm4py.read_pnml)


def read_bpmn(text: str) -> tuple[Any, Any, Any]:
    """Return the net that pm4py makes of a BPMN text; its ends are visible by their ids, its gateways are not."""
    import pm4py
    from pm4py.objects.bpmn.obj import BPMN
    from pm4py.objects.conversion.bpmn.variants.to_petri_net import Parameters, apply

    graph = _read(text, ".bpmn", pm4py.read_bpmn)
    net, first, last = apply(graph, parameters={Parameters.ENABLE_REDUCTION: False})
    ends = {node.get_id() for node in graph.get_nodes() if isinstance(node, BPMN.EndEvent)}
    for transition in net.transitions:
        if transition.name in ends:
            transition.label = transition.name
    return net, first, last


def _read(text: str, ending: str, reader: Any) -> Any:
    handle, name = tempfile.mkstemp(ending)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return reader(name)
    finally:
        Path(name).unlink()


def language(net: Any, first: Any, last: Any, longest: int) -> set[Word]:
    """Return every sequence of labels up to a length that leads from the first marking to the last."""
    from pm4py.objects.petri_net.semantics import enabled_transitions, execute

    seen = {((), first)}
    ahead = [((), first)]
    words: set[Word] = set()
    while ahead:
        word, marking = ahead.pop()
        if marking == last:
            words.add(word)
        for transition in enabled_transitions(net, marking):
            longer = word if transition.label is None else (*word, transition.label)
            found = (longer, execute(transition, net, marking))
            if len(longer) <= longest and found not in seen:
                seen.add(found)
                ahead.append(found)
    return words
