"""Nothing is lost on the way: what was read is what is used and what is set aside, whatever is wrong with an export."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.log.options import Options
from processminer.log.read import read_log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import DrawFn

    from processminer.log.eventlog import EventLog, IngestReport

START = datetime(2026, 1, 5, 9)
AS_OF = datetime(2026, 6, 30, 18)
STAGES = ("Qualification", "Demo", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
FEW = settings(max_examples=15)
"""Each example writes an export and reads it: seconds count."""


@dataclass(frozen=True)
class Move:
    """A row of a history: its deal and stage, its moment as written, and why it cannot be used (None where it can)."""

    deal: str
    stage: str
    moment: str
    fault: str | None = None
    deleted: bool = False


@dataclass(frozen=True)
class Task:
    """An activity, as it is written, and why it cannot be used."""

    deal: str
    done_at: str
    due: str
    status: str
    fault: str | None
    deleted: bool = False


@dataclass
class Plan:
    """What is written, and what was planted in it."""

    moves: list[Move] = field(default_factory=list[Move])
    records: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])
    """Deal and whether it is marked as deleted, in the file's order."""
    tasks: list[Task] = field(default_factory=list[Task])
    merged: dict[str, str] = field(default_factory=dict[str, str])
    """Deal to the one that it lives on in."""

    # The dull second count: what each row must come to, by the planted defect alone.

    @property
    def dead(self) -> set[str]:
        """The deals that their record says are deleted: the last row of a deal counts."""
        last = {deal: deleted for deal, deleted in self.records if deal}
        return set() if all(last.values()) else {deal for deal, deleted in last.items() if deleted}

    def why(self, move: Move) -> str | None:
        """Return why a row of the history is set aside."""
        if move.fault not in {None, "repeated-row"}:
            return "deleted" if move.fault == "after-as-of" and move.deal in self.dead else move.fault
        if move.deal in self.dead:
            return "deleted"
        return "merged" if move.deal in self.merged else move.fault

    @property
    def alive(self) -> set[str]:
        """The deals that the records know, and that are neither deleted nor merged into others."""
        return {deal for deal, _ in self.records if deal} - self.dead - set(self.merged)

    @property
    def late(self) -> set[str]:
        """The deals of which something lies after the moment we look at."""
        return {move.deal for move in self.moves if self.why(move) == "after-as-of"}

    @property
    def used(self) -> set[str]:
        """The deals that must be in the log."""
        moved = {move.deal for move in self.moves if self.why(move) is None}
        return moved | (self.alive - self.late)

    @property
    def named(self) -> set[str]:
        """Every deal that the history or the records name."""
        return ({move.deal for move in self.moves} | {deal for deal, _ in self.records}) - {""}

    def of_history(self) -> Counter[str]:
        return Counter(why for move in self.moves if (why := self.why(move)))

    def of_records(self) -> Counter[str]:
        deals = [deal for deal, _ in self.records]
        once = len({deal for deal in deals if deal} - self.dead)
        merged = len({deal for deal in deals if deal in self.merged and deal not in self.dead})
        unknown = self.alive - self.used
        counts = {
            "repeated-or-deleted-record": len(deals) - once,
            "merged": merged,
            "record-after-as-of": len(unknown),
        }
        return Counter({why: count for why, count in counts.items() if count})

    def of_tasks(self) -> Counter[str]:
        whys = (
            task.fault
            if task.fault not in {None, "task-after-as-of"} or task.deal in self.used
            else "task-of-unknown-deal"
            for task in self.tasks
        )
        return Counter(why for why in whys if why)


@st.composite
def plans(draw: DrawFn) -> Plan:
    """Draw a handful of deals and what is wrong with their export."""
    plan = Plan()
    minutes = iter(range(100_000))

    def moment(days: int = 0) -> str:
        return (START + timedelta(days=days, minutes=next(minutes))).isoformat(" ", "seconds")

    deals = [f"d{number}" for number in range(draw(st.integers(2, 6)))]
    for deal in deals:
        stages = draw(st.lists(st.sampled_from(STAGES[:4]), min_size=1, max_size=4))
        stages += draw(st.sampled_from([[], ["Closed Won"], ["Closed Lost"]]))
        plan.moves += [Move(deal, stage, moment(day)) for day, stage in enumerate(stages)]
        plan.records.append((deal, False))
    # There is always a way to win: else reading would ask which stage means so.
    plan.moves += [Move("w", "Demo", moment()), Move("w", "Closed Won", moment(9))]
    plan.records.append(("w", False))
    for kind in draw(st.lists(st.sampled_from(sorted(PLANTS)), max_size=12)):
        PLANTS[kind](plan, draw(st.sampled_from(deals)), moment)
    return plan


