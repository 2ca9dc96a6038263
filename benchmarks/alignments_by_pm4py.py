# pyright: basic
"""What it costs to explain won paths by the playbook, as the quickest of pm4py's exact aligners finds it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pm4py.algo.conformance.alignments.petri_net import algorithm
from pm4py.objects.log.obj import Event, Trace
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

from benchmarks.alignments_by_processminer import PLAYBOOK
from processminer.playbook.moves import allowed_moves
from processminer.playbook.read import read_playbook

if TYPE_CHECKING:
    from pathlib import Path

MOVE = 10_000
"""What pm4py charges for a move; a silent one costs it 1."""


def measure(path: Path) -> dict[str, Any]:
    """Return the same costs as the other tools."""
    net = _net()
    aligner = algorithm.Variants.VERSION_DIJKSTRA_LESS_MEMORY
    told: list[Any] = [
        algorithm.apply_trace(Trace([Event({"concept:name": stage}) for stage in stages]), *net, variant=aligner)
        for stages in json.loads(path.read_text())
    ]
    return {"costs": [one["cost"] // MOVE for one in told]}


def _net() -> tuple[PetriNet, Marking, Marking]:
    """Return the playbook as a net with a place for each stage that a deal may be in."""
    playbook = read_playbook(PLAYBOOK)
    moves = allowed_moves(playbook)
    net = PetriNet("playbook")
    places = {name: PetriNet.Place(name) for name in ("start", *playbook.names, "won")}
    net.places.update(places.values())
    labelled: list[tuple[str, str, str | None]] = [("start", stage, stage) for stage in sorted(moves.starts)]
    labelled += [(source, target, target) for source, target in sorted(moves.between)]
    labelled += [(stage, "won", None) for stage in sorted(moves.wins)]
    for source, target, label in labelled:
        transition = PetriNet.Transition(f"{source} to {target}", label)
        net.transitions.add(transition)
        add_arc_from_to(places[source], transition, net)
        add_arc_from_to(transition, places[target], net)
    return net, Marking({places["start"]: 1}), Marking({places["won"]: 1})
