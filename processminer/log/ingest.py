"""The ingest report: every defect and repair met while reading, counted, with examples and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.engines.relations import quoted, read_sql
from processminer.log.activities import TASK_FAULTS
from processminer.log.columns import text_of
from processminer.log.eventlog import Answer, Problem
from processminer.log.shapes.field_rows import FIELD_FAULTS
from processminer.log.shapes.stage_rows import FAULTS
from processminer.log.tables.places import places
from processminer.words import say_count, say_list, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageName
    from processminer.log.shapes.source import Source
    from processminer.log.sources.recognise import Recognition
    from processminer.log.stage_labels import Labels
    from processminer.log.tables.table import Table

EXAMPLES = 5

FAR_AWAY = 366
"""Days. A log in which nothing happens for more than a year and then one thing does has a slip in it."""

TREATMENT = {
    "no-deal": "Set aside: the row names no deal.",
    "no-time": "Set aside: the row says no time.",
    "unreadable-time": "Set aside: the time cannot be read; mend the cell or export it as 2026-01-31 14:05.",
    "no-stage": "Set aside: the row names no stage.",
    "deleted": "Set aside: the export marks the row as deleted.",
    "after-as-of": "Set aside: it happened after the moment we look at.",
    "field-change-incomplete": "Set aside: the change names no deal, no field or no time that can be read.",
    "field-change-deleted": "Set aside: the export marks the change as deleted.",
    "field-change-after-as-of": "Set aside: it was made after the moment we look at.",
    "field-change-told-twice": "Set aside: another row tells the same change by name instead of by id.",
    "field-change-of-unknown-deal": "Set aside: it was made on a deal of which no stage is known.",
    "task-without-deal": "Set aside: the activity belongs to no deal.",
    "task-without-time": "Set aside: the activity says neither when it was done nor when it was due.",
    "task-deleted": "Set aside: the export marks the activity as deleted.",
    "task-not-done": "Set aside: the activity was planned, not done.",
    "task-of-unknown-deal": "Set aside: the activity belongs to a deal that is not in the export.",
    "task-after-as-of": "Set aside: it lies after the moment we look at.",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, on the way to its report."""

    relations: Relations
    found: Recognition
    source: Source
    labels: Labels
    stages: tuple[StageName, ...]
    collapsed: int
    lagging: int
    as_of: datetime


def problems_of(reading: Reading) -> tuple[Problem, ...]:
    """Return every defect and repair, those that cost rows first, then by rows and kind."""
    found = [
        *_refused(reading),
        *_faults(reading, "stage_rows", FAULTS, reading.source.table),
        *_fields(reading),
        *_tasks(reading),
        *_records(reading),
        *_other_lifecycles(reading),
        *_labels(reading),
        *_times(reading),
        *_far_away(reading),
        *_deals(reading),
        *_notes(reading),
    ]
    return tuple(sorted(found, key=lambda problem: (not problem.set_aside, -problem.rows, problem.kind)))


def _notes(reading: Reading) -> Iterator[Problem]:
    """Yield what the shape of the export made necessary."""
    for note in reading.source.notes:
        if note.rows:
            yield Problem(note.kind, note.rows, note.treatment, note.examples, note.set_aside)


def _refused(reading: Reading) -> Iterator[Problem]:
    """Yield what was set aside or repaired before the rows became tables, and the tables that play no part."""
    for part in reading.found.parts.values():
        if part.within is None:
            yield from part.table.problems
    for table in reading.found.unused:
        treatment = "Set aside: no part of this export is recognised in the file."
        yield Problem("unused-file", table.rows, treatment, (table.file,), set_aside=True)


def _faults(reading: Reading, relation: str, kinds: dict[int, str], table: Table) -> Iterator[Problem]:
    rows = reading.relations.rows(
        f"SELECT fault, count(position), coalesce(min(position, {EXAMPLES}), []) FROM {relation} "
        "WHERE fault > 0 AND position IS NOT NULL GROUP BY fault ORDER BY fault"
    )
    for fault, count, positions in rows:
        examples = places(reading.relations, table, [int(position) for position in positions])
        kind = kinds[int(fault)]
        if relation == "stage_rows" and reading.source.made:
            treatment = (
                TREATMENT[kind].replace("Set aside: the row", "Left out: the cell").replace("Set aside", "Left out")
            )
            yield Problem(kind, int(count), treatment, examples)
        else:
            yield Problem(kind, int(count), TREATMENT[kind], examples, set_aside=True)


def _fields(reading: Reading) -> Iterator[Problem]:
    """Yield the changes of other fields than the stage that cannot be used."""
    if reading.found.profile.shape in {"changes", "status-changes"}:
        yield from _faults(reading, "field_changes", FIELD_FAULTS, reading.source.table)


