"""What several versions of a playbook found, each among its own deals, as one."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from processminer.conformance.conformance import OverLimit
from processminer.playbook.lines import line_of
from processminer.playbook.moves import allowed_moves
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.conformance.conformance import Alignment, Conformance, Deviation, Obligation, ObligationKind
    from processminer.conformance.walks import Walk
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.upkeep import DeviationKind

EXAMPLES = 5
"""Deals that are named of each deviation."""

MOST_TOLD = 20
"""Open deals over a limit that are named."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A version, what it found, and the walks of the deals that it judged."""

    playbook: Playbook
    text: str
    found: Conformance
    walks: tuple[Walk, ...]

    @property
    def deals(self) -> int:
        """Deals with a verdict."""
        return self.found.deals_conforming + self.found.deals_violating + self.found.deals_pending


def merged(versions: Sequence[Judged]) -> Conformance:
    """Return the findings of all versions as one; `versions` are given newest first.

    Deals add up, fitness is their mean. What the newest version knows is told as by the newest, with its line.
    """
    newest = versions[0].found
    deals = sum(each.deals for each in versions)
    fitness = math.fsum(each.deals * each.found.fitness for each in versions) / deals if deals else 1.0
    return replace(
        newest,
        fitness=fitness,
        deals_conforming=sum(each.found.deals_conforming for each in versions),
        deals_violating=sum(each.found.deals_violating for each in versions),
        deals_pending=sum(each.found.deals_pending for each in versions),
        deviations=_deviations(versions),
        obligations=_obligations(versions),
        alignments=_alignments(versions),
        over_limit=_over_limit([each.found.over_limit for each in versions]),
    )


OWED: Mapping[DeviationKind, ObligationKind] = {
    "skipped": "path",
    "started-late": "start",
    "too-many-visits": "visits",
    "over-time": "time-limit",
    "task-missing": "task",
    "task-late": "task",
    "entry-criterion-missing": "entry-criterion",
    "criterion-missing": "exit-criterion",
    "wrong-owner": "owner",
    "late-handover": "handover",
    "too-long-silent": "silence",
    "too-few-contacts": "contacts",
    "service-late": "service",
    "no-loss-reason": "loss-reason",
}
"""The rule whose breaking a deviation is; the others are about moves, which are allowed or not."""


def _deviations(versions: Sequence[Judged]) -> tuple[Deviation, ...]:
    """Return each deviation once, the most frequent first; its sentence says what each version says."""
    found: defaultdict[tuple[str, str, str], list[tuple[int, Deviation]]] = defaultdict(list)
    for at, each in enumerate(versions):
        for one in each.found.deviations:
            found[one.kind, one.subject, one.stage or ""].append((at, one))
    told = [_one_deviation(those, versions) for those in found.values()]
    return tuple(sorted(told, key=lambda one: (-one.deals, one.kind, one.stage or "", one.subject)))


def _one_deviation(those: Sequence[tuple[int, Deviation]], versions: Sequence[Judged]) -> Deviation:
    told = dict(those)
    one = those[0][1]
    deals = sum(each.deals for each in told.values())
    reached = sum(told[at].reached if at in told else could_have(one, each) for at, each in enumerate(versions))
    first = next(at for at, each in enumerate(versions) if at in told or forbids(one, each))
    sentences = [f"By version {versions[at].playbook.version}: {each.sentence}" for at, each in those]
    return replace(
        one,
        deals=deals,
        reached=reached,
        share=wilson(deals, reached),
        won=sum(each.won for each in told.values()),
        lost=sum(each.lost for each in told.values()),
        open=sum(each.open for each in told.values()),
        examples=tuple(sorted(name for each in told.values() for name in each.examples)[:EXAMPLES]),
        sentence=one.sentence if set(told) == {0} else " ".join(sentences),
        line=told[first].line if first in told else _line(one, versions[first]),
        version=versions[first].playbook.version if first else None,
    )


