"""What a proposal owes to the reader, filled in where its kind left it out: payers, trial, migration, examples."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.revisions.acted_on import stage_of
from processminer.revisions.migration import migration_of
from processminer.revisions.payers import PAYS
from processminer.revisions.plan import planner_of
from processminer.revisions.revise import conflicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.revisions.plan import Planner
    from processminer.revisions.revision import Revision, Undecided

EXAMPLES = 5
"""Deals that are named: enough to look at a few, and no list to work through."""


def completed(
    revisions: Sequence[Revision], undecided: Sequence[Undecided], findings: Sequence[Finding], facts: Facts
) -> tuple[tuple[Revision, ...], tuple[Undecided, ...]]:
    """Return the revisions with nothing left open, and for what cannot be told the day on which it can be."""
    if not revisions and not undecided:
        return (), ()
    planner = planner_of(facts)
    clashes = conflicts(revisions)
    shown = {one.id: one.evidence.examples for one in findings}
    plans = [one.plan or planner.plan(one) for one in revisions]
    filled = tuple(
        replace(
            one,
            trial=one.trial if plan is None else f"{one.trial} {planner.within_a_year(one, plan)}".rstrip(),
            pays=one.pays or PAYS[one.kind],
            plan=plan,
            migration=one.migration or migration_of(one, facts),
            examples=one.examples or _examples(one, shown),
            conflicts=one.conflicts or _others(one, clashes),
            population=one.population or _population(one, facts),
        )
        for one, plan in zip(revisions, plans, strict=True)
    )
    return filled, tuple(_dated(one, planner) for one in undecided)


def _examples(one: Revision, shown: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    named = (deal for id_ in one.because for deal in shown.get(id_, ()))
    return tuple(dict.fromkeys(named))[:EXAMPLES]


def _others(one: Revision, clashes: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(b if a == one.id else a for a, b in clashes if one.id in {a, b})


def _population(one: Revision, facts: Facts) -> str:
    if not one.effect:
        return ""
    stage = stage_of(one, facts)
    return "the deals that come to this decision" if stage is None else f"the deals that come to {stage} or past it"


def _dated(one: Undecided, planner: Planner) -> Undecided:
    if one.there_on is not None:
        return one
    follow = planner.horizon_days
    return replace(one, there_on=planner.there_on(one, one.needed_deals, follow, planner.so_far(one)))
