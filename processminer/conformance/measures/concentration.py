"""Where deviations concentrate, when they were seen, and what the deals are worth that deviated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.conformance.measured import Concentration
from processminer.conformance.measures.queries import rows
from processminer.statistics.multiplicity import adjusted_p_values
from processminer.statistics.two_by_two import shares_differ

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.conformance.conformance import Deviation
    from processminer.engines.relations import Relations

Key = tuple[str, str, str | None]

ENOUGH_REACHED = 10
"""A group of fewer deals that came to an obligation is not compared: what it does tells of one person's few deals."""

ENOUGH_DEVIATING = 5
"""Fewer deals than this concentrate nowhere, whatever their share."""

TOLD_AT = 0.05
"""Of the concentrations that are told, one in twenty may be chance."""


def concentrations(relations: Relations) -> Mapping[Key, tuple[Concentration, ...]]:
    """Return by deviation the owners and segments in which it is more frequent than elsewhere, the surest first.

    Compared are the deals that came to the obligation: the share of a group that deviated with the share of the
    others of whom the same is known (`shares_differ`). All comparisons of all deviations are one family (Benjamini &
    Hochberg, 1995), those included that turn out the other way round. Needs the views `deal_reaches`, `deal_moves`
    and `deal_groups`, and `excused`.
    """
    compared = [
        (row, shares_differ(row[6], row[5], row[8] - row[6], row[7] - row[5]))
        for row in rows(relations, "concentrations", {"enough": ENOUGH_REACHED})
    ]
    q_values = adjusted_p_values([p_value for _, p_value in compared])
    found: defaultdict[Key, list[Concentration]] = defaultdict(list)
    for (row, p_value), q_value in zip(compared, q_values, strict=True):
        kind, subject, stage, attribute, value, reached, deals, all_reached, all_deals = row
        rest_reached, rest_deals = all_reached - reached, all_deals - deals
        more = deals * rest_reached > rest_deals * reached
        if more and q_value <= TOLD_AT and deals >= ENOUGH_DEVIATING:
            found[kind, subject, stage].append(
                Concentration(attribute, value, deals, reached, rest_deals, rest_reached, p_value, q_value)
            )
    return {
        key: tuple(sorted(those, key=lambda one: (one.p_value, one.attribute, one.value)))
        for key, those in found.items()
    }


def with_places(relations: Relations, deviations: Sequence[Deviation]) -> tuple[Deviation, ...]:
    """Return the deviations with where they concentrate, what their deals are worth, and when they were seen."""
    where = concentrations(relations)
    worth = {(kind, subject, stage): row for kind, subject, stage, *row in rows(relations, "deviation_worth")}
    told: list[Deviation] = []
    for one in deviations:
        key = (one.kind, one.subject, one.stage)
        amount, currency, valued, first_seen, last_seen, others_won, others_lost = worth[key]
        told.append(
            replace(
                one,
                amount=amount,
                currency=currency,
                valued=valued,
                first_seen=first_seen,
                last_seen=last_seen,
                others_won=others_won,
                others_lost=others_lost,
                concentrations=where.get(key, ()),
            )
        )
    return tuple(told)
