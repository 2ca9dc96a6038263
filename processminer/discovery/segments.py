"""Which attributes say what a deal is: the segments by which deals are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog

KNOWN_FROM_THE_START = (
    "segment", "customersegment", "marketsegment", "pipeline", "type", "dealtype", "opportunitytype", "recordtype",
    "source", "leadsource", "dealsource", "originalsource", "hsanalyticssource", "channel", "size", "companysize",
    "tier", "region", "territory", "country", "market", "industry", "sector", "product", "productline", "businessunit",
)  # fmt: skip
"""Attributes that say what a deal is, not what became of it, the weightiest first; case, blanks, underscores and the
`__c` of Salesforce do not matter. Amounts, probabilities and reasons are edited on the way and never used."""

FEW_VALUES = 12
"""An attribute with more values would leave hardly two deals alike."""

MOST_ATTRIBUTES = 4
"""More would cut the deals into groups of a few; `compared.sql` of the estimates has places for so many."""


def segments(log: EventLog) -> tuple[str, ...]:
    """Return the attributes by which the deals of a log are compared, the weightiest first."""
    counted: dict[str, int] = dict(
        log.relations.rows("SELECT attribute, count(DISTINCT value) FROM attributes GROUP BY attribute")
    )
    ranked = {
        name: KNOWN_FROM_THE_START.index(plain)
        for name in log.attributes
        if (plain := _plain(name)) in KNOWN_FROM_THE_START
    }
    few = [
        name
        for name in sorted(ranked, key=lambda name: (ranked[name], name))
        if 2 <= counted.get(name, 0) <= FEW_VALUES
    ]
    return tuple(few[:MOST_ATTRIBUTES])


def _plain(name: str) -> str:
    """Return an attribute's name in small letters alone.

    >>> _plain("Lead_Source__c")
    'leadsource'
    """
    return "".join(letter for letter in name.casefold().removesuffix("__c") if letter.isalnum())
