"""The cycle after the win: whether each service stage begins soon enough after what sets it off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from processminer.conformance.queries import put
from processminer.conformance.rules.rule import Rule, micros, own, run
from processminer.log.names import fold
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.rules.asked import Asked
    from processminer.log.eventlog import EventLog
    from processminer.playbook.parts.stages import ServiceStage
    from processminer.playbook.parts.upkeep import DeviationKind

Trigger = tuple[str, int | None, tuple[int, ...]]
"""What sets a service stage off: won, lost, stage, service or none; that stage's place; the stages of the losses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning(Rule):
    """A service stage, and how soon it begins after what sets it off.

    It concerns deals that were won or lost, or came to the stage or service stage, that sets it off, from the first
    such moment on. It has begun when the deal enters a stage of its name, or an activity happens that shows it. It is
    kept if it began within the limit, pending while there is time; a limit that ends without hours is the whole day.
    The remark marks deals for which it has not begun to this day. Without a limit it is no rule, but rules beside it
    (its own time limit, tasks, what it sets off itself) count from its beginning. Where the log never names it, deals
    are unchecked; deals that only a service stage could have set off are then not known and not counted.
    """

    kind: ClassVar[ObligationKind] = "service"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("service-late",)
    reads: ClassVar[frozenset[str]] = frozenset({"rule_stays", "closings"})

    days: float
    checkable: bool
    set_off: str
    """What deals did that set it off, as `were won`."""


def beginnings_of(asked: Asked) -> Iterator[Beginning]:
    """Yield the service stages that have to begin within a time."""
    first = len(asked.playbook.stages) + 1
    for place, service in enumerate(asked.playbook.service, start=first):
        if service.within is not None and service.begins_at is not None:
            checkable = bool(_codes(service, asked.log) or asked.labels(service.seen_as))
            yield Beginning(
                subject=service.name,
                stage=service.name,
                place=place,
                path=("service", service.name),
                needs=None if checkable else _needs(service),
                days=service.within,
                checkable=checkable,
                set_off=_said(service.begins_at, asked),
            )


def _said(begins_at: str, asked: Asked) -> str:
    outcomes = asked.playbook.outcomes
    ended = "were won" if begins_at in outcomes.won else f"ended in {begins_at}"
    return ended if begins_at in (*outcomes.won, *outcomes.lost) else f"came to {begins_at}"


def _needs(service: ServiceStage) -> str:
    names = say_list((repr(name) for name in (service.name, *service.aliases)), 10)
    seen = f", or activities called {say_list((repr(name) for name in service.seen_as), 10)}" if service.seen_as else ""
    return f"changes of stage to {names}{seen}"


def find_services(asked: Asked) -> None:
    """Make `service_begun(place, deal, moment, timed, began_at, left_at)`: what set service stages off, and the rest.

    Needs `rule_stays` and `closings`. Each service stage looks at those before it, so they are asked one by one.
    """
    log, playbook = asked.log, asked.playbook
    services = list(enumerate(playbook.service, start=len(playbook.stages) + 1))
    steps = [(place, code) for place, service in services for code in _codes(service, log)]
    labels = [(place, label) for place, service in services for label in asked.labels(service.seen_as)]
    put(log.relations, "service_stages", {"place": "SMALLINT", "code": "SMALLINT"}, steps)
    put(log.relations, "service_labels", {"place": "SMALLINT", "label": "VARCHAR"}, labels)
    run(log.relations, "service_signs")
    types = {"place": "SMALLINT", "deal": "INTEGER", "moment": "TIMESTAMP", "timed": "BOOLEAN"}
    put(log.relations, "service_begun", {**types, "began_at": "TIMESTAMP", "left_at": "TIMESTAMP"}, [])
    for place, service in services:
        kind, source, codes = _trigger(service, asked)
        run(log.relations, "service_begun", {"place": place, "kind": kind, "source": source, "codes": list(codes)})
    run(log.relations, "service_stays")
    run(log.relations, "service_dues")


def sources_of(playbook_names: Sequence[str], services: Sequence[ServiceStage]) -> frozenset[int]:
    """Return the places of the stages that set a service stage off."""
    at = {name: place for place, name in enumerate(playbook_names, start=1)}
    return frozenset(at[service.begins_at] for service in services if service.begins_at in at)


def _trigger(service: ServiceStage, asked: Asked) -> Trigger:
    playbook, begins = asked.playbook, service.begins_at
    names = [*playbook.names, *(one.name for one in playbook.service)]
    if begins is None:
        return "none", None, ()
    if begins in names:
        place = names.index(begins) + 1
        return ("stage" if place <= len(playbook.stages) else "service"), place, ()
    if begins in playbook.outcomes.won:
        return "won", None, ()
    return "lost", None, tuple(code for code, one in enumerate(asked.log.stages) if fold(one.name) == fold(begins))


def _codes(service: ServiceStage, log: EventLog) -> tuple[int, ...]:
    names = {fold(name) for name in (service.name, *service.aliases)}
    return tuple(code for code, stage in enumerate(log.stages) if fold(stage.name) in names)


def hold_beginnings(rules: Sequence[Rule], log: EventLog) -> None:
    """Add to `rule_verdicts` whether service stages began soon enough."""
    beginnings = own(rules, Beginning)
    if beginnings:
        put(
            log.relations,
            "service_rules",
            {"rule": "INTEGER", "place": "SMALLINT", "most": "BIGINT", "checkable": "BOOLEAN"},
            [(at, one.place, micros(one.days), one.checkable) for at, one in beginnings],
        )
        run(log.relations, "service_soon", {"as_of": log.as_of})
