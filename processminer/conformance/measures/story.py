"""What single deals did against the playbook: their moves with time and owner, and one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.conformance.measured import DealMove, DealTold
from processminer.conformance.measures.queries import rows, run
from processminer.conformance.queries import put

if TYPE_CHECKING:
    from collections.abc import Iterable

    from processminer.engines.relations import Relations


def tell_deals(relations: Relations, names: Iterable[str]) -> tuple[DealTold, ...]:
    """Return what each of these deals did, by name; those that broke nothing are left out. Makes `deal_story`."""
    run(relations, "deal_story")
    put(relations, "examples", {"deal_id": "VARCHAR"}, [(name,) for name in sorted(set(names))])
    return tuple(
        DealTold(deal, owner, verdict, sentence, tuple(DealMove(**move) for move in moves))
        for deal, owner, verdict, sentence, moves in rows(relations, "examples_told")
    )
