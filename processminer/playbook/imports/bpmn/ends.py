"""What the ends of a BPMN process mean for a deal: won or lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.playbook.imports.outcomes import Outcome, outcome_of_end
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.playbook.imports.bpmn.elements import Process
    from processminer.playbook.imports.bpmn.ways import Ways


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends that deals can come to, by the ids of their nodes."""

    names: dict[str, str]
    meant: dict[str, Outcome]
    unsure: tuple[str, ...]
    """Ends whose name does not tell the outcome."""

    def called(self, outcome: Outcome) -> tuple[str, ...]:
        """Return the names of the ends of this outcome."""
        named = (self.names[end] for end, said in self.meant.items() if said == outcome)
        return tuple(dict.fromkeys(name for name in named if name))

    def stages(self, ways: Ways, outcome: Outcome) -> set[str]:
        """Return the stages that such an end may follow."""
        return {stage for stage, ends in ways.ends.items() if any(self.meant[end] == outcome for end in ends)}


def ends_of(process: Process, ways: Ways) -> Ends:
    """Return what the ends mean: by their names; one whose name does not tell is the win where no other end is it."""
    met = dict.fromkeys(end for ends in ways.ends.values() for end in ends)
    names = {end: process.nodes[end].name if end else "" for end in met}
    told: dict[str, Outcome | None] = {end: outcome_of_end(name) for end, name in names.items()}
    usual: Outcome = "lost" if "won" in told.values() else "won"
    meant: dict[str, Outcome] = {end: usual if outcome is None else outcome for end, outcome in told.items()}
    return Ends(names, meant, tuple(end for end, outcome in told.items() if outcome is None))


def told_of(ends: Ends, ways: Ways, stages: dict[str, str]) -> Iterator[str]:
    """Say what was taken for granted of the ends; `stages` are the names of stages by their ids, in order."""
    for end in ends.unsure:
        told = f"The end {ends.names[end]!r}" if ends.names[end] else "An end without a name"
        yield f"{told} is taken for {ends.meant[end]}: check it under 'outcomes'."
    if not ends.stages(ways, "won"):
        yield "No end is a win: check from which stages a deal may be won."
    losing = ends.stages(ways, "lost")
    if losing and len(losing) < len(stages):
        named = say_list((repr(name) for key, name in stages.items() if key in losing), len(stages))
        yield f"The model has deals lost after {named} only; by a playbook they may be lost from any stage."
