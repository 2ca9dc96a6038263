"""Files as people have them: encodings, delimiters, date orders, and faults that are said with their line."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.errors import LogError
from processminer.log.columns import Conventions
from processminer.log.options import Options
from processminer.log.read import read_log

PLAIN = "deal_id,stage,entered_at\nx,Été,2026-01-01 10:00\nx,Closed Won,2026-01-03 12:30\ny,Été,2026-01-02 09:00\n"


def steps(log) -> list[tuple[str, str, datetime]]:
    return log.relations.rows(
        "SELECT deal_id, events.name, occurred_at FROM events JOIN deals USING (deal) ORDER BY 1, 3"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_encoding_and_delimiter_reads_the_same(tmp_path: Path, encoding: str, delimiter: str) -> None:
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_text(PLAIN, encoding="utf-8")
    other.write_bytes(PLAIN.replace(",", delimiter).encode(encoding))
    assert steps(read_log(other)) == steps(read_log(plain))


def test_a_gzipped_file_reads_like_a_plain_one(tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain.csv", tmp_path / "packed.csv.gz"
    plain.write_text(PLAIN, encoding="utf-8")
    packed.write_bytes(gzip.compress(PLAIN.encode()))
    assert steps(read_log(packed)) == steps(read_log(plain))


def test_parquet_reads_like_csv(tmp_path: Path) -> None:
    import pandas as pd

    plain, parquet = tmp_path / "plain.csv", tmp_path / "log.parquet"
    plain.write_text(PLAIN, encoding="utf-8")
    frame = pd.read_csv(plain)
    frame["entered_at"] = pd.to_datetime(frame["entered_at"])
    frame.to_parquet(parquet)
    assert steps(read_log(parquet)) == steps(read_log(plain))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5)),
        ("2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5)),
        ("2026-01-02T03:04:05.000+0000", datetime(2026, 1, 2, 3, 4, 5)),
        ("2026-01-02", datetime(2026, 1, 2)),
        ("1767323045", datetime(2026, 1, 2, 3, 4, 5)),
        ("1767323045000", datetime(2026, 1, 2, 3, 4, 5)),
        ("31/01/2026 14:05", datetime(2026, 1, 31, 14, 5)),
        ("01/31/2026 02:05 PM", datetime(2026, 1, 31, 14, 5)),
        ("31.01.26", datetime(2026, 1, 31)),
    ],
)
def test_a_time_is_read_as_it_was_meant(tmp_path: Path, written: str, meant: datetime) -> None:
    file = tmp_path / "log.csv"
    file.write_text(f"deal_id;stage;entered_at\nx;Closed Won;{written}\n")
    assert steps(read_log(file))[0][2] == meant


def test_the_order_of_day_and_month_is_told_by_the_column_not_by_the_cell(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,entered_at\nx,A,03/04/2025\nx,Closed Won,25/04/2025\n")
    assert [when for _, _, when in steps(read_log(file))] == [datetime(2025, 4, 3), datetime(2025, 4, 25)]


def test_an_order_that_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,entered_at\nx,A,03/04/2025\nx,Closed Won,05/04/2025\n")
    with pytest.raises(LogError, match="--date-order"):
        read_log(file)
    assert steps(read_log(file, Options(conventions=Conventions("mdy"))))[0][2] == datetime(2025, 3, 4)


def test_a_column_that_mixes_both_orders_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,entered_at\nx,A,13/04/2025\nx,Closed Won,05/14/2025\n")
    with pytest.raises(LogError, match="some dates day first and some month first"):
        read_log(file)


def test_rows_that_cannot_be_used_are_counted_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(
        'deal_id,stage,entered_at,note\nx,A,2026-01-01,"two\nlines"\n,A,2026-01-01,\nx,,2026-01-01,\nx,A,,\nx,A,TBD,\n'
        "x,Closed Won,2026-01-05,\n"
    )
    report = read_log(file).ingest
    assert report.set_aside == {"no-deal": 1, "no-stage": 1, "no-time": 1, "unreadable-time": 1}
    assert report.rows_read == 6 == report.rows_used + 4
    (unreadable,) = (problem for problem in report.problems if problem.kind == "unreadable-time")
    assert unreadable.examples == ("x (log.csv:7)",)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n\n", "is empty"),
        ("one.csv", b"a\n1\n", "only one column"),
        ("binary.csv", bytes(range(256)) * 20, "binary"),
        ("cut.csv.gz", gzip.compress(PLAIN.encode() * 50, mtime=0)[:60], "damaged|cut off|not"),
        ("fake.parquet", b"not parquet at all", "not a Parquet file"),
        ("fake.xes", b"not xml at all", "XML|XES"),
        ("other.csv", b"a,b\n1,2\n", "not an export that is recognised"),
        ("header.csv", b"deal_id,stage,entered_at\n", "no row with a stage"),
        ("times.csv", b"deal_id,stage,entered_at\nx,Closed Won,soon\n", "can be read"),
        ("letter.docx", b"x", "not read"),
    ],
)
def test_a_file_that_is_no_log_is_refused_with_a_next_move(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(LogError, match=said) as caught:
        read_log(file)
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_a_missing_file_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="does not exist"):
        read_log(tmp_path / "nowhere.csv")
    with pytest.raises(LogError, match="holds no file"):
        read_log(tmp_path)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.text(max_size=12)] * 3), max_size=12))
def test_every_row_read_is_used_or_set_aside_by_reason(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    import csv

    file = tmp_path_factory.mktemp("rows") / "log.csv"
    with file.open("w", encoding="utf-8", newline="", errors="replace") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerow(["deal_id", "stage", "entered_at"])
        writer.writerows([["x", "Closed Won", "2026-01-01"], *rows])
    try:
        log = read_log(file)
    except LogError as error:
        assert error.hint  # noqa: PT017 - the property is that nothing but a clean refusal comes out
        return
    report = log.ingest
    assert report.rows_read == report.rows_used + sum(report.set_aside.values())
    (usable,) = log.relations.row("SELECT count(*) FROM stage_rows WHERE fault = 0")
    assert usable == report.rows_used


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    rows = [f"d{n},A,2026-01-01,note" for n in range(20)]
    rows[3] = 'd3,A,2026-01-01,"never closed'
    file.write_text("deal_id,stage,entered_at,note\n" + "\n".join(rows) + "\n")
    with pytest.raises(LogError, match="not closed") as caught:
        read_log(file)
    assert caught.value.place is not None
    assert caught.value.place.line == 5


def test_a_row_with_more_cells_than_the_header_is_set_aside_and_shown(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,entered_at\nx,A,2026-01-01\ny,A, Inc,2026-01-02\nx,Closed Won,2026-01-03,\n")
    report = read_log(file).ingest
    assert report.set_aside == {"too-many-cells": 1}
    assert (report.rows_read, report.rows_used) == (3, 2)
    assert report.problems[0].examples == ("log.csv:3",)


@pytest.mark.parametrize("placeholder", ["9999-12-31", "1600-01-01", "infinity", "-infinity"])
def test_a_placeholder_for_no_time_is_no_time(tmp_path: Path, placeholder: str) -> None:
    file = tmp_path / "log.csv"
    file.write_text(f"deal_id,stage,entered_at\nx,A,2026-01-01\nx,Closed Won,2026-01-05\ny,A,{placeholder}\n")
    log = read_log(file)
    assert log.ingest.set_aside == {"unreadable-time": 1}
    assert log.as_of == datetime(2026, 1, 5)


def test_a_time_far_from_all_others_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    rows = [f"d{n},Closed Won,2026-01-{n % 28 + 1:02}" for n in range(2000)]
    file.write_text("deal_id,stage,entered_at\n" + "\n".join(rows) + "\nx,A,2062-01-01\n")
    (slip,) = (problem for problem in read_log(file).ingest.problems if problem.kind == "far-away-time")
    assert (slip.rows, slip.examples) == (1, ("x (log.csv:2002)",))


def test_a_file_that_plays_no_part_is_named_and_files_of_the_same_columns_are_one_table(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "contacts.csv").write_text("name,mail\nA,a@b\n")
    (tmp_path / "README.txt").write_text("read me\n")
    report = read_log(tmp_path).ingest
    assert report.set_aside == {"unused-file": 1}
    assert {file.name: file.role for file in report.files} == {"h.csv": "history", "contacts.csv": "not used"}
    (tmp_path / "h2.csv").write_text(PLAIN.replace("x,", "u,").replace("y,", "v,"), encoding="utf-8")
    log = read_log(tmp_path)
    assert len(steps(log)) == 2 * len(steps(read_log(tmp_path / "h.csv")))
    assert {file.role for file in log.ingest.files if file.name.startswith("h")} == {"history"}
