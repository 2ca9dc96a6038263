"""Accepted deviations set apart: what they excuse, whom, and until when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from processminer.conformance.accepted.queries import rows, run
from processminer.conformance.measured import Acceptance
from processminer.conformance.merged import OWED
from processminer.conformance.queries import put
from processminer.conformance.queries import rows as conformance_rows
from processminer.conformance.sentences import of_deals
from processminer.playbook.lines import line_of
from processminer.statistics.proportions import wilson
from processminer.words import fold, say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.conformance.conformance import Conformance, Deviation, Obligation
    from processminer.engines.relations import Relations, Row
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.upkeep import Acceptance as Asked
    from processminer.playbook.parts.upkeep import DeviationKind

Key = tuple[str, str, str | None]


def accept(found: Conformance, log: EventLog, playbook: Playbook, text: str) -> Conformance:
    """Return what was found with what the playbook accepts set apart; the newest version's word holds for all deals.

    A deviation of a deal is excused where an acceptance of its kind and subject is for that deal and its last day has
    not passed at `as_of`. Excused deals are counted in `accepted`, of a deviation and of the rule that it breaks,
    and in neither `deals`, `broken` nor `reached`. A deal that broke nothing else keeps to the playbook, or is pending.
    `fitness` stays that of the paths as they were walked; `fitness_accepted` is the mean after each path's cost was
    shared equally by what it breaks and the accepted shares were forgiven. Makes `every_deviation`, `excused(deal,
    kind, subject, stage, acceptance)` and the view `deal_fitness(deal, verdict, fitness)`; `deal_deviations` and
    `deal_verdicts` then leave out what is accepted.
    """
    relations = log.relations
    run(relations, "every_deviation")
    if not playbook.accepted:
        run(relations, "nothing_excused")
        run(relations, "deal_fitness")
        return found
    unknown = _put(log, playbook.accepted, found)
    for made in ("accepted_matches", "excused", "deal_fitness", "counted_deviations"):
        run(relations, made)
    run(relations, "settled_verdicts")
    return _settled(found, relations, _told(playbook.accepted, log, unknown, text))


def _settled(found: Conformance, relations: Relations, told: tuple[Acceptance, ...]) -> Conformance:
    verdicts = {str(verdict): int(deals) for verdict, deals in conformance_rows(relations, "verdict_counts")}
    ((mean,),) = relations.rows("SELECT avg(fitness ORDER BY deal) FROM deal_fitness")
    apart: dict[Key, Row] = {
        (kind, subject, stage): tuple(counts) for kind, subject, stage, *counts in rows(relations, "excused_counts")
    }
    before = found.deals_violating
    deviations = [_without(one, apart.get((one.kind, one.subject, one.stage))) for one in found.deviations]
    return replace(
        found,
        fitness_accepted=found.fitness if mean is None else mean,
        deals_conforming=verdicts.get("conforming", 0),
        deals_violating=verdicts.get("violating", 0),
        deals_pending=verdicts.get("pending", 0),
        deals_accepted=before - verdicts.get("violating", 0),
        deviations=tuple(
            sorted(
                (one for one in deviations if one.deals),
                key=lambda one: (-one.deals, one.kind, one.stage or "", one.subject),
            )
        ),
        obligations=tuple(_excused_of(one, apart) for one in found.obligations),
        accepted=told,
    )


def _without(deviation: Deviation, counts: Row | None) -> Deviation:
    """Return a deviation without the deals that are excused of it."""
    if counts is None:
        return deviation
    accepted, deals, won, lost, still, examples = counts
    reached = deviation.reached - accepted
    before = of_deals(deviation.deals, deviation.reached)
    excused = say_count(accepted, "more deal is", "more deals are")
    sentence = f"{deviation.sentence} Of these, {accepted:,} {_are(accepted)} accepted and not counted."
    if deals and deviation.sentence.startswith(before):
        said = of_deals(deals, reached) + deviation.sentence.removeprefix(before)
        sentence = f"{said} {excused} accepted."
    return replace(
        deviation,
        deals=deals,
        reached=reached,
        share=wilson(deals, reached),
        won=won,
        lost=lost,
        open=still,
        examples=tuple(examples),
        sentence=sentence,
        accepted=accepted,
    )


def _excused_of(obligation: Obligation, apart: Mapping[Key, Row]) -> Obligation:
    accepted = sum(counts[0] for key, counts in apart.items() if _breaks(key, obligation))
    return replace(obligation, broken=obligation.broken - accepted, accepted=accepted) if accepted else obligation


def _breaks(key: Key, obligation: Obligation) -> bool:
    """Tell whether a deviation is that of breaking a rule; where deals may begin is one rule for all stages."""
    kind, subject, stage = key
    if OWED.get(cast("DeviationKind", kind)) != obligation.kind:
        return False
    return obligation.kind == "start" or (subject, stage) == (obligation.subject, obligation.stage)


def _put(log: EventLog, asked: Sequence[Asked], found: Conformance) -> Mapping[int, tuple[str, ...]]:
    """Make the small tables of what is accepted; return by acceptance the attributes that the log does not know."""
    relations, day = log.relations, log.as_of.date()
    put(
        relations,
        "acceptances",
        {"acceptance": "INTEGER", "asks": "INTEGER", "expired": "BOOLEAN"},
        [(at, len(one.where), one.until is not None and one.until < day) for at, one in enumerate(asked)],
    )
    put(
        relations,
        "acceptance_kinds",
        {"acceptance": "INTEGER", "kind": "VARCHAR", "subject": "VARCHAR"},
        sorted(
            {
                (at, one.kind, one.subject)
                for at, acceptance in enumerate(asked)
                for one in found.deviations
                if (one.kind, fold(one.subject)) == (acceptance.deviation, fold(acceptance.subject))
            }
        ),
    )
    values = rows(relations, "attribute_values") if any(one.where for one in asked) else []
    known = {fold(attribute) for attribute, _ in values}
    meant = [
        (at, place, attribute, value)
        for at, one in enumerate(asked)
        for place, (name, wanted) in enumerate(one.where.items())
        for attribute, value in values
        if fold(attribute) == fold(name) and fold(value) in {fold(each) for each in wanted}
    ]
    types = {"acceptance": "INTEGER", "asked": "INTEGER", "attribute": "VARCHAR", "value": "VARCHAR"}
    put(relations, "acceptance_values", types, meant)
    return {at: tuple(name for name in one.where if fold(name) not in known) for at, one in enumerate(asked)}


def _told(
    asked: Sequence[Asked], log: EventLog, unknown: Mapping[int, tuple[str, ...]], text: str
) -> tuple[Acceptance, ...]:
    counts = {at: (matches, deals) for at, matches, deals in rows(log.relations, "acceptance_counts")}
    return tuple(
        Acceptance(
            kind=one.deviation,
            subject=one.subject,
            because=one.because,
            until=one.until,
            where="; ".join(f"{name} {say_list(values, 9)}" for name, values in one.where.items()),
            deals=counts[at][1],
            expired=one.until is not None and one.until < log.as_of.date(),
            matches=counts[at][0],
            unknown=unknown[at],
            line=line_of(text, ("accepted", one.subject)),
        )
        for at, one in enumerate(asked)
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