def _repeat(plan: Plan, deal: str, moment: Callable[..., str]) -> None:
    first = next(move for move in plan.moves if move.deal == deal and move.fault is None)
    plan.moves.append(Move(deal, first.stage, first.moment, "repeated-row"))


def _merge(plan: Plan, deal: str, moment: Callable[..., str]) -> None:
    loser = f"m{len(plan.merged)}"
    plan.moves.append(Move(loser, "Demo", moment()))
    plan.merged[loser] = deal


def _stray(plan: Plan, deal: str, moment: Callable[..., str]) -> None:
    plan.moves.append(Move(f"stray{len(plan.moves)}", "Proposal", "soon", "unreadable-time"))


def _task(plan: Plan, **said: Any) -> None:
    plan.tasks.append(Task(**{"due": "", "status": "Completed", "fault": None, **said}))


PLANTS: Mapping[str, Callable[[Plan, str, Callable[..., str]], None]] = {
    "no deal": lambda plan, deal, moment: plan.moves.append(Move("", "Demo", moment(), "no-deal")),
    "no stage": lambda plan, deal, moment: plan.moves.append(Move(deal, "", moment(), "no-stage")),
    "no time": lambda plan, deal, moment: plan.moves.append(Move(deal, "Demo", "", "no-time")),
    "unreadable time": lambda plan, deal, moment: plan.moves.append(Move(deal, "Demo", "TBD", "unreadable-time")),
    "deleted row": lambda plan, deal, moment: plan.moves.append(Move(deal, "Demo", moment(), "deleted", deleted=True)),
    "after as-of": lambda plan, deal, moment: plan.moves.append(Move(deal, "Demo", moment(900), "after-as-of")),
    "repeated row": _repeat,
    "unknown stage": lambda plan, deal, moment: plan.moves.append(Move(deal, "Limbo", moment())),
    "orphan history": lambda plan, deal, moment: plan.moves.append(Move(f"o{len(plan.moves)}", "Demo", moment())),
    "late deal": lambda plan, deal, moment: plan.moves.append(
        Move(f"late{len(plan.moves)}", "Demo", moment(900), "after-as-of")
    ),
    "deal without a usable row": _stray,
    "record without history": lambda plan, deal, moment: plan.records.append((f"r{len(plan.records)}", False)),
    "repeated record": lambda plan, deal, moment: plan.records.append((deal, dict(plan.records)[deal])),
    "unnamed record": lambda plan, deal, moment: plan.records.append(("", False)),
    "deleted record": lambda plan, deal, moment: plan.records.append((deal, True)),
    "merged deal": _merge,
    "task": lambda plan, deal, moment: _task(plan, deal=deal, done_at=moment()),
    "planned task": lambda plan, deal, moment: _task(
        plan, deal=deal, done_at="", due=moment(), status="Not Started", fault="task-not-done"
    ),
    "orphan task": lambda plan, deal, moment: _task(
        plan, deal="nobody", done_at=moment(), fault="task-of-unknown-deal"
    ),
    "task without deal": lambda plan, deal, moment: _task(plan, deal="", done_at=moment(), fault="task-without-deal"),
    "task without time": lambda plan, deal, moment: _task(plan, deal=deal, done_at="", fault="task-without-time"),
    "deleted task": lambda plan, deal, moment: _task(
        plan, deal=deal, done_at=moment(), fault="task-deleted", deleted=True
    ),
    "late task": lambda plan, deal, moment: _task(plan, deal=deal, done_at=moment(900), fault="task-after-as-of"),
}
"""Each adds one thing to an export, most of them wrong."""


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read(write_to: Callable[[Path], None]) -> EventLog:
    with tempfile.TemporaryDirectory() as folder:
        write_to(Path(folder))
        return read_log(folder, Options(as_of=AS_OF))


