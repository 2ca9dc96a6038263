# pyright: basic
"""The other door to pm4py: paths held against a process model that came as BPMN or PNML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

from processminer.engines.petri import quiet
from processminer.errors import EngineError
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Model:
    """A process model as its file has it, and how its ends are to be taken."""

    text: str
    kind: Literal["bpmn", "pnml"]
    won: frozenset[str]
    """Labels that mean that a deal was won: passed through without being part of a path."""
    lost: frozenset[str]
    """Labels that mean that it was lost: no way to a win leads over them."""
    steps: tuple[str, ...] = ()
    """Its labels in the order of the file, in which moves on model are told that nothing else orders."""


Step = tuple[Literal["sync", "log", "model"], str]
"""A move of an alignment, with its activity."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The cheapest explanation of a path by a model, each move on log or on model at a cost of 1."""

    cost: int
    steps: tuple[Step, ...]


Undecided = Literal["time", "no run"]
"""Why there is no explanation: the time was up, or no run of the model comes to its end."""


def align_to_model(
    model: Model, asked: Sequence[tuple[tuple[str, ...], bool]], seconds: float, processes: int = 1
) -> list[Fit | Undecided]:
    """Return for each path an optimal alignment, in the order given; a path comes with whether it may stop anywhere.

    Labels are those of `label_key`. Silent steps cost nothing. Of equally cheap alignments the one with the fewest
    moves on log is told, those as late as can be. Each path has `seconds`. More than one process is begun afresh, as
    every system allows; what they find comes in the order of the paths. Raises EngineError for a model that pm4py
    cannot make a net of.
    """
    if processes <= 1 or len(asked) < WORTH_A_PROCESS * 2:
        return _aligned(model, asked, seconds)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    parts = [list(asked[first : first + PORTION]) for first in range(0, len(asked), PORTION)]
    # A copy of this process could inherit a lock that another thread of DuckDB holds: begin afresh.
    with ProcessPoolExecutor(min(processes, len(parts)), mp_context=get_context("spawn")) as pool:
        found = pool.map(_aligned, [model] * len(parts), parts, [seconds] * len(parts))
        return [one for part in found for one in part]


WORTH_A_PROCESS = 250
"""Paths that take about as long as it takes to begin another process and import pm4py there."""

PORTION = 50
"""Paths that a process takes at a time: few enough that none waits long for the slowest."""

LATE = 2**20
"""What it weighs that a move on log stands a step earlier; the labels of all moves on model weigh less."""

SURPLUS = 2**44
"""What it weighs that a move is one on log; the places of all of them weigh less."""

MOVE = 2**64
"""What a move weighs; all that decides between equally cheap alignments weighs less."""


def label_key(label: str) -> str:
    """Return a label without what models vary by accident: case, and the line breaks of a drawing."""
    return fold(label)


def _aligned(model: Model, asked: Sequence[tuple[tuple[str, ...], bool]], seconds: float) -> list[Fit | Undecided]:
    with quiet():
        nets: dict[bool, Any] = {}
        found: list[Fit | Undecided] = []
        order = {label_key(label): place for place, label in enumerate(model.steps)}
        for path, may_stop in asked:
            if may_stop not in nets:
                nets[may_stop] = _net(model, may_stop=may_stop)
            found.append(_fit(path, nets[may_stop], seconds, order))
    return found


def _net(model: Model, *, may_stop: bool) -> tuple[Any, Any, Any]:
    """Return the net of a model with its first and its last marking.

    Where a path may stop, every place may be emptied at no cost, and the last marking is empty: to lose tokens never
    allows a step that was not allowed before (a net is monotone), so that what is accepted is what some run begins
    with.
    """
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to, remove_transition

    net, first, last = _read_net(model)
    for transition in sorted(net.transitions, key=lambda one: str(one.name)):
        label = None if transition.label is None else label_key(str(transition.label))
        transition.label = None if label in model.won or not label else label
        if label in model.lost or (may_stop and label in model.won):
            net = remove_transition(net, transition)
    if may_stop:
        last = Marking()
        for place in sorted(net.places, key=lambda one: str(one.name)):
            stop = PetriNet.Transition(f"stop at {place.name}", None)
            net.transitions.add(stop)
            add_arc_from_to(place, stop, net)
    return net, first, last


