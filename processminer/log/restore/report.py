"""What is said of a clean log that was read back: rows that cannot be used, and what it was converted from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, get_args

from processminer.log.eventlog import EXAMPLES, Answer, IngestReport, Problem, Question, SourceFile
from processminer.log.quirks.catalogue import catalogued, choose_treatments, rank
from processminer.log.shapes.stage_rows import FAULTS
from processminer.log.tables.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.engines.relations import Relations
    from processminer.log.shapes.source import Source
    from processminer.log.sources.profile import Role
    from processminer.log.sources.recognise import Recognition
    from processminer.log.tables.table import Table

DEALS_ASIDE = "deals_aside_"
"""What the keys begin with under which a log counts the deals that were left out when it was written."""

ASIDE = {
    "no-deal": "Set aside: the row names no deal.",
    "no-time": "Set aside: the row says no time.",
    "unreadable-time": "Set aside: the time cannot be read; clean logs write 2026-01-31T14:05:00Z.",
    "no-stage": "Set aside: the row names no stage.",
    "after-as-of": "Set aside: it happened after the moment we look at.",
    "repeated-or-deleted-record": "Set aside: the record repeats a deal (its last row counts), or names none.",
    "record-after-as-of": "Set aside: the deal came after the moment we look at.",
    "task-without-time": "Set aside: the activity bears no time that can be read.",
    "task-of-unknown-deal": "Set aside: the activity belongs to a deal that is not in the log.",
    "task-after-as-of": "Set aside: it lies after the moment we look at.",
    "field-change-incomplete": "Set aside: the change of a field has no deal, field or time that can be used.",
}


def report_of(relations: Relations, found: Recognition, source: Source, about: Mapping[str, str]) -> IngestReport:
    """Return what was read of a clean log, what was set aside, and what it can answer."""
    used = [SourceFile(part.table.file, role, part.table.rows) for role, part in found.parts.items()]
    files = (*used, *(SourceFile(table.file, "not used", table.rows) for table in found.unused))
    usual = choose_treatments({})
    problems = tuple(sorted((catalogued(one, usual) for one in _problems(relations, found, source)), key=rank))
    set_aside = {problem.kind: problem.rows for problem in problems if problem.set_aside}
    read = sum(file.rows for file in files)
    return IngestReport(
        profile=found.profile.name,
        title=found.profile.title,
        reasons=(*found.reasons, *_origin(about)),
        files=files,
        rows_read=read,
        rows_used=read - sum(set_aside.values()),
        set_aside=set_aside,
        problems=problems,
        deals_read=_count(about, "deals_read"),
        deals_used=_count(about, "deals_used"),
        deals_set_aside={
            key.removeprefix(DEALS_ASIDE): _count(about, key) for key in sorted(about) if key.startswith(DEALS_ASIDE)
        },
        answers=tuple(_answer(question, about) for question in get_args(Question)),
    )


def _count(about: Mapping[str, str], key: str) -> int:
    """Return a count that the log says of itself, 0 where it says none."""
    said = about.get(key, "")
    return int(said) if said.isdecimal() and len(said) < 19 else 0


def _origin(about: Mapping[str, str]) -> Iterator[str]:
    if "source_title" in about:
        aside = sum(_count(about, key) for key in about if key.startswith("set_aside_"))
        read = about.get("rows_read", "unknown")
        yield f"it was converted from: {about['source_title']} ({read} rows, {aside:,} of them set aside)"
    if "left_out" in about:
        # Version 0.1.0 wrote no changes of fields as XES and OCEL.
        yield f"it was written without {about['left_out']}, which its format has no place for"


def _problems(relations: Relations, found: Recognition, source: Source) -> Iterator[Problem]:
    for part in found.parts.values():
        yield from part.table.problems
    for table in found.unused:
        treatment = "Set aside: the file is no part of a clean log."
        yield Problem("unused-file", table.rows, treatment, (table.file,), set_aside=True)
    tables = [("stage_rows", source.table, FAULTS)]
    others: tuple[tuple[str, Role, dict[int, str]], ...] = (
        ("stored_deals", "deals", {1: "repeated-or-deleted-record", 2: "record-after-as-of"}),
        ("stored_tasks", "tasks", {1: "task-without-time", 2: "task-of-unknown-deal", 3: "task-after-as-of"}),
        ("stored_fields", "field_events", {1: "field-change-incomplete"}),
    )
    for relation, role, kinds in others:
        if role in found.parts:
            tables.append((relation, found.parts[role].table, kinds))
    for relation, table, kinds in tables:
        yield from _faults(relations, relation, table, kinds)


def _faults(relations: Relations, relation: str, table: Table, kinds: Mapping[int, str]) -> Iterator[Problem]:
    rows = relations.rows(
        f"SELECT fault, count(*), coalesce(min(position, {EXAMPLES}), []) FROM {relation} "
        "WHERE fault > 0 GROUP BY fault ORDER BY fault"
    )
    for fault, count, positions in rows:
        kind = kinds[int(fault)]
        places = tuple(str(place_of(relations, table, int(position))) for position in positions)
        yield Problem(kind, int(count), ASIDE[kind], places, set_aside=True)


def _answer(question: Question, about: Mapping[str, str]) -> Answer:
    """Return what the log could answer when it was written: reading it back adds nothing and takes nothing away."""
    verdict, _, because = about.get(f"answer_{question}", "").partition(": ")
    if verdict not in {"yes", "partly", "no"}:
        return Answer(question, "partly", "The file that says what this log was converted from is missing.")
    return Answer(question, cast("Any", verdict), because)