def holds(report: IngestReport) -> None:
    """Assert the law itself: for rows and for deals."""
    assert report.rows_read == report.rows_used + sum(report.set_aside.values())
    assert report.rows_used >= 0
    assert all(rows > 0 for rows in report.set_aside.values())
    assert report.deals_read == report.deals_used + sum(report.deals_set_aside.values())
    told: Counter[str] = Counter()
    for problem in report.problems:
        if problem.set_aside:
            told[problem.kind] += problem.rows
    assert dict(told) == dict(report.set_aside)


def deals_of(log: EventLog) -> set[str]:
    return {str(deal) for (deal,) in log.relations.rows("SELECT deal_id FROM deals")}


def truth(value: bool) -> str:
    return str(value).lower()


@given(plan=plans())
@FEW
def test_a_history_with_records_and_activities_is_used_or_set_aside_to_the_last_row(plan: Plan) -> None:
    plan.moves = [move for move in plan.moves if move.deal not in plan.merged]
    plan.merged = {}

    def salesforce(folder: Path) -> None:
        write(
            folder / "OpportunityHistory.csv",
            ("OpportunityId", "StageName", "CreatedDate", "IsDeleted"),
            [(move.deal, move.stage, move.moment, truth(move.deleted)) for move in plan.moves],
        )
        write(
            folder / "Opportunity.csv",
            ("Id", "Name", "StageName", "IsWon", "IsClosed", "IsDeleted", "CreatedDate"),
            [(deal, f"Deal {deal}", "", "", "", truth(deleted), "2026-01-05") for deal, deleted in plan.records],
        )
        write(
            folder / "Task.csv",
            ("WhatId", "Type", "Subject", "Status", "ActivityDate", "CompletedDateTime", "IsDeleted"),
            [(one.deal, "Call", "Ring", one.status, one.due, one.done_at, truth(one.deleted)) for one in plan.tasks],
        )

    log = read(salesforce)
    report = log.ingest
    holds(report)
    assert report.rows_read == len(plan.moves) + len(plan.records) + len(plan.tasks)
    assert Counter(report.set_aside) == plan.of_history() + plan.of_records() + plan.of_tasks()
    assert deals_of(log) == plan.used
    assert report.deals_read == len(plan.named)
    assert log.relations.row("SELECT count(*) FROM task_events") == (len(plan.tasks) - sum(plan.of_tasks().values()),)


@given(plan=plans(), foot=st.integers(0, 3), too_long=st.integers(0, 2), blank=st.integers(0, 2))
@FEW
def test_a_plain_table_with_a_foot_and_broken_lines_is_used_or_set_aside_to_the_last_row(
    plan: Plan, foot: int, too_long: int, blank: int
) -> None:
    plan.records, plan.merged = [], {}
    moves = [move for move in plan.moves if not move.deleted]

    def plain(folder: Path) -> None:
        rows: list[Sequence[object]] = [(move.deal, move.stage, move.moment, "x") for move in moves]
        rows[1:1] = [("d0", "Demo", "2026-02-01 10:00:00", "x", "one", "too many")] * too_long
        write(folder / "log.csv", ("deal_id", "stage", "entered_at", "note"), rows)
        with (folder / "log.csv").open("a", encoding="utf-8") as file:
            file.write("\n" * blank)
            file.writelines(("Grand Total\n", "Confidential\n", "Copyright 2026\n")[:foot])

    log = read(plain)
    report = log.ingest
    holds(report)
    planted = Counter(why for move in moves if (why := plan.why(move)))
    found = Counter(report.set_aside)
    assert found.pop("too-many-cells", 0) == too_long
    assert found.pop("below-the-table", 0) == foot
    assert found == planted
    assert report.rows_read == len(moves) + too_long + foot
    assert deals_of(log) == {move.deal for move in moves if plan.why(move) is None}
    assert report.deals_read == len({move.deal for move in moves} - {""})


