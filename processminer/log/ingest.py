"""The ingest report: every quirk, defect and repair met while reading, counted, with examples and what was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.eventlog import EXAMPLES, IngestReport, Problem, SourceFile
from processminer.log.ingest_answers import answers_of
from processminer.log.ingest_cells import readings_of_cells
from processminer.log.ingest_rows import (
    at,
    refused_rows,
    rows_left_out,
    unusable_contacts,
    unusable_field_changes,
    unusable_records,
    unusable_rows,
    unusable_tasks,
)
from processminer.log.quirks.aside import FAULTS as ASIDE
from processminer.log.quirks.catalogue import catalogued, quirks, rank
from processminer.log.tables.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from processminer.engines.relations import Relations
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.quirks.sighting import Sighting
    from processminer.log.shapes.source import Source
    from processminer.log.sources.recognise import Recognition
    from processminer.log.stage_labels import Labels
    from processminer.log.tables.table import Table

IMPOSSIBLY_FAR = 3_660
"""Days. Ten years from all other events lies no event of the same deals: it is a slip, and set aside."""

FAR_AWAY = 366
"""Days. A log in which nothing happens for more than a year and then one thing does has a slip in it."""

ENOUGH_CLOSED, ENOUGH_OF_A_KIND = 40, 10
"""Closed deals, and won or lost ones, below which shares jump with every deal."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, on the way to its report."""

    relations: Relations
    found: Recognition
    source: Source
    labels: Labels
    treatments: Treatments
    sightings: tuple[Sighting, ...]
    as_of: datetime


def report_of(reading: Reading) -> IngestReport:
    """Return the report on what was read; rows and deals read are those used and those set aside, by reason."""
    found = reading.found
    problems = problems_of(reading)
    set_aside: dict[str, int] = {}
    for problem in problems:
        if problem.set_aside:
            set_aside[problem.kind] = set_aside.get(problem.kind, 0) + problem.rows
    own = {role: part for role, part in found.parts.items() if part.within is None}
    used = [SourceFile(part.table.file, role, part.table.rows) for role, part in own.items()]
    files = (*used, *(SourceFile(table.file, "not used", table.rows) for table in found.unused))
    rows_read = sum(file.rows for file in files)
    deals_set_aside = _deals_set_aside(reading.relations)
    (deals_used,) = reading.relations.row("SELECT count(*) FROM deals")
    counts = {problem.kind: problem.rows for problem in problems}
    return IngestReport(
        profile=found.profile.name,
        title=found.profile.title,
        reasons=found.reasons,
        files=files,
        rows_read=rows_read,
        rows_used=rows_read - sum(set_aside.values()),
        set_aside=set_aside,
        problems=problems,
        answers=answers_of(reading.relations, found, reading.source, counts),
        deals_read=int(deals_used) + sum(deals_set_aside.values()),
        deals_used=int(deals_used),
        deals_set_aside=deals_set_aside,
        treatments=dict(sorted(reading.treatments.asked.items())),
    )


def _deals_set_aside(relations: Relations) -> dict[str, int]:
    columns: dict[str, Sequence[object]] = {"fault": list(ASIDE), "reason": list(ASIDE.values())}
    relations.put("aside_reasons", columns, {"fault": "UTINYINT", "reason": "VARCHAR"})
    rows = relations.rows(read_sql("processminer.log.quirks", "deals_left_out.sql"))
    return {str(reason): int(deals) for reason, deals in rows}


def _activities(reading: Reading) -> Table | None:
    """Return the table that tells of activities: their own, or that of the stages where they stand among these."""
    part = reading.found.parts.get("tasks")
    if part is not None:
        return part.table
    return reading.source.table if reading.labels.activities else None


def problems_of(reading: Reading) -> tuple[Problem, ...]:
    """Return everything met: what spoils most first, the harmless last."""
    relations, source, found = reading.relations, reading.source, reading.found
    told = [
        *refused_rows(found),
        *unusable_rows(relations, source),
        *unusable_field_changes(relations, source, found),
        *unusable_contacts(relations, found.parts.get("contacts")),
        *unusable_tasks(relations, _activities(reading), reading.as_of),
        *unusable_records(relations, found.parts.get("deals")),
        *readings_of_cells(relations, found),
        *rows_left_out(relations, source, found),
        *_notes(reading),
        *_spellings(reading),
        *_far_away(reading),
        *_deals(reading),
    ]
    left_out = {problem.kind for problem in told if problem.set_aside}
    seen = [sighting for sighting in reading.sightings if sighting.kind not in left_out]
    details = {sighting.kind: sighting.detail for sighting in reading.sightings if sighting.detail}
    told = [
        replace(one, treatment=f"{one.treatment} {details[one.kind]}") if one.kind in left_out & set(details) else one
        for one in told
    ]
    problems = [catalogued(problem, reading.treatments) for problem in (*told, *_seen(reading, seen))]
    return tuple(sorted(problems, key=rank))


