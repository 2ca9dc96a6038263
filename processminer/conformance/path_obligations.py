"""What is asked of the paths themselves: where deals begin, the required stages, how often they may be in one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from processminer.conformance.breaches import Breach
from processminer.conformance.conformance import Obligation
from processminer.playbook.lines import line_of
from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.automaton import Automaton
    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.deviations import Told
    from processminer.playbook.model import Playbook


def path_obligations(told: Sequence[Told], automaton: Automaton, playbook: Playbook, text: str) -> Iterator[Obligation]:
    """Yield how deals stand to what is asked of paths: each required stage, where to begin, how often to come."""
    yield from stage_obligations(told, automaton, text)
    yield _start_obligation(told, automaton, playbook, text)
    for stage in playbook.stages:
        if stage.max_visits is not None:
            yield _visits_obligation(stage.name, told, text)


def stage_obligations(told: Sequence[Told], automaton: Automaton, text: str) -> tuple[Obligation, ...]:
    """Return for each required stage how the deals with a path stand to it, in the playbook's order.

    Kept: been there, and not past it before. Broken: skipped it. Pending: open, and not yet as far. Deals that ended
    before it, began behind it, or went round it by an allowed way owe it nothing and are not counted.
    """
    return tuple(_stage_obligation(stage, told, automaton, text) for stage in automaton.required)


def _stage_obligation(stage: str, told: Sequence[Told], automaton: Automaton, text: str) -> Obligation:
    skipped = Breach("skipped", stage, stage)
    counted: Counter[str] = Counter()
    for each in told:
        path = each.alignment.path
        last = next((automaton.state[name] for name in reversed(path) if name in automaton.state), 0)
        if skipped in each.breaches:
            counted["broken"] += each.deals
        elif stage in path:
            counted["kept"] += each.deals
        elif each.alignment.ending == "open" and last < automaton.state[stage]:
            counted["pending"] += each.deals
    return _obligation("path", stage, stage, counted, line_of(text, ("stages", stage)))


def _start_obligation(told: Sequence[Told], automaton: Automaton, playbook: Playbook, text: str) -> Obligation:
    """Return how many deals with a declared stage began where deals may."""
    starts = allowed_moves(playbook).starts
    counted: Counter[str] = Counter()
    for each in told:
        late = any(breach.kind == "started-late" for breach in each.breaches)
        if any(stage in automaton.state for stage in each.alignment.path):
            counted["broken" if late else "kept"] += each.deals
    first = [stage.name for stage in playbook.stages if stage.name in starts]
    return _obligation("start", " or ".join(first), None, counted, line_of(text, ("stages", *first[:1])))


def _visits_obligation(stage: str, told: Sequence[Told], text: str) -> Obligation:
    """Return how many of the deals that were in a stage were there too often; an open one may still come back."""
    too_many = Breach("too-many-visits", stage, stage)
    counted: Counter[str] = Counter()
    for each in told:
        if too_many in each.breaches:
            counted["broken"] += each.deals
        elif stage in each.alignment.path:
            counted["pending" if each.alignment.ending == "open" else "kept"] += each.deals
    return _obligation("visits", stage, stage, counted, line_of(text, ("stages", stage, "max_visits")))


def _obligation(
    kind: ObligationKind, subject: str, stage: str | None, counted: Counter[str], line: int | None
) -> Obligation:
    return Obligation(
        kind=kind,
        subject=subject,
        stage=stage,
        kept=counted["kept"],
        broken=counted["broken"],
        pending=counted["pending"],
        unchecked=0,
        needs=None,
        line=line,
    )
