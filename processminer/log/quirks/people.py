"""People in the log: who they are, whose hands deals went through, and how their names are hidden."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.eventlog import EXAMPLES
from processminer.log.quirks.sighting import Sighting, told_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.shapes.source import Source

PACKAGE = "processminer.log.quirks"

PEOPLE = frozenset(
    [
        "owner",
        "owners",
        "rep",
        "reps",
        "representative",
        "user",
        "users",
        "manager",
        "seller",
        "assignee",
        "assigned",
        "agent",
        "by",
        "sdr",
        "bdr",
        "executive",
        "author",
        "creator",
        "responsible",
        "salesperson",
        "salesman",
        "closer",
        "email",
        "propietario",
        "proprietario",
        "propriétaire",
        "responsable",
        "responsabile",
        "responsável",
        "besitzer",
        "verantwortlich",
        "verantwortlicher",
        "venditore",
        "vendedor",
        "vendeur",
        "verkäufer",
        "менеджер",
        "ответственный",
        "负责人",
        "所有者",
    ]
)
"""Words of headers under which people of the seller stand."""

PLACES = (("records", "owner"), ("stage_rows", "actor"), ("task_rows", "actor"))
"""Where names of people stand before the deals are made."""


def hide_people(relations: Relations, source: Source, treatments: Treatments) -> Iterator[Sighting]:
    """Yield how many people the log names, and give them pseudonyms if asked for; the same person always the same one.

    Makes `people_named(name, pseudonym)` where they are hidden.
    """
    hidden = treatments.of("people") == "hide"
    if hidden or source.actor != "NULL::VARCHAR":
        relations.run(read_sql(PACKAGE, "people_named.sql"))
        (count,) = relations.row("SELECT count(*) FROM people_named")
    else:
        (count,) = relations.row("SELECT count(DISTINCT owner) FROM records")
    if hidden:
        for relation, column in PLACES:
            named = f"WHERE {relation}.{column} = people_named.name"
            relations.run(f"UPDATE {relation} SET {column} = pseudonym FROM people_named {named}")
    if count:
        yield Sighting("people", int(count))


def hide_people_in_attributes(relations: Relations, treatments: Treatments) -> None:
    """Give people in the attributes of deals the pseudonyms they have elsewhere, or new ones.

    Needs `attributes`.
    """
    if treatments.of("people") == "hide":
        columns = [
            str(attribute)
            for (attribute,) in relations.rows("SELECT DISTINCT attribute FROM attributes ORDER BY attribute")
            if names_people(str(attribute))
        ]
        if columns:
            relations.run(read_sql(PACKAGE, "people_besides.sql"), {"columns": columns})
        relations.run(read_sql(PACKAGE, "people_hidden.sql"))


def names_people(header: str) -> bool:
    """Tell whether a column of deals names people of the seller, by its header.

    >>> [names_people(header) for header in ("CreatedById", "sales_rep", "Verantwortlich", "Industry", "Replies")]
    [True, True, True, False, False]
    """
    words = {word.casefold() for word in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])", header)}
    return bool(words & PEOPLE)


def see_owners(relations: Relations) -> Iterator[Sighting]:
    """Yield the deals whose owner changed, where the export keeps changes of fields. Needs `field_rows` and `deals`."""
    yield from told_by(relations, "owner_changes.sql", {"most": EXAMPLES})
