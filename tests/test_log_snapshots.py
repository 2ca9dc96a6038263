"""The same list of deals, exported again and again: moves lie between looks, and what looks cannot see is said."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.log.read import read_log
from processminer.log.tables.dated_names import moments_of

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog

Moves = list[tuple[str, str, datetime]]


def moves(log: EventLog) -> Moves:
    return log.relations.rows(
        "SELECT deal_id, stage_names.stage, make_timestamp(step >> 10) "
        "FROM (SELECT deal, unnest(steps) AS step FROM paths) JOIN deals USING (deal) "
        "JOIN stage_names ON code = step & 1023 ORDER BY 1, 3, 2"
    )


def kinds(log: EventLog) -> dict[str, int]:
    return {problem.kind: problem.rows for problem in log.ingest.problems}


def table(folder: Path, rows: str, header: str = "Snapshot Date,Deal ID,Stage,Created Date") -> EventLog:
    (folder / "looks.csv").write_text(f"{header}\n{rows}")
    return read_log(folder)


def test_a_move_is_placed_at_the_look_that_shows_it_and_lies_after_the_look_before(tmp_path: Path) -> None:
    log = table(
        tmp_path,
        "2026-01-05,a,Demo,2025-11-01\n2026-01-12,a,Demo,2025-11-01\n2026-01-19,a,Closed Won,2025-11-01\n",
    )
    assert moves(log) == [("a", "Demo", datetime(2026, 1, 5)), ("a", "Closed Won", datetime(2026, 1, 19))]
    not_before = log.relations.rows("SELECT not_before FROM stage_rows ORDER BY occurred_at")
    assert not_before == [(datetime(2025, 11, 1),), (None,), (datetime(2026, 1, 12),)]
    assert kinds(log)["moved-between-looks"] == 1
    assert kinds(log)["under-way-at-first-look"] == 1
    verdicts = {answer.question: answer.verdict for answer in log.ingest.answers}
    assert verdicts["loops"] != "yes"
    assert log.ingest.rows_read == log.ingest.rows_used == 3


def test_a_deal_that_turns_up_between_two_looks_begins_when_it_was_created(tmp_path: Path) -> None:
    log = table(
        tmp_path,
        "2026-01-05,a,Demo,2026-01-05\n2026-01-12,a,Closed Lost,2026-01-05\n"
        "2026-01-12,b,Demo,2026-01-08\n2026-01-12,c,Demo,2025-06-01\n",
    )
    begun = log.relations.rows("SELECT deal_id, min(occurred_at) FROM stage_rows GROUP BY deal_id")
    assert dict(begun) == {"a": datetime(2026, 1, 5), "b": datetime(2026, 1, 8), "c": datetime(2026, 1, 12)}
    assert kinds(log)["created-between-looks"] == 2
    assert kinds(log)["appeared-later"] == 1


def test_a_deal_that_later_looks_do_not_show_is_counted_as_open_and_vanished(tmp_path: Path) -> None:
    log = table(
        tmp_path,
        "2026-01-05,a,Demo,\n2026-01-05,b,Demo,\n2026-01-05,c,Closed Won,\n"
        "2026-01-12,a,Closed Lost,\n2026-01-19,a,Closed Lost,\n",
    )
    problems = {problem.kind: problem for problem in log.ingest.problems}
    assert problems["vanished"].rows == 1
    assert problems["vanished"].examples == ("b",)
    assert dict(log.relations.rows("SELECT deal_id, outcome FROM deals")) == {"a": "lost", "b": "open", "c": "won"}


def test_the_date_of_the_last_stage_change_tells_the_moment_and_a_hidden_return(tmp_path: Path) -> None:
    log = table(
        tmp_path,
        "2026-01-05 07:00,a,Demo,2026-01-02 09:30\n2026-01-12 07:00,a,Demo,2026-01-09 10:00\n"
        "2026-01-19 07:00,a,Closed Won,2026-01-13 11:00\n",
        "Snapshot Date,Deal ID,Stage,Last Stage Change Date",
    )
    assert moves(log) == [("a", "Demo", datetime(2026, 1, 2, 9, 30)), ("a", "Closed Won", datetime(2026, 1, 13, 11))]
    assert kinds(log)["return-between-looks"] == 1
    assert log.relations.row("SELECT count(not_before) FROM stage_rows") == (0,)


def test_looks_that_cannot_be_dated_or_name_no_deal_are_set_aside(tmp_path: Path) -> None:
    log = table(
        tmp_path, "2026-01-05,a,Demo,\nTBD,a,Closed Won,\n,a,Closed Won,\n2026-01-12,,Demo,\n2026-01-12,a,Closed Won,\n"
    )
    assert log.ingest.set_aside == {"unreadable-time": 1, "no-time": 1, "no-deal": 1}
    assert [(stage, at.day) for _, stage, at in moves(log)] == [("Demo", 5), ("Closed Won", 12)]


HEADER = "Opportunity ID,Opportunity Name,Stage,Amount,Created Date\n"


def folder_of(folder: Path, files: dict[str, str], header: str = HEADER) -> EventLog:
    for name, rows in files.items():
        (folder / name).write_text(header + rows)
    return read_log(folder)


@pytest.mark.parametrize(
    "names",
    [
        ("deals-2026-01-05.csv", "deals-2026-01-12.csv"),
        ("deals_20260105.csv", "deals_20260112.csv"),
        ("deals 05.01.2026.csv", "deals 19.01.2026.csv"),
        ("2026-W01 deals.csv", "2026-W02 deals.csv"),
        ("deals 2026-01.csv", "deals 2026-02.csv"),
        ("deals-2026-01-05T0700.csv", "deals-2026-01-05T1900.csv"),
    ],
)
def test_a_folder_of_files_dated_by_their_names_is_one_log(tmp_path: Path, names: tuple[str, str]) -> None:
    log = folder_of(
        tmp_path,
        {
            names[0]: "006A,Acme,Demo,100,2025-12-01\n006B,Borea,Demo,200,2025-12-02\n",
            names[1]: "006A,Acme,Closed Won,100,2025-12-01\n006B,Borea,Demo,250,2025-12-02\n",
        },
    )
    assert log.ingest.profile == "snapshots"
    looks = moments_of(names)
    assert looks is not None
    assert [(deal, stage) for deal, stage, _ in moves(log)] == [
        ("006A", "Demo"),
        ("006A", "Closed Won"),
        ("006B", "Demo"),
    ]
    assert moves(log)[1][2] == looks[1]
    # What the last look says of a deal counts.
    assert dict(log.relations.rows("SELECT deal_id, amount FROM deals")) == {"006A": 100, "006B": 250}


def test_a_list_that_is_the_same_again_is_a_look_all_the_same(tmp_path: Path) -> None:
    demo, proposal = "006A,Acme,Demo,1,\n006B,B,Closed Won,1,\n", "006A,Acme,Proposal,1,\n006B,B,Closed Won,1,\n"
    days = (5, 12, 19, 26)
    looks = zip(days, (demo, proposal, demo, demo), strict=True)
    log = folder_of(tmp_path, {f"deals-2026-01-{day:02}.csv": rows for day, rows in looks})
    acme = [(stage, at.day) for deal, stage, at in moves(log) if deal == "006A"]
    assert acme == [("Demo", 5), ("Proposal", 12), ("Demo", 19)]
    assert log.as_of == datetime(2026, 1, 26)


def test_a_history_that_is_split_into_dated_files_is_no_snapshot(tmp_path: Path) -> None:
    log = folder_of(
        tmp_path,
        {
            "log-2026-01.csv": "a,Demo,2026-01-05,x\nb,Demo,2026-01-09,x\n",
            "log-2026-02.csv": "a,Proposal,2026-02-05,x\nb,Closed Lost,2026-02-09,x\n",
            "log-2026-03.csv": "a,Closed Won,2026-03-05,x\n",
        },
        "deal_id,stage,entered_at,user\n",
    )
    assert log.ingest.profile == "stage-log"
    assert [(deal, stage, at.month) for deal, stage, at in moves(log)] == [
        ("a", "Demo", 1),
        ("a", "Proposal", 2),
        ("a", "Closed Won", 3),
        ("b", "Demo", 1),
        ("b", "Closed Lost", 2),
    ]


def test_rows_that_a_loader_fetched_again_are_looks(tmp_path: Path) -> None:
    log = table(
        tmp_path,
        "1,Demo,2026-01-05T02:00:00Z\n1,Demo,2026-01-06T02:00:00Z\n1,Closed Won,2026-01-07T02:00:00Z\n",
        "id,stage_name,_airbyte_extracted_at",
    )
    assert log.ingest.profile == "snapshots"
    assert [(stage, at) for _, stage, at in moves(log)] == [
        ("Demo", datetime(2026, 1, 5, 2)),
        ("Closed Won", datetime(2026, 1, 7, 2)),
    ]


def test_the_daily_history_of_dbt_salesforce_is_a_row_of_looks(tmp_path: Path) -> None:
    log = table(
        tmp_path,
        "2026-01-05,006A,Demo,h1\n2026-01-06,006A,Closed Won,h2\n",
        "date_day,opportunity_id,stage_name,opportunity_day_id",
    )
    assert log.ingest.profile == "snapshots"
    assert [(stage, at.day) for _, stage, at in moves(log)] == [("Demo", 5), ("Closed Won", 6)]


@pytest.mark.parametrize(
    "names",
    [
        ("deals.csv", "deals (1).csv"),
        ("a-03-04-2026.csv", "b-05-06-2026.csv"),
        ("x-2026-01-05.csv", "y-2026-01-05.csv"),
    ],
)
def test_names_without_a_date_or_with_one_that_is_open_date_nothing(names: tuple[str, str]) -> None:
    assert moments_of(names) is None


stages = st.sampled_from(["Demo", "Proposal", "Negotiation", "Closed Won"])


@given(st.dictionaries(st.sampled_from("abcde"), st.lists(st.none() | stages, min_size=6, max_size=6), min_size=1))
@settings(max_examples=10, deadline=None)
def test_the_moves_are_those_of_a_loop_over_the_looks(deals: dict[str, list[str | None]]) -> None:
    import tempfile

    shown = [(day, deal, looks[day]) for day in range(6) for deal, looks in sorted(deals.items()) if looks[day]]
    # One deal that is won gives every log an outcome.
    rows = [*shown, (0, "z", "Demo"), (5, "z", "Closed Won")]
    meant: Moves = []
    for deal in sorted({deal for _, deal, _ in rows}):
        before = None
        for day, _, stage in sorted(row for row in rows if row[1] == deal):
            if stage != before:
                meant.append((deal, str(stage), datetime(2026, 1, 5 + day)))
            before = stage
    with tempfile.TemporaryDirectory() as folder:
        log = table(Path(folder), "".join(f"2026-01-{5 + day:02},{deal},{stage},\n" for day, deal, stage in rows))
    assert moves(log) == meant
    assert log.ingest.rows_read == log.ingest.rows_used == len(rows)


def test_weekly_lists_are_one_although_a_column_came_or_went_or_moved(tmp_path: Path) -> None:
    (tmp_path / "pipeline 2026-01-05.csv").write_text(
        "Deal ID,Deal Name,Stage,Amount\na,One,Demo,100\nb,Two,Demo,200\n"
    )
    (tmp_path / "pipeline 2026-01-12.csv").write_text(
        "Deal ID,Deal Name,Stage,Amount\na,One,Demo,100\nb,Two,Offer,200\n"
    )
    (tmp_path / "pipeline 2026-01-19.csv").write_text(
        "Owner,Deal ID,Stage,Deal Name,Amount,Segment\nAda,a,Closed Won,One,150,SMB\nBob,b,Offer,Two,200,SMB\n"
    )
    (tmp_path / "pipeline 2026-01-26.csv").write_text("Deal ID,Stage,Amount\na,Closed Won,150\nb,Closed Lost,200\n")
    log = read_log(tmp_path)
    assert moves(log) == [
        ("a", "Demo", datetime(2026, 1, 5)),
        ("a", "Closed Won", datetime(2026, 1, 19)),
        ("b", "Demo", datetime(2026, 1, 5)),
        ("b", "Offer", datetime(2026, 1, 12)),
        ("b", "Closed Lost", datetime(2026, 1, 26)),
    ]
    assert log.ingest.rows_read == log.ingest.rows_used == 8
    assert log.as_of.date() == datetime(2026, 1, 26).date()
