"""Deals that are not looked at: merged into others, of other pipelines, or not among those asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.errors import InputError
from processminer.log.names import fold
from processminer.log.quirks.attribute_values import deals_of, meant, values_of
from processminer.log.quirks.outside import names_pipelines, outside
from processminer.log.quirks.renewal_words import renewal_columns, speaks_of_renewal
from processminer.log.quirks.sighting import Example, Sighting
from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.options import Options
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.sources.recognise import Part

FAULTS = {
    7: "repeated-row",
    8: "merged",
    9: "other-pipeline",
    10: "not-selected",
    11: "renewals",
    12: "created-closed",
    13: "far-away-time",
    14: "outside-the-playbook",
}
"""Why a row that could be used is left out, by the number it is marked with; those below 7 cannot be used at all."""

NUMBER = {kind: number for number, kind in FAULTS.items()}

PACKAGE = "processminer.log.quirks"

MOST_FAR = 999_999
"""At most one row in a thousand lies far away, so this is all of them in any log that fits a machine."""


def set_deals_aside(
    relations: Relations,
    part: Part | None,
    treatments: Treatments,
    asked: Options,
) -> tuple[Sighting, ...]:
    """Mark the rows of deals that are not looked at, and take their records away; return what was seen on the way.

    `part` is the table of deals. What the user asks for by name stands instead of what the playbook says of the same
    attribute that it applies to; the rest of that holds beside it. Makes `deals_aside(deal_id, fault)`,
    `records_aside(deal_id, fault)` and `deal_pipelines(deal_id, pipeline, pipelines)`. Raises InputError where nothing
    is left.
    """
    relations.run("CREATE OR REPLACE TABLE deals_aside (deal_id VARCHAR, fault UTINYINT)")
    seen = [
        *_merged(relations, treatments),
        *_pipelines(relations, treatments, asked),
        *_renewals(relations, part, treatments),
    ]
    for attribute, value in asked.only.items():
        _select(relations, part, attribute, value)
    seen += outside(relations, part, asked, NUMBER["outside-the-playbook"])
    relations.run(read_sql(PACKAGE, "aside_once.sql"))
    relations.run("CREATE OR REPLACE TABLE records_aside (deal_id VARCHAR, fault UTINYINT)")
    if relations.row("SELECT count(*) FROM deals_aside")[0]:
        leave_out(relations)
        _something_left(relations, asked)
    return tuple(seen)


def set_far_times_aside(relations: Relations, treatments: Treatments, days: int) -> None:
    """Mark the rows that lie more than so many days from the others, where that is asked for."""
    if treatments.of("far-away-time") != "set-aside":
        return
    # Hardly a log is so long; the look at every day is spared where none of its times can be so far from another.
    span = "SELECT max(occurred_at) - min(occurred_at) > to_days($days::INTEGER) FROM stage_rows WHERE fault = 0"
    # The query counts from whole days, so one day less than it asks for.
    if relations.row(span, {"days": days - 1})[0]:
        ((_, positions, _),) = relations.rows(
            read_sql("processminer.log", "far_away.sql"), {"days": days, "most": MOST_FAR}
        )
        relations.put("far_rows", {"position": positions}, {"position": "BIGINT"})
        relations.run(
            f"UPDATE stage_rows SET fault = {NUMBER['far-away-time']} "
            "WHERE fault = 0 AND position IN (SELECT position FROM far_rows)"
        )


def leave_out(relations: Relations) -> None:
    """Mark the rows of the deals in `deals_aside`, and move their records out of `records`."""
    for name in ("aside_rows", "aside_records", "aside_gone"):
        relations.run(read_sql(PACKAGE, f"{name}.sql"))


def _something_left(relations: Relations, asked: Options) -> None:
    (left,) = relations.row("SELECT (SELECT count(*) FROM records) + (SELECT count(*) FROM stage_rows WHERE fault = 0)")
    if not left:
        said = [f"--pipeline {asked.pipeline}"] if asked.pipeline else []
        said += [f"--only {attribute}={value}" for attribute, value in asked.only.items()]
        said += ["the playbook's applies_to"] if asked.applies_to else []
        message = f"No deal is left to look at after {say_list(said) or 'the treatments asked for'}."
        raise InputError(message, hint="Ask for less at once.")


def _merged(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    if not relations.row("SELECT count(*) FROM merged_deals")[0]:
        return
    rows = relations.rows(read_sql(PACKAGE, "merged.sql"))
    if rows:
        if treatments.of("merged") == "set-aside":
            relations.run(f"INSERT INTO deals_aside SELECT deal_id, {NUMBER['merged']} FROM merged_deals")
        examples = tuple(Example(str(deal)) for deal, _ in rows[:5])
        survivors = len({survivor for _, survivor in rows})
        detail = f"They were merged into {say_count(survivors, 'deal')}."
        yield Sighting("merged", len(rows), len(rows), examples, detail=detail)


def _pipelines(relations: Relations, treatments: Treatments, asked: Options) -> Iterator[Sighting]:
    pipeline = asked.pipeline
    relations.run(read_sql(PACKAGE, "deal_pipelines.sql"))
    counts = {
        str(name): int(deals)
        for name, deals in relations.rows(
            "SELECT pipeline, count(*) AS deals FROM deal_pipelines WHERE pipeline IS NOT NULL "
            "GROUP BY pipeline ORDER BY deals DESC, pipeline"
        )
    }
    several = len(counts) > 1
    # A playbook that says which pipelines it is for leaves the others out itself.
    largest = treatments.of("several-pipelines") == "largest" and not names_pipelines(asked)
    wanted = next(iter(counts)) if several and largest else None
    if pipeline is not None:
        wanted = meant(pipeline, counts, "pipeline")
    if wanted is not None:
        # Asked for by name it is that pipeline alone; else a deal of which none is known stays with the largest.
        other = "IS DISTINCT FROM $wanted" if pipeline is not None else "<> $wanted"
        relations.run(
            f"INSERT INTO deals_aside SELECT deal_id, {NUMBER['other-pipeline']} FROM deal_pipelines "
            f"WHERE pipeline {other}",
            {"wanted": wanted},
        )
    if several and not names_pipelines(asked):
        (across,) = relations.row("SELECT count(*) FROM deal_pipelines WHERE pipelines > 1")
        told = tuple(f"{name} ({say_count(deals, 'deal')})" for name, deals in counts.items())
        moved = f" {say_count(int(across), 'deal')} moved from one to another." if across else ""
        looked = f"Only {wanted!r} is looked at." if wanted is not None else f"There are {len(counts)}."
        yield Sighting(
            "several-pipelines", sum(counts.values()), sum(counts.values()), told=told[:5], detail=looked + moved
        )


def _renewals(relations: Relations, part: Part | None, treatments: Treatments) -> Iterator[Sighting]:
    """Yield how many deals call themselves renewals or expansions, by the columns that say of what type a deal is."""
    if part is None:
        return
    for column in renewal_columns(part):
        counts = values_of(relations, part, column)
        renewals = {value: deals for value, deals in counts.items() if speaks_of_renewal(value)}
        if not renewals or len(renewals) == len(counts):
            continue
        deals = deals_of(relations, part, column, tuple(renewals))
        if treatments.of("renewals") == "set-aside":
            relations.put("renewing", {"deal_id": deals}, {"deal_id": "VARCHAR"})
            relations.run(f"INSERT INTO deals_aside SELECT deal_id, {NUMBER['renewals']} FROM renewing")
        usual = next(value for value in counts if value not in renewals)
        said = say_list([f"{value} ({count:,})" for value, count in renewals.items()])
        detail = f"{column!r} says {said}; --only {column!r}={usual!r} looks at the others."
        yield Sighting("renewals", len(deals), len(deals), tuple(map(Example, deals[:5])), detail=detail)
        return


def _select(relations: Relations, part: Part | None, attribute: str, value: str) -> None:
    """Leave aside every deal whose record does not say `value` for an attribute."""
    if part is None:
        message = f"--only {attribute}={value} asks for what a table of deals would say, and the export has none."
        raise InputError(message, hint="Add the export of deals (Opportunity.csv) to the folder.")
    named = {header: header for header in part.table.columns} | dict(part.columns)
    column = named[meant(attribute, named, "attribute")]
    counts = values_of(relations, part, column)
    usual = meant(value, counts, f"deal whose {column} is")
    wanted = tuple(said for said in counts if fold(said) == fold(usual))
    relations.put("selected", {"deal_id": deals_of(relations, part, column, wanted)}, {"deal_id": "VARCHAR"})
    relations.run(read_sql(PACKAGE, "not_selected.sql"), {"fault": NUMBER["not-selected"]})