def could_have(deviation: Deviation, judged: Judged) -> int:
    """Return how many deals of a version could have deviated in this way, though none did."""
    if not forbids(deviation, judged):
        return 0
    if deviation.kind in OWED:
        return sum(one.kept + one.broken for one in _owed(deviation, judged))
    if deviation.stage is None:
        return judged.deals
    return sum(walk.deals for walk in judged.walks if deviation.stage in walk.path)


def forbids(deviation: Deviation, judged: Judged) -> bool:
    """Tell whether a version forbids what a deviation is: by a rule, by a move, or by not knowing a stage."""
    if deviation.kind in OWED:
        return bool(_owed(deviation, judged))
    if deviation.stage is None:
        return deviation.subject not in judged.playbook.names
    stage = judged.playbook.stage(deviation.stage)
    if stage is None:
        return False
    if deviation.kind == "not-repeated":
        return not stage.optional
    moves = allowed_moves(judged.playbook)
    target = deviation.subject.removeprefix(f"{stage.name} -> ")
    if target not in judged.playbook.names:
        return target in judged.playbook.outcomes.won and stage.name not in moves.wins
    return (stage.name, target) not in moves.between


def _owed(deviation: Deviation, judged: Judged) -> list[Obligation]:
    """Return the rule of a version whose breaking the deviation is, if it has that rule."""
    same = (OWED[deviation.kind], deviation.subject, deviation.stage)
    return [one for one in judged.found.obligations if (one.kind, one.subject, one.stage) == same]


def _line(deviation: Deviation, judged: Judged) -> int | None:
    if deviation.kind in OWED:
        return next((one.line for one in _owed(deviation, judged)), None)
    return None if deviation.stage is None else line_of(judged.text, ("stages", deviation.stage))


def _obligations(versions: Sequence[Judged]) -> tuple[Obligation, ...]:
    """Return each rule once, those of the newest version first, with the deals of all versions that have it."""
    found: defaultdict[tuple[str, str, str], list[tuple[int, Obligation]]] = defaultdict(list)
    for at, each in enumerate(versions):
        for one in each.found.obligations:
            found[one.kind, one.subject, one.stage or ""].append((at, one))
    return tuple(
        replace(
            those[0][1],
            kept=sum(one.kept for _, one in those),
            broken=sum(one.broken for _, one in those),
            pending=sum(one.pending for _, one in those),
            unchecked=sum(one.unchecked for _, one in those),
            warned=sum(one.warned for _, one in those),
            now=sum(one.now for _, one in those),
            needs=next((one.needs for _, one in those if one.needs is not None), None),
            version=versions[those[0][0]].playbook.version if those[0][0] else None,
        )
        for those in found.values()
    )


def _alignments(versions: Sequence[Judged]) -> tuple[Alignment, ...]:
    """Return one alignment a path and ending, the newest version's that judged it, the costliest first."""
    newest: dict[tuple[tuple[str, ...], str], Alignment] = {}
    for each in versions:
        for alignment in each.found.alignments:
            newest.setdefault((alignment.path, alignment.ending), alignment)
    return tuple(sorted(newest.values(), key=lambda one: -one.cost))


def _over_limit(parts: Sequence[OverLimit]) -> OverLimit:
    """Return the open deals over a limit by any version; what they are worth only where it is known in one currency."""
    some = [part for part in parts if part.deals]
    amounts = [part.amount for part in some if part.amount is not None]
    known = len(amounts) == len(some) and len({part.currency for part in some}) == 1
    longest = sorted((one for part in some for one in part.longest), key=lambda one: (-one.days_over, one.deal))
    return OverLimit(
        deals=sum(part.deals for part in some),
        amount=math.fsum(amounts) if known else None,
        currency=some[0].currency if known else None,
        longest=tuple(longest[:MOST_TOLD]),
    )


def of_newest(found: Conformance) -> Conformance:
    """Return what was found without what only an older version says: no ground to change the newest."""
    return replace(
        found,
        deviations=tuple(one for one in found.deviations if one.version is None),
        obligations=tuple(one for one in found.obligations if one.version is None),
    )