@given(plan=plans(), edits=st.integers(0, 5), half=st.integers(0, 2))
@FEW
def test_a_history_of_every_property_is_used_or_set_aside_to_the_last_row(plan: Plan, edits: int, half: int) -> None:
    plan.tasks = []
    moves = [move for move in plan.moves if not move.deleted and move.stage and move.fault != "repeated-row"]
    plan.moves = moves
    ids = {stage: f"10496593{number}" for number, stage in enumerate((*STAGES, "Limbo"))}

    def hubspot(folder: Path) -> None:
        changes = [(move.deal, "dealstage", ids[move.stage], move.moment, "CRM_UI") for move in moves]
        # What was changed beside the stage, and changes that say of no property what they are.
        changes += [
            ("w", "amount", str(1000 + number), f"2026-01-{10 + number} 10:00:00", "CRM_UI") for number in range(edits)
        ]
        changes += [("w", "", "1", "2026-01-07 10:00:00", "CRM_UI")] * half
        write(folder / "deal_property_history.csv", ("deal_id", "name", "value", "timestamp", "source"), changes)
        write(
            folder / "deal.csv",
            ("deal_id", "property_dealname", "deal_pipeline_stage_id", "is_deleted", "property_createdate"),
            [(deal, f"Deal {deal}", "", truth(deleted), "2026-01-05 08:00:00") for deal, deleted in plan.records],
        )
        write(
            folder / "deal_pipeline_stage.csv",
            ("stage_id", "label", "display_order", "is_closed", "closed_won"),
            [
                (ids[stage], stage, at, truth("Closed" in stage), truth(stage == "Closed Won"))
                for at, stage in enumerate(ids)
            ],
        )
        if plan.merged:
            write(
                folder / "merged_deal.csv",
                ("deal_id", "merged_deal_id"),
                [(on, off) for off, on in plan.merged.items()],
            )

    log = read(hubspot)
    report = log.ingest
    holds(report)
    rows = len(moves) + edits + half + len(plan.records) + len(ids) + len(plan.merged)
    assert report.rows_read == rows
    found = Counter(report.set_aside)
    assert found.pop("field-change-incomplete", 0) == half
    assert found == plan.of_history() + plan.of_records()
    assert deals_of(log) == plan.used
    assert report.deals_read == len(plan.named)


@given(plan=plans())
@FEW
def test_a_list_of_deals_with_a_column_a_stage_is_used_or_set_aside_to_the_last_row(plan: Plan) -> None:
    def wide(folder: Path) -> None:
        entered = {(move.deal, move.stage): move.moment for move in plan.moves}
        header = ["Record ID", "Deal Name", "Deal Stage", "is_deleted"]
        header += [f'Date entered "{stage} (Sales Pipeline)"' for stage in STAGES]
        rows = [
            (deal, f"Deal {deal}", "", truth(deleted), *(entered.get((deal, stage), "") for stage in STAGES))
            for deal, deleted in plan.records
        ]
        write(folder / "deals.csv", header, rows)

    report = read(wide).ingest
    holds(report)
    assert report.rows_read == len(plan.records)
    assert report.deals_read == len({deal for deal, _ in plan.records} - {""})


@given(plan=plans(), scheduled=st.integers(0, 3))
@FEW
def test_an_event_log_is_used_or_set_aside_to_the_last_event(plan: Plan, scheduled: int) -> None:
    moves = [move for move in plan.moves if move.deal and not move.deleted and move.fault != "repeated-row"]
    plan.moves, plan.records, plan.merged = moves, [], {}

    def xes(folder: Path) -> None:
        lines = ['<log xes.version="1.0">']
        for deal in sorted({move.deal for move in moves}):
            lines.append(f'<trace><string key="concept:name" value="{deal}"/>')
            lines += [_event(move, "complete") for move in moves if move.deal == deal]
            lines += [_event(Move(deal, "Demo", "2026-01-06 10:00:00"), "schedule")] * (scheduled if deal == "w" else 0)
            lines.append("</trace>")
        (folder / "log.xes").write_text("\n".join([*lines, "</log>"]), encoding="utf-8")

    log = read(xes)
    report = log.ingest
    holds(report)
    traces = len({move.deal for move in moves})
    assert report.rows_read == len(moves) + scheduled + traces
    found = Counter(report.set_aside)
    assert found.pop("not-complete", 0) == scheduled
    found.pop("record-after-as-of", 0)
    assert found == plan.of_history()
    assert report.deals_read == traces


def _event(move: Move, lifecycle: str) -> str:
    name = f'<string key="concept:name" value="{move.stage}"/>' if move.stage else ""
    at = f'<date key="time:timestamp" value="{move.moment.replace(" ", "T")}"/>' if move.moment else ""
    return f'<event>{name}<string key="lifecycle:transition" value="{lifecycle}"/>{at}</event>'
