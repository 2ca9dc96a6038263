"""The log held against the playbook: every distinct path explained once, every rule asked once, joined back in SQL."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from processminer.conformance.align import align
from processminer.conformance.automaton import automaton_of
from processminer.conformance.breaches import breaches_of
from processminer.conformance.conformance import Conformance
from processminer.conformance.deviations import (
    Count,
    Held,
    Told,
    breaches_of_rule,
    path_deviation,
    reach_of,
    rule_deviation,
    rule_obligation,
)
from processminer.conformance.measures.moments import put_moments
from processminer.conformance.path_obligations import path_obligations
from processminer.conformance.queries import rows, run
from processminer.conformance.rules.hold import hold
from processminer.conformance.rules.limits import over_now
from processminer.conformance.walks import moves_taken, read_walks
from processminer.playbook.moves import allowed_moves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.align import Ending
    from processminer.conformance.automaton import Automaton
    from processminer.conformance.breaches import Breach
    from processminer.conformance.conformance import Deviation
    from processminer.conformance.walks import Walk
    from processminer.discovery.discovery import Discovery
    from processminer.engines.relations import Relations
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook


def conform(discovery: Discovery, playbook: Playbook, text: str = "") -> Conformance:
    """Return how far deals are from the playbook, and leave a verdict on each in the log's database.

    `text` is what the playbook was read from, for line numbers. A deal is violating if its alignment costs anything or
    it broke a rule beside the path; an open deal that broke nothing is pending; any other is conforming.
    A second call, with another playbook say, replaces the relations of the first.
    """
    log = discovery.log
    walks = read_walks(log, playbook)
    automaton = automaton_of(playbook)
    told = _tell(walks, playbook, automaton)
    held = tuple(Held(rule, standing) for rule, standing in hold(playbook, walks, log))
    path_breaches = sorted(
        {breach for each in told for breach in each.breaches}, key=lambda breach: (breach.kind, breach.subject)
    )
    _put_paths(log.relations, walks, told, [*_put_rule_breaches(log.relations, held), *path_breaches])
    put_moments(log, playbook, walks, told, held, path_breaches)
    for made in ("deal_breaches", "deal_deviations", "deal_verdicts"):
        run(log.relations, made)
    verdicts = {str(verdict): int(deals) for verdict, deals in rows(log.relations, "verdict_counts")}
    declared = _declared_moves(playbook, log)
    return Conformance(
        fitness=_mean_fitness(told),
        deals_conforming=verdicts.get("conforming", 0),
        deals_violating=verdicts.get("violating", 0),
        deals_pending=verdicts.get("pending", 0),
        deviations=_deviations(log.relations, held, path_breaches, told, text),
        obligations=(
            *path_obligations(told, automaton, playbook, text),
            *(rule_obligation(each, text) for each in held),
        ),
        alignments=tuple(each.alignment for each in told),
        declared_moves=declared,
        move_counts=moves_taken(walks, declared),
        over_limit=over_now([each.rule for each in held], log),
    )


def _tell(walks: Sequence[Walk], playbook: Playbook, automaton: Automaton) -> tuple[Told, ...]:
    """Explain each distinct path and ending, the costliest first."""
    deals: Counter[tuple[tuple[str, ...], Ending]] = Counter()
    for walk in walks:
        if walk.path:
            deals[walk.path, walk.ending] += walk.deals
    told = [
        Told(alignment, breaches_of(alignment, automaton), deals[alignment.path, alignment.ending])
        for alignment in align(sorted(deals), playbook)
    ]
    return tuple(sorted(told, key=lambda each: -each.alignment.cost))


def _put_rule_breaches(relations: Relations, held: Sequence[Held]) -> list[Breach]:
    """Make `rule_breaches`: which breach a broken rule is, with a remark and without; return them by their numbers."""
    breaches: list[Breach] = []
    numbered: list[tuple[int, bool, int]] = []
    for number, each in enumerate(held):
        own = breaches_of_rule(each.rule)
        numbered += [(number, remark, len(breaches) + (len(own) - 1) * remark) for remark in (False, True)]
        breaches += own
    columns = ([row[at] for row in numbered] for at in range(3))
    types = {"rule": "INTEGER", "remark": "BOOLEAN", "breach": "INTEGER"}
    relations.put("rule_breaches", dict(zip(types, columns, strict=True)), types)
    return breaches


def _put_paths(relations: Relations, walks: Sequence[Walk], told: Sequence[Told], breaches: Sequence[Breach]) -> None:
    """Make the small tables that carry what was found about paths back to deals."""
    number = {(each.alignment.path, each.alignment.ending): at for at, each in enumerate(told)}
    walked = [(walk.variant, number[walk.path, walk.ending]) for walk in walks if walk.path]
    relations.put(
        "variant_paths",
        {"variant": [variant for variant, _ in walked], "path": [path for _, path in walked]},
        {"variant": "INTEGER", "path": "INTEGER"},
    )
    relations.put(
        "path_costs",
        {
            "path": list(range(len(told))),
            "cost": [each.alignment.cost for each in told],
            "fitness": [each.alignment.fitness for each in told],
        },
        {"path": "INTEGER", "cost": "INTEGER", "fitness": "DOUBLE"},
    )
    relations.put(
        "breaches",
        {
            "breach": list(range(len(breaches))),
            "kind": [breach.kind for breach in breaches],
            "subject": [breach.subject for breach in breaches],
            "stage": [breach.stage for breach in breaches],
        },
        {"breach": "INTEGER", "kind": "VARCHAR", "subject": "VARCHAR", "stage": "VARCHAR"},
    )
    place = {breach: at for at, breach in enumerate(breaches)}
    broken = [(path, at) for path, each in enumerate(told) for at in sorted(place[breach] for breach in each.breaches)]
    relations.put(
        "path_breaches",
        {"path": [path for path, _ in broken], "breach": [breach for _, breach in broken]},
        {"path": "INTEGER", "breach": "INTEGER"},
    )


def _deviations(
    relations: Relations, held: Sequence[Held], path_breaches: Sequence[Breach], told: Sequence[Told], text: str
) -> tuple[Deviation, ...]:
    counts = {
        int(breach): Count(deals, won, lost, opened, tuple(examples))
        for breach, deals, won, lost, opened, examples in rows(relations, "breach_counts")
    }
    broken = [(each, breach) for each in held for breach in breaches_of_rule(each.rule)]
    found = [rule_deviation(*one, counts[at], text) for at, one in enumerate(broken) if at in counts]
    reach = reach_of(told)
    found += [
        path_deviation(breach, counts[at], reach, text) for at, breach in enumerate(path_breaches, start=len(broken))
    ]
    return tuple(sorted(found, key=lambda one: (-one.deals, one.kind, one.stage or "", one.subject)))


def _mean_fitness(told: Sequence[Told]) -> float:
    """Return the mean fitness of deals with a path; 1 if there are none, since then nothing left the playbook."""
    deals = sum(each.deals for each in told)
    return math.fsum(each.deals * each.alignment.fitness for each in told) / deals if deals else 1.0


def _declared_moves(playbook: Playbook, log: EventLog) -> frozenset[tuple[str, str]]:
    moves = allowed_moves(playbook)
    won = [stage.name for stage in log.stages if stage.kind == "won"]
    lost = [stage.name for stage in log.stages if stage.kind == "lost"]
    wins = {(stage, name) for stage in moves.wins for name in won}
    losses = {(stage, name) for stage in playbook.names for name in lost}
    return moves.between | wins | losses
