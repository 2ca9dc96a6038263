"""Contacts: how many people of the buyer take part by the time a deal goes on from a stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from processminer.conformance.queries import put
from processminer.conformance.rules.rule import Rule, own, run
from processminer.log.contacts import CONTACTS
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.rules.asked import Asked
    from processminer.log.eventlog import EventLog
    from processminer.playbook.parts.upkeep import DeviationKind

COUNTED = {
    "number of associated contacts", "num_associated_contacts", "number of contacts", "contact count", "people count",
    "participants_count",
}  # fmt: skip
"""Columns in which CRMs themselves count the people of a deal (HubSpot, Pipedrive)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts(Rule):
    """How many people of the buyer take part.

    It concerns the same deals as a task of the stage does, and comes due in the same moment. The people are counted
    as the export lists them for the deal; it does not say since when each takes part, so that one who came later
    counts too. A deal for which it lists nobody has nobody.
    """

    kind: ClassVar[ObligationKind] = "contacts"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("too-few-contacts",)
    reads: ClassVar[frozenset[str]] = frozenset({"stage_dues"})

    least: int
    column: str | None
    """The attribute that counts them."""


def contacts_of(asked: Asked) -> Iterator[Contacts]:
    """Yield how many people each stage asks for, where it does."""
    counted = [name for name in asked.log.attributes if fold(name) in COUNTED]
    column = CONTACTS if CONTACTS in asked.log.attributes else next(iter(counted), None)
    for place, stage in enumerate(asked.playbook.stages, start=1):
        if stage.min_contacts is not None:
            yield Contacts(
                subject=stage.name,
                stage=stage.name,
                place=place,
                path=("stages", stage.name, "min_contacts"),
                needs=None if column else "the table of the deals' contacts (OpportunityContactRole, for example)",
                note="people are counted as the export lists them: it does not tell since when" if column else None,
                least=stage.min_contacts,
                column=column,
            )


def hold_contacts(rules: Sequence[Rule], log: EventLog) -> None:
    """Add to `rule_verdicts` whether enough people of the buyer took part."""
    contacts = own(rules, Contacts)
    if contacts:
        put(
            log.relations,
            "contact_rules",
            {"rule": "INTEGER", "place": "SMALLINT", "least": "INTEGER", "attribute": "VARCHAR"},
            [(at, one.place, one.least, one.column) for at, one in contacts],
        )
        run(log.relations, "contacts_met")
