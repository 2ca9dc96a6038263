"""The open deals over a time limit right now, said in a sentence and listed for those who have to decide on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.words import say_count, say_days

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance, Obligation, OverNow

FIRST_OVER = 3
"""Named in a sentence; the list holds the rest."""


def say_over_limit(found: Conformance) -> str:
    """Say how many open deals are over a time limit right now, what they are worth, and the longest over it.

    Empty where there are none.
    """
    over = found.over_limit
    if not over.deals:
        return ""
    count = say_count(over.deals, "open deal is", "open deals are")
    worth = f", worth {say_amount(over.amount, over.currency)}" if over.amount is not None else ""
    named = "; ".join(f"{one.deal} in {one.stage} by {say_days(one.days_over)}" for one in over.longest[:FIRST_OVER])
    return f"{count} over a time limit right now{worth}. Longest: {named}."


def say_amount(amount: float, currency: str | None) -> str:
    """Say an amount of money in whole units, with its currency where that is known.

    >>> say_amount(12000.4, "EUR"), say_amount(5, None)
    ('12,000 EUR', '5')
    """
    return f"{amount:,.0f} {currency}" if currency else f"{amount:,.0f}"


def over_row(one: OverNow) -> tuple[str, str, str, str, str, str]:
    """Return the cells of one deal: deal, stage, owner, worth, time in the stage, time over the limit."""
    worth = "" if one.amount is None else say_amount(one.amount, one.currency)
    return one.deal, one.stage, one.owner or "", worth, say_days(one.days), say_days(one.days_over)


def say_resting(one: Obligation) -> str:
    """Say what a rule needs to be checked with, what its verdicts rest on, and how many deals are near breaking it."""
    near = f"{say_count(one.warned, 'pending deal')} to look at" if one.warned else ""
    return "; ".join(said for said in (one.needs, one.note, near) if said)
