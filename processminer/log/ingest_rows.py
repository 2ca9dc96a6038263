"""The rows that were read and not used, one entry a reason: what the law of conservation counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.activities import TASK_FAULTS
from processminer.log.columns import text_of
from processminer.log.contacts import CONTACT_FAULTS
from processminer.log.eventlog import EXAMPLES, Problem
from processminer.log.quirks.aside import FAULTS as ASIDE
from processminer.log.quirks.catalogue import quirks
from processminer.log.shapes.field_rows import FIELD_FAULTS
from processminer.log.shapes.stage_rows import FAULTS
from processminer.log.tables.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from processminer.engines.relations import Relations
    from processminer.log.shapes.source import Source
    from processminer.log.sources.recognise import Part, Recognition
    from processminer.log.tables.table import Table


GROUPED = "Is the report grouped by deal? Export it without groups ('Details Only'), or most of it is lost."


def refused_rows(found: Recognition) -> Iterator[Problem]:
    """Yield what was set aside or repaired before the rows became tables, and the tables that play no part."""
    for part in found.parts.values():
        if part.within is None:
            yield from part.table.problems
    for table in found.unused:
        yield Problem("unused-file", table.rows, _sentence("unused-file"), (table.file,), set_aside=True)


def unusable_rows(relations: Relations, source: Source) -> Iterator[Problem]:
    """Yield the stage rows without a deal, a stage or a time, and those after the moment we look at."""
    for problem in _faults(relations, "stage_rows", FAULTS, source.table, cells=source.made):
        # A handful is a total or a blank line; so many are a report that names a deal above its rows.
        grouped = problem.kind == "no-deal" and 4 * problem.rows > source.table.rows
        yield replace(problem, treatment=f"{problem.treatment} {GROUPED}") if grouped else problem


def unusable_tasks(relations: Relations, table: Table | None, as_of: datetime) -> Iterator[Problem]:
    """Yield the activities that are none of a deal we look at, were not done, or lie after that moment."""
    if table is None:
        return
    relations.run(read_sql("processminer.log", "task_faults.sql"), {"as_of": as_of})
    relations.run(read_sql("processminer.log", "task_once.sql"))
    yield from _faults(relations, "task_rows", TASK_FAULTS, table, cells=False)


def unusable_field_changes(relations: Relations, source: Source, found: Recognition) -> Iterator[Problem]:
    """Yield the changes of other fields than the stage that say too little, or are of no deal we look at."""
    beside = found.parts.get("changes")
    if beside is not None:
        yield from _faults(relations, "field_changes", FIELD_FAULTS, beside.table, cells=False)
    elif found.profile.shape == "changes":
        yield from _faults(relations, "field_changes", FIELD_FAULTS, source.table, cells=False)


def unusable_contacts(relations: Relations, part: Part | None) -> Iterator[Problem]:
    """Yield the rows of contacts that count for no deal."""
    if part is not None:
        yield from _faults(relations, "contact_rows", CONTACT_FAULTS, part.table, cells=False)


def _faults(
    relations: Relations, relation: str, kinds: Mapping[int, str], table: Table, *, cells: bool
) -> Iterator[Problem]:
    sql = f"""
        SELECT fault, count(position), count(DISTINCT deal_id), coalesce(min(position, {EXAMPLES}), []),
               coalesce(arg_min(coalesce(deal_id, ''), position, {EXAMPLES}), [])
        FROM {relation} WHERE fault > 0 AND position IS NOT NULL GROUP BY fault ORDER BY fault"""
    for fault, count, deals, positions, named in relations.rows(sql):
        if int(fault) not in kinds:
            continue
        found = places(relations, table, [int(position) for position in positions])
        kind = kinds[int(fault)]
        treatment = _sentence(kind)
        if cells:
            treatment = treatment.replace("Set aside: the row", "Left out: the cell").replace("Set aside", "Left out")
        examples = tuple(at(str(deal), place) for deal, place in zip(named, found, strict=True))
        yield Problem(kind, int(count), treatment, examples, set_aside=not cells, deals=int(deals) or None)


def at(deal: str, place: str | None) -> str:
    """Return how an example is told: the deal, and where the row is that shows it.

    >>> at("006A", "history.csv:17"), at("", "history.csv:17"), at("006A", None)
    ('006A (history.csv:17)', 'history.csv:17', '006A')
    """
    if place is None:
        return deal
    return f"{deal} ({place})" if deal else place


def rows_left_out(relations: Relations, source: Source, found: Recognition) -> Iterator[Problem]:
    """Yield the rows of deals that are not looked at, and the rows written twice: of the history and of the records."""
    yield from _other_lifecycles(relations, source, found)
    out = "SELECT (SELECT count(*) FROM records_aside) + (SELECT count(*) FROM stage_rows WHERE fault >= 7)"
    if not relations.row(out)[0]:
        return
    counted = read_sql("processminer.log.quirks", "left_out.sql")
    within = "deals" in found.parts and found.parts["deals"].within is not None
    for fault, rows, records, deals, examples, positions in relations.rows(counted, {"most": EXAMPLES}):
        left = (0 if within else int(records)) + (0 if source.made else int(rows))
        named = places(relations, source.table, [int(position) for position in positions])
        told = tuple(at(str(deal), place) for deal, place in zip(examples, named, strict=True))
        if not told:
            told = tuple(
                str(deal)
                for (deal,) in relations.rows(
                    f"SELECT deal_id FROM records_aside WHERE fault = {int(fault)} ORDER BY deal_id LIMIT {EXAMPLES}"
                )
            )
        kind = ASIDE[int(fault)]
        yield Problem(kind, left, _sentence(kind, "set-aside"), told, set_aside=True, deals=int(deals))


def _other_lifecycles(relations: Relations, source: Source, found: Recognition) -> Iterator[Problem]:
    """Yield the XES events that are not completions."""
    if found.profile.shape != "xes":
        return
    (kept,) = relations.row("SELECT count(*) FROM xes_events")
    other = source.table.rows - int(kept)
    if other:
        yield Problem("not-complete", other, _sentence("not-complete"), (), set_aside=True)


def unusable_records(relations: Relations, part: Part | None) -> Iterator[Problem]:
    """Yield what the deal records lost: repeated, deleted or unnamed deals, and amounts that are no numbers."""
    if part is None:
        return
    if part.within is None:
        yield from _unused_records(relations, part)
    yield from _of_records(relations, part, "all-deleted", "records WHERE deleted", set_aside=False)
    column = part.columns.get("amount")
    if column is not None:
        unread = (
            f"(SELECT {part.table.row_number} AS position, {text_of(column)} AS written "
            f"FROM {quoted(part.table.name)}) AS told JOIN records USING (position) "
            "WHERE told.written IS NOT NULL AND records.amount IS NULL "
            "AND deal_id NOT IN (SELECT deal_id FROM other_currencies)"
        )
        yield from _of_records(relations, part, "unreadable-amount", unread, set_aside=False)


def _unused_records(relations: Relations, part: Part) -> Iterator[Problem]:
    (kept,) = relations.row("SELECT (SELECT count(*) FROM records) + (SELECT count(*) FROM records_aside)")
    dropped = part.table.kept - int(kept)
    if dropped:
        examples = _dropped(relations, part)
        treatment = _sentence("repeated-or-deleted-record")
        yield Problem("repeated-or-deleted-record", dropped, treatment, examples, set_aside=True)
    later = "records WHERE deal_id NOT IN (SELECT deal_id FROM deals)"
    yield from _of_records(relations, part, "record-after-as-of", later, set_aside=True)


def _of_records(relations: Relations, part: Part, kind: str, these: str, *, set_aside: bool) -> Iterator[Problem]:
    """Yield the problem that some records have; `these` is what stands behind FROM to find them."""
    count, positions, deals = relations.row(
        f"SELECT count(*), coalesce(min(position, {EXAMPLES}), []), "
        f"coalesce(arg_min(deal_id, position, {EXAMPLES}), []) FROM {these}"
    )
    if count:
        found = places(relations, part.table, [int(position) for position in positions])
        examples = tuple(at(str(deal), place) for deal, place in zip(deals, found, strict=True))
        yield Problem(kind, int(count), _sentence(kind), examples, set_aside=set_aside, deals=int(count))


def _dropped(relations: Relations, part: Part) -> tuple[str, ...]:
    """Return the first records that are not used, with their places."""
    number = part.table.row_number
    rows = relations.rows(
        f"SELECT position, deal_id FROM (SELECT {number} AS position, {text_of(part.columns['deal'])} AS deal_id "
        f"FROM {quoted(part.table.name)}) WHERE position NOT IN (SELECT position FROM records) "
        f"AND deal_id NOT IN (SELECT deal_id FROM records_aside) OR deal_id IS NULL ORDER BY position LIMIT {EXAMPLES}"
    )
    found = places(relations, part.table, [int(position) for position, _ in rows])
    return tuple(at(str(deal or ""), place) for (_, deal), place in zip(rows, found, strict=True))


def _sentence(kind: str, treatment: str | None = None) -> str:
    quirk = quirks()[kind]
    return quirk.treatments[treatment or quirk.usual]
