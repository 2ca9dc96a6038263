"""The people of the buyer who take part in a deal, counted as an attribute of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.columns import text_of, yes_of
from processminer.log.ids import same_id

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part

CONTACTS = "Contacts"
"""The attribute that says how many people of the buyer take part in a deal."""

CONTACT_FAULTS = {1: "contact-not-counted"}
"""Why a row of contacts is set aside, by the number it is marked with."""


def write_contacts(relations: Relations, part: Part | None) -> tuple[str, ...]:
    """Add the number of each deal's contacts to `attributes`; return the attribute's name, if there are any.

    Makes `contact_rows(deal, deal_id, contact, position, fault)`; fault 1 marks rows that name no deal or no contact,
    are deleted, or belong to a deal that is not in the export. Needs `deals` and `attributes`.
    """
    relations.run(
        "CREATE OR REPLACE TABLE contact_rows (deal INTEGER, deal_id VARCHAR, contact VARCHAR, position BIGINT, "
        "fault UTINYINT)"
    )
    if part is None:
        return ()
    columns, table = part.columns, part.table
    deal, contact = text_of(columns["deal"]), text_of(columns["contact"])
    relations.run(
        "INSERT INTO contact_rows "
        "SELECT deals.deal, coalesce(deals.deal_id, told.deal_id), contact, told.position, "
        "CASE WHEN contact IS NULL OR deals.deal IS NULL OR deleted THEN 1 ELSE 0 END "
        f"FROM (SELECT {deal} AS deal_id, {same_id(deal)} AS same_id, {contact} AS contact, "
        f"{yes_of(columns.get('deleted'))} AS deleted, {table.row_number} AS position "
        f"FROM {quoted(table.name)}) AS told "
        f"LEFT JOIN (SELECT deal, deal_id, {same_id('deal_id')} AS same_id FROM deals) AS deals USING (same_id)"
    )
    relations.run(
        f"INSERT INTO attributes SELECT deal, {literal(CONTACTS)}, count(DISTINCT contact)::VARCHAR "
        "FROM contact_rows WHERE fault = 0 GROUP BY deal ORDER BY deal"
    )
    return (CONTACTS,)