def _tasks(reading: Reading) -> Iterator[Problem]:
    part = reading.found.parts.get("tasks")
    if part is None:
        return
    reading.relations.run(read_sql("processminer.log", "task_faults.sql"), {"as_of": reading.as_of})
    yield from _faults(reading, "task_rows", TASK_FAULTS, part.table)


def _records(reading: Reading) -> Iterator[Problem]:
    """Yield what the deal records lost: repeated, deleted or unnamed deals."""
    part = reading.found.parts.get("deals")
    if part is None or part.within is not None:
        return
    (kept,) = reading.relations.row("SELECT count(*) FROM records")
    dropped = part.table.kept - int(kept)
    if dropped:
        treatment = "Set aside: the record repeats a deal (its last row counts), is deleted, or names no deal."
        yield Problem("repeated-or-deleted-record", dropped, treatment, (), set_aside=True)
    (later,) = reading.relations.row("SELECT count(*) FROM records WHERE deal_id NOT IN (SELECT deal_id FROM deals)")
    if later:
        treatment = "Set aside: the deal came after the moment we look at."
        yield Problem("record-after-as-of", int(later), treatment, (), set_aside=True)
    unreadable = _unreadable_amounts(reading)
    if unreadable:
        treatment = "Kept without amount: the amount is no plain number."
        yield Problem("unreadable-amount", unreadable, treatment, ())


def _unreadable_amounts(reading: Reading) -> int:
    part = reading.found.parts["deals"]
    column = part.columns.get("amount")
    if column is None:
        return 0
    (unreadable,) = reading.relations.row(
        f"SELECT count(*) FROM (SELECT {part.table.row_number} AS position, {text_of(column)} AS written "
        f"FROM {quoted(part.table.name)}) AS told JOIN records USING (position) "
        "WHERE told.written IS NOT NULL AND records.amount IS NULL"
    )
    return int(unreadable)


def _other_lifecycles(reading: Reading) -> Iterator[Problem]:
    """Yield the XES events that are not completions."""
    if reading.found.profile.shape != "xes":
        return
    (kept,) = reading.relations.row("SELECT count(*) FROM xes_events")
    other = reading.source.table.rows - int(kept)
    if other:
        treatment = "Set aside: the event schedules or starts its activity; --lifecycle all keeps every event."
        yield Problem("not-complete", other, treatment, (), set_aside=True)


def _labels(reading: Reading) -> Iterator[Problem]:
    respelled = {label: rows for label, rows in reading.labels.respelled.items() if rows}
    if respelled:
        stage_of = reading.labels.stage_of
        examples = tuple(f"{label!r} read as {stage_of[label]!r}" for label in sorted(respelled)[:EXAMPLES])
        treatment = "Used under the stage's declared name or usual spelling."
        yield Problem("other-spelling", sum(respelled.values()), treatment, examples)


def _times(reading: Reading) -> Iterator[Problem]:
    if reading.collapsed:
        treatment = "Collapsed: the row changes no stage (an edit of amount, date or probability)."
        yield Problem("no-stage-change", reading.collapsed, treatment, ())
    ties, tied = reading.relations.row(read_sql("processminer.log", "ties.sql"), {"most": EXAMPLES})
    if ties:
        rule = "the file's order" if reading.source.file_order else "the order of the stages"
        yield Problem("tied-timestamps", int(ties), f"Used: {rule} decides what came first.", tuple(tied))
    quick, hurried = reading.relations.row(read_sql("processminer.log", "clicked_through.sql"), {"most": EXAMPLES})
    if quick:
        treatment = "Used for the path, left out of stage times: the deal was clicked through within a minute."
        yield Problem("clicked-through", int(quick), treatment, tuple(hurried))
    rows, whole_days = reading.relations.row(
        "SELECT count(*), count(*) FILTER (WHERE occurred_at = date_trunc('day', occurred_at)) "
        "FROM stage_rows WHERE fault = 0"
    )
    if rows and rows == whole_days:
        treatment = "Used: times are known to the day only, so lengths are true to about a day."
        yield Problem("day-precision", int(rows), treatment, ())


def _far_away(reading: Reading) -> Iterator[Problem]:
    """Yield times so far from all others that they are likely slips; one of them moves `as_of`, and every open stay."""
    rows = reading.relations.rows(read_sql("processminer.log", "far_away.sql"), {"days": FAR_AWAY, "most": EXAMPLES})
    for count, positions in rows:
        if count:
            table = reading.source.table
            examples = places(reading.relations, table, [int(position) for position in positions])
            treatment = (
                f"Used, and likely a slip: more than {FAR_AWAY} days from the other events. "
                "Mend it, or look at an earlier moment with --as-of."
            )
            yield Problem("far-away-time", int(count), treatment, examples)