def _read_net(model: Model) -> tuple[Any, Any, Any]:
    """Return what pm4py makes of a model's text; the ends of a BPMN process bear their names."""
    try:
        if model.kind == "pnml":
            from pm4py.objects.petri_net.importer.variants import pnml

            net, first, last = pnml.import_net_from_string(model.text.encode())
            return net, first, last
        from pm4py.objects.bpmn.importer.variants import lxml
        from pm4py.objects.bpmn.obj import BPMN
        from pm4py.objects.conversion.bpmn.variants.to_petri_net import Parameters, apply
        from pm4py.objects.petri_net.utils.reduction import apply_simple_reduction

        graph: Any = lxml.import_from_string(model.text.encode())
        net, first, last = apply(graph, parameters={Parameters.ENABLE_REDUCTION: False})
        ends = {node.get_id(): node.get_name() for node in graph.get_nodes() if isinstance(node, BPMN.EndEvent)}
        for transition in net.transitions:
            transition.label = ends.get(transition.name, transition.label)
        # Every flow is a silent step of its own: those of a parallel gateway alone would be a million states.
        net = apply_simple_reduction(net)
    except Exception as error:
        # pm4py has no errors of its own: what it cannot read fails somewhere within.
        why = (str(error).splitlines() or [type(error).__name__])[0]
        message = f"pm4py can make no net of this model ({type(error).__name__}: {why})."
        raise EngineError(message) from error
    return net, first, last


def _fit(path: tuple[str, ...], net: tuple[Any, Any, Any], seconds: float, order: Mapping[str, int]) -> Fit | Undecided:
    from time import monotonic

    from pm4py.algo.conformance.alignments.petri_net import algorithm
    from pm4py.algo.conformance.alignments.petri_net.variants.dijkstra_no_heuristics import Parameters
    from pm4py.objects.log.obj import Event, Trace

    steps = [label_key(label) for label in path]
    log_costs = [MOVE + SURPLUS + LATE * (len(path) - place) for place in range(len(path))]
    model_costs = {one: 0 if one.label is None else MOVE + _rank(one.label) for one in net[0].transitions}
    settings: Any = {
        Parameters.PARAM_TRACE_COST_FUNCTION: log_costs,
        Parameters.PARAM_MODEL_COST_FUNCTION: model_costs,
        Parameters.PARAM_SYNC_COST_FUNCTION: dict.fromkeys(net[0].transitions, 0),
        Parameters.PARAM_MAX_ALIGN_TIME_TRACE: seconds,
    }
    began = monotonic()
    trace = Trace([Event({"concept:name": step}) for step in steps])
    # Its A* found no alignment for a path that has one, and takes twice the time on nets of stages.
    plain = algorithm.Variants.VERSION_DIJKSTRA_NO_HEURISTICS
    found: Any = algorithm.apply_trace(trace, *net, variant=plain, parameters=settings)
    if found is None:
        return "time" if monotonic() - began >= seconds else "no run"
    return _told_fit(path, found["alignment"], order)


def _rank(label: str) -> int:
    """Return a small number that tells labels apart, the same in every run, so that equal ways do not depend on it."""
    return crc32(label.encode()) % 1024


def _told_fit(path: tuple[str, ...], moves: Sequence[tuple[str | None, str | None]], order: Mapping[str, int]) -> Fit:
    """Return an alignment with the path's own words where it has them; silent steps are not told.

    Between two synchronous moves those on log are told first, then those on model by the model's file: pm4py's own
    order differs from run to run.
    """
    onward = iter(path)
    steps: list[Step] = []
    gap: list[str] = []
    for logged, modelled in moves:
        if logged == SKIP:
            gap += [modelled] if modelled is not None else []
        elif modelled == SKIP:
            steps.append(("log", next(onward)))
        else:
            steps += [*_in_order(gap, order), ("sync", next(onward))]
            gap = []
    steps += _in_order(gap, order)
    return Fit(sum(kind != "sync" for kind, _ in steps), tuple(steps))


def _in_order(labels: list[str], order: Mapping[str, int]) -> list[Step]:
    return [("model", label) for label in sorted(labels, key=lambda label: (order.get(label, len(order)), label))]


SKIP = ">>"
"""How pm4py writes that one side does not move."""