def _seen(reading: Reading, sightings: Sequence[Sighting]) -> Iterator[Problem]:
    """Yield the problems that sightings tell, their examples with the rows that show them."""
    rows = _rows_of(reading, sightings)
    wanted = sorted({row for row in rows.values() if row is not None})
    place = dict(zip(wanted, places(reading.relations, reading.source.table, wanted), strict=True))
    for sighting in sightings:
        told = [at(one.deal, place.get(rows[one.deal, one.row])) for one in sighting.examples]  # type: ignore[arg-type]
        sentence = " ".join(filter(None, (reading.treatments.sentence(sighting.kind), sighting.detail)))
        yield Problem(sighting.kind, sighting.count, sentence, (*told, *sighting.told)[:EXAMPLES], deals=sighting.deals)


def _rows_of(reading: Reading, sightings: Sequence[Sighting]) -> Mapping[tuple[str, int | None], int | None]:
    """Return the row that shows each example: the one that was seen, else the last row of the deal in the history."""
    every = {(one.deal, one.row) for sighting in sightings for one in sighting.examples}
    deals = sorted({deal for deal, row in every if row is None})
    reading.relations.put("example_deals", {"deal_id": deals}, {"deal_id": "VARCHAR"})
    last = {
        str(deal): None if row is None else int(row)
        for deal, row in reading.relations.rows(read_sql("processminer.log.quirks", "example_rows.sql"))
    }
    return {(deal, row): row if row is not None else last.get(deal) for deal, row in every}


def _notes(reading: Reading) -> Iterator[Problem]:
    """Yield what the shape of the export made necessary."""
    for note in reading.source.notes:
        if note.rows:
            treatment = note.treatment or reading.treatments.sentence(note.kind)
            yield Problem(note.kind, note.rows, treatment, note.examples, note.set_aside)


def _spellings(reading: Reading) -> Iterator[Problem]:
    respelled = {label: rows for label, rows in reading.labels.respelled.items() if rows}
    if respelled:
        stage_of = reading.labels.stage_of
        examples = tuple(f"{label!r} read as {stage_of[label]!r}" for label in sorted(respelled)[:EXAMPLES])
        sentence = reading.treatments.sentence("other-spelling")
        yield Problem("other-spelling", sum(respelled.values()), sentence, examples)


def _far_away(reading: Reading) -> Iterator[Problem]:
    """Yield times so far from all others that they are likely slips; one of them moves `as_of`, and every open stay."""
    relations, table = reading.relations, reading.source.table
    values = {"days": FAR_AWAY, "most": EXAMPLES}
    for count, positions, deals in relations.rows(read_sql("processminer.log", "far_away.sql"), values):
        if count:
            found = places(relations, table, [int(position) for position in positions])
            examples = tuple(at(str(deal), place) for deal, place in zip(deals, found, strict=True))
            yield Problem("far-away-time", int(count), quirks()["far-away-time"].treatments["keep"], examples)


def _deals(reading: Reading) -> Iterator[Problem]:
    for kind in ("no-dated-event", "no-record"):
        if kind == "no-record" and "deals" not in reading.found.parts:
            continue
        deals, examples = reading.relations.row(
            read_sql("processminer.log", f"{kind.replace('-', '_')}.sql"), {"most": EXAMPLES}
        )
        if deals:
            sentence = reading.treatments.sentence(kind)
            yield Problem(kind, int(deals), sentence, tuple(examples), deals=int(deals))
    deals, closed, won = reading.relations.row(
        "SELECT count(*), count(*) FILTER (outcome <> 'open'), count(*) FILTER (outcome = 'won') FROM deals"
    )
    lost = closed - won
    if closed < ENOUGH_CLOSED or min(won, lost) < ENOUGH_OF_A_KIND:
        told = f"{closed:,} are closed: {won:,} won and {lost:,} lost." if closed else "None is closed yet."
        sentence = f"{reading.treatments.sentence('too-few')} {told}"
        yield Problem("too-few", int(closed), sentence, (), deals=int(closed))
