"""Hand-overs: how soon the role that takes a deal over shows that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from processminer.conformance.queries import put
from processminer.conformance.rules.owners import put_holders, who_is_needed
from processminer.conformance.rules.rule import Rule, micros, own, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.rules.asked import Asked
    from processminer.log.eventlog import EventLog
    from processminer.playbook.parts.roles import Handover
    from processminer.playbook.parts.upkeep import DeviationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Rule):
    """A hand-over with a time limit.

    It concerns deals that entered the stage, or were won, from the first such moment on; one that closed within the
    limit without having been taken owes nothing any more. It is kept if within the limit the deal had an owner of
    the taking role, or somebody of that role did something for it, or an activity happened that shows it; pending
    while there is still time. A limit that ends without hours is the whole day. The remark marks deals that have not
    been taken to this day. Deals are unchecked where the log can show none of these signs, or where an owner in that
    time has no known role and no activity could have shown it. Hand-overs without a limit are no rules.
    """

    kind: ClassVar[ObligationKind] = "handover"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("late-handover",)
    reads: ClassVar[frozenset[str]] = frozenset({"rule_stays", "closings"})

    handover: Handover
    days: float
    at_win: bool
    tracked: bool
    """Whether the log tells who owned deals when."""
    people: frozenset[str]
    labels: tuple[str, ...]


def transfers_of(asked: Asked) -> Iterator[Transfer]:
    """Yield the hand-overs that have a limit; those after the win belong to no stage."""
    places = {stage.name: place for place, stage in enumerate(asked.playbook.stages, start=1)}
    for handover in asked.playbook.handovers:
        if handover.within is not None:
            people = asked.roles.of(handover.taker)
            labels = asked.labels(handover.seen_as)
            yield Transfer(
                subject=f"{handover.giver} -> {handover.taker}",
                stage=handover.entering,
                place=places.get(handover.entering, asked.beyond),
                path=("handovers", handover.entering),
                needs=None if labels else _needs(handover, people, asked),
                handover=handover,
                days=handover.within,
                at_win=handover.entering not in places,
                tracked=asked.roles.known_history,
                people=people,
                labels=labels,
            )


def _needs(handover: Handover, people: frozenset[str], asked: Asked) -> str:
    who = who_is_needed(handover.taker, people, asked)
    wanted = asked.activities_needed(handover.seen_as) if handover.seen_as else None
    return who if wanted is None else f"{wanted}, or {who}"


def hold_transfers(rules: Sequence[Rule], log: EventLog) -> None:
    """Add to `rule_verdicts` how deals stand to the hand-overs that have a limit."""
    transfers = own(rules, Transfer)
    if transfers:
        put(
            log.relations,
            "handover_rules",
            {
                "rule": "INTEGER",
                "place": "SMALLINT",
                "most": "BIGINT",
                "at_win": "BOOLEAN",
                "checkable": "BOOLEAN",
                "shown": "BOOLEAN",
            },
            [
                (at, one.place, micros(one.days), one.at_win, bool(one.people or one.labels), bool(one.labels))
                for at, one in transfers
            ],
        )
        put_holders(log, [(at, person) for at, one in transfers for person in sorted(one.people)], "handover_people")
        put(
            log.relations,
            "handover_labels",
            {"rule": "INTEGER", "label": "VARCHAR"},
            [(at, label) for at, one in transfers for label in one.labels],
        )
        run(log.relations, "handover_taken", {"as_of": log.as_of, "tracked": any(one.tracked for _, one in transfers)})