def _deals(reading: Reading) -> Iterator[Problem]:
    if reading.lagging:
        examples = tuple(
            str(row[0]) for row in reading.relations.rows("SELECT deal_id FROM lagging ORDER BY 1 LIMIT 5")
        )
        treatment = "Closing added at the close date: the record is closed, its history does not say so."
        yield Problem("history-behind-record", reading.lagging, treatment, examples)
    for kind, treatment in (
        ("no-dated-event", "Counted by the record's outcome, left out of paths and times: nothing dated is known."),
        ("created-closed", "Counted, left out of stage times: the first thing known of the deal is its closing."),
        ("reopened", "The outcome is the last one; a deal that went back into the pipeline is open."),
        ("no-record", "Used: the history speaks of a deal that the deals table does not hold."),
    ):
        if kind == "no-record" and "deals" not in reading.found.parts:
            continue
        deals, examples = reading.relations.row(
            read_sql("processminer.log", f"{kind.replace('-', '_')}.sql"), {"most": EXAMPLES}
        )
        if deals:
            yield Problem(kind, int(deals), treatment, tuple(examples))


Verdict = Literal["yes", "partly", "no"]


def answers_of(reading: Reading, problems: tuple[Problem, ...]) -> tuple[Answer, ...]:
    """Return which kinds of question this log can answer."""
    by_kind = {problem.kind: problem.rows for problem in problems}
    shape = reading.found.profile.shape
    deals, closed, won, with_path, stages = (
        int(n) for n in reading.relations.row(read_sql("processminer.log", "reach.sql"))
    )
    return (
        _path(shape, with_path, deals, stages),
        _loops(reading.source),
        _durations(reading.source, by_kind, with_path),
        Answer(
            "outcomes",
            "yes" if won and closed > won else "partly" if closed else "no",
            f"{say_count(won, 'deal')} won and {closed - won:,} lost; {deals - closed:,} still open.",
        ),
        _tasks_answer(reading),
        _money(reading, deals),
    )


def _path(shape: str, with_path: int, deals: int, stages: int) -> Answer:
    if shape == "durations":
        because = "The export says how long a deal was in each stage; they are put in the order of the pipeline."
        return Answer("path", "partly", because)
    if shape == "two-dates":
        return Answer("path", "no", "The export holds where a deal stands and two dates, not the stages between.")
    if stages < 2:
        return Answer(
            "path", "no", "Hardly a deal was seen in more than one stage: there is no history in this export."
        )
    return Answer(
        "path", "yes" if with_path == deals else "partly", f"{say_share(with_path, deals)} deals have dated stages."
    )


def _loops(source: Source) -> Answer:
    if source.times_made:
        return Answer("loops", "no", "The export holds the time spent in each stage, not how often it was entered.")
    if source.loses_returns:
        return Answer("loops", "no", "Each stage has one date, so a return to it cannot be seen.")
    return Answer("loops", "yes", "Every change of stage is its own row.")


def _durations(source: Source, by_kind: dict[str, int], with_path: int) -> Answer:
    if not with_path:
        return Answer("durations", "no", "No deal has a dated event.")
    if source.times_made:
        because = "Lengths are what the export says, all visits of a stage together; when each began is worked out."
        return Answer("durations", "partly", because)
    if "day-precision" in by_kind:
        return Answer("durations", "partly", "Times are whole days; hours cannot be told.")
    return Answer("durations", "yes", "Stage changes carry their time of day.")


def _tasks_answer(reading: Reading) -> Answer:
    if "tasks" not in reading.found.parts:
        missing = "No activities are in the export; add the table of tasks (Task.csv for Salesforce) to the folder."
        return Answer("tasks", "no", missing)
    events, deals, kinds = reading.relations.row(
        "SELECT count(*), count(DISTINCT deal), count(DISTINCT name) FROM task_events"
    )
    because = (
        f"{say_count(events, 'activity', 'activities')} of {say_count(kinds, 'kind')} for {say_count(deals, 'deal')}."
    )
    return Answer("tasks", "yes" if events else "no", because)


def _money(reading: Reading, deals: int) -> Answer:
    (known,) = reading.relations.row("SELECT count(amount) FROM deals")
    (currencies,) = reading.relations.row(
        "SELECT list(DISTINCT currency ORDER BY currency) FROM deals WHERE currency IS NOT NULL"
    )
    if not known:
        return Answer("money", "no", "No deal has an amount.")
    mixed = f" in {say_list([str(c) for c in currencies])}" if currencies else ""
    verdict: Verdict = "partly" if known < deals or len(currencies or ()) > 1 else "yes"
    return Answer("money", verdict, f"{say_share(int(known), deals)} deals have an amount{mixed}.")
