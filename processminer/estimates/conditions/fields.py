"""Fields of deals whose value is known at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.log.eventlog import EventLog

PACKAGE = "processminer.estimates.conditions"


@dataclass(frozen=True, slots=True)
class Tracked:
    """A field whose value is known at any moment."""

    field: str
    """As the history of changes calls it."""
    attribute: str
    """As the export calls the column; the same where it has none."""


def tracked_fields(log: EventLog) -> tuple[Tracked, ...]:
    """Return the fields that the export shows and whose changes it tells, those told of most deals first.

    A field that the export only shows as it is today may have been filled in after the fact, and is none of them. One
    that only the history tells is one of them if each of its first changes fills it: deals without any never had it.
    """
    rows = log.relations.rows(read_sql(PACKAGE, "tracked_fields.sql"))
    return tuple(Tracked(field, attribute) for field, attribute, _ in rows)


def put_fields(log: EventLog, pairs: Sequence[tuple[str, Tracked]]) -> None:
    """Make `field_states(practice, deal, code, moment, filled)` of pairs of stage and field, numbered from 0."""
    code = {stage.name: number for number, stage in enumerate(log.stages)}
    log.relations.put(
        "field_asked",
        {
            "practice": list(range(len(pairs))),
            "code": [code[stage] for stage, _ in pairs],
            "field": [one.field for _, one in pairs],
            "attribute": [one.attribute for _, one in pairs],
        },
        {"practice": "INTEGER", "code": "SMALLINT", "field": "VARCHAR", "attribute": "VARCHAR"},
    )
    log.relations.run(read_sql(PACKAGE, "field_states.sql"))
