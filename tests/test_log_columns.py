"""Times, numbers and yes or no as people write them, against the dullest Python that says the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.engines.relations import Relations
from processminer.errors import LogError
from processminer.log.cells.readings import kept
from processminer.log.columns import (
    Conventions,
    amount_of,
    currency_of,
    precision_of,
    time_of,
)
from processminer.log.read import read_log
from processminer.log.tables.table import Table
from tests.needs import public_log

PLAIN = Conventions()


RELATIONS = Relations()
"""One for all tests: opening a database takes longer than reading a column."""


class Column:
    """A table of one column `c`, its cells in order, and others beside it."""

    def __init__(self, cells: list, kind: str = "VARCHAR", **beside: list[str]) -> None:
        self.relations = RELATIONS
        self.relations.run("DROP TABLE IF EXISTS column_readings")
        self.table = self.another("t", {"c": cells, **beside}, kind)

    def another(self, name: str, columns: dict[str, list], kind: str = "VARCHAR") -> Table:
        kinds = {column: kind if column == "c" else "VARCHAR" for column in columns}
        self.relations.put(name, columns, kinds)
        return Table(name, Path(f"{name}.csv"), f"{name}.csv", kinds, len(columns["c"]), "rowid")

    def read(self, expression: str) -> list:
        return [row[0] for row in self.relations.rows(f"SELECT {expression} FROM t ORDER BY rowid")]

    def times(self, conventions: Conventions = PLAIN) -> list[datetime | None]:
        return self.read(time_of(self.relations, self.table, "c", conventions))

    def amounts(self, conventions: Conventions = PLAIN) -> list[float | None]:
        return self.read(amount_of(self.relations, self.table, "c", conventions))

    def remarks(self) -> list[tuple[str, int]]:
        return [(reading.kind, reading.cells) for reading in kept(self.relations)]


def times(*cells: str | None, conventions: Conventions = PLAIN) -> list[datetime | None]:
    return Column(list(cells)).times(conventions)


moments = st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31)).map(lambda time: time.replace(microsecond=0))


columns_of_moments = st.lists(moments, min_size=1, max_size=60)


FORMATS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%y",
    "%d-%m-%Y, %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%y, %I:%M:%S %p",
    "%d %b %Y",
    "%d-%b-%y %H:%M",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y at %I:%M %p",
    "%A, %d %B %Y %H:%M:%S",
    "%a %b %d %Y %H:%M:%S",
    "%Y-%b-%d",
    "%Y%m%d",
    "%Y%m%dT%H%M%S",
    "%Y%m%d%H%M%S",
]


@given(columns_of_moments, st.sampled_from(FORMATS))
@settings(max_examples=60, deadline=None)
def test_a_time_is_what_strptime_reads_in_it(column: list[datetime], form: str) -> None:
    # One day past the twelfth proves the order of day and month, as it would in any longer column.
    cells = [time.strftime(form) for time in [*column, datetime(2026, 1, 31, 14, 5)]]
    assert times(*cells) == [datetime.strptime(cell, form) for cell in cells]  # noqa: DTZ007 - no zone is meant


@given(columns_of_moments, st.integers(-14 * 60, 14 * 60))
@settings(max_examples=15, deadline=None)
def test_an_offset_moves_a_time_to_utc(column: list[datetime], minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    for written in (f"{sign}{hours:02}:{rest:02}", f" {sign}{hours:02}{rest:02}", f" GMT{sign}{hours:02}:{rest:02}"):
        cells = [f"{time:%Y-%m-%dT%H:%M:%S}{written}" for time in column]
        assert times(*cells) == [time - timedelta(minutes=minutes) for time in column]


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
@given(st.data())
@settings(max_examples=12, deadline=None)
def test_a_time_without_zone_is_read_in_the_zone_that_is_said(zone: str, data: st.DataObject) -> None:
    column = data.draw(st.lists(moments.filter(lambda time: time.year > 1975), min_size=1, max_size=60))

    def utc(time: datetime) -> datetime:
        aware = time.replace(tzinfo=ZoneInfo(zone))
        later = aware.replace(fold=1)
        # Shown twice: the later one counts. Skipped: the clock has been put forward by then.
        twice = later.utcoffset() < aware.utcoffset()
        return (later if twice else aware).astimezone(UTC).replace(tzinfo=None)

    said = Conventions(timezone=zone)
    plain = [time.isoformat() for time in column]
    named = [time.strftime("%d %b %Y %H:%M:%S") for time in column]
    meant = [utc(time) for time in column]
    assert times(*plain, conventions=said) == meant
    assert times(*named, conventions=said) == meant
    assert Column(column, "TIMESTAMP").times(said) == meant


def test_the_hour_that_clocks_skip_moves_on_and_the_one_they_show_twice_is_the_later() -> None:
    read = times("2026-03-29 02:30", "2026-10-25 02:30", conventions=Conventions(timezone="Europe/Rome"))
    assert read == [datetime(2026, 3, 29, 1, 30), datetime(2026, 10, 25, 1, 30)]


def test_a_cell_that_says_its_zone_is_read_by_it_whatever_its_neighbours_say() -> None:
    cells = ("2026-07-05 09:00", "2026-07-05T09:00Z", "2026-07-05 09:00 CEST", "5 Jul 2026 9:00", "2026-07-05")
    read = times(*cells, conventions=Conventions(timezone="Europe/Rome"))
    assert [time and time.hour for time in read] == [7, 9, 7, 7, 22]


def test_a_zone_that_is_not_known_is_refused() -> None:
    with pytest.raises(LogError, match="Mars"):
        times("2026-01-05", conventions=Conventions(timezone="Mars/Olympus"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-05T09:00:00.123456789Z", datetime(2026, 1, 5, 9, 0, 0, 123456)),
        ("2026-01-05 09:00:00,5", datetime(2026, 1, 5, 9, 0, 0, 500000)),
        ("2026-01-05t09:00z", datetime(2026, 1, 5, 9)),
        ("2026-1-5 9:05", datetime(2026, 1, 5, 9, 5)),
        ("20260105T090000Z", datetime(2026, 1, 5, 9)),
        ("12-janv.-2026", datetime(2026, 1, 12)),
        ("lun. 12 janv. 2026 à 14 h 05", datetime(2026, 1, 12, 14, 5)),
        ("1er août 2026", datetime(2026, 8, 1)),
        ("12. Januar 2026 um 14:05 Uhr", datetime(2026, 1, 12, 14, 5)),
        ("Do., 5. März 2026", datetime(2026, 3, 5)),
        ("12 gennaio 2026 alle ore 14.05", datetime(2026, 1, 12, 14, 5)),
        ("12 de enero de 2026 a las 9:05 p. m.", datetime(2026, 1, 12, 21, 5)),
        ("12 de setembro de 2026 às 21:05", datetime(2026, 9, 12, 21, 5)),
        ("2026年1月12日", datetime(2026, 1, 12)),
        ("2026年1月12日 15时04分05秒", datetime(2026, 1, 12, 15, 4, 5)),
        ("2026年1月12日下午3:04", datetime(2026, 1, 12, 15, 4)),
        ("Jan 12th, 2026, 3:04\u202fPM", datetime(2026, 1, 12, 15, 4)),
        ("12/31/2026 12:00 AM", datetime(2026, 12, 31)),
        ("12/31/2026 12:00 p.m.", datetime(2026, 12, 31, 12)),
        ("\u200e31/12/2026\u200e 14:05", datetime(2026, 12, 31, 14, 5)),
        ("Mon Jan 05 2026 09:00:00 GMT+0100 (CET)", datetime(2026, 1, 5, 8)),
        ("Mon, 05 Jan 2026 09:00:00 EST", datetime(2026, 1, 5, 14)),
    ],
)
def test_a_time_is_read_in_the_way_of_its_language_or_program(written: str, meant: datetime) -> None:
    assert times(written) == [meant]


@pytest.mark.parametrize(
    "written",
    [
        *("TBD", "n/a", "-", "?", "soon", "Q1 2026", "2026", "1/2026", "31/02/2026", "2026-13-01", "29 Feb 2026"),
        *("31/12/2026 25:00", "31/12/2026 13:00 PM", "9999-12-31", "0001-01-01", "12 Foo 2026", "infinity", "epoch"),
        *("2026-01-05 09:00 CST", "1899-12-31T23:59:59", "2200-01-02", "12", "99999999999999999999999", "31/12/026"),
    ],
)
def test_what_is_no_time_is_left_unread(written: str) -> None:
    assert times(written, "2026-01-05") == [None, datetime(2026, 1, 5)]


@given(st.lists(st.text(max_size=30) | st.from_regex(r"[0-9:./T\-+ ]{1,25}", fullmatch=True), min_size=1, max_size=20))
@settings(max_examples=30, deadline=None)
def test_whatever_a_cell_holds_reading_it_as_time_or_number_ends_well(cells: list[str]) -> None:
    cells = [cell.replace("\x00", "") for cell in cells]
    column = Column(cells)
    read = column.times(Conventions("dmy"))
    assert all(time is None or datetime(1900, 1, 1) <= time <= datetime(2200, 1, 1) for time in read)
    assert all(amount is None or abs(amount) < float("inf") for amount in column.amounts())
    assert len(column.read(currency_of(column.table, "c"))) == len(cells)


def test_quotes_and_braces_in_a_header_do_no_harm() -> None:
    relations = Relations()
    header = """it's "{}" {x} $1 %s"""
    relations.put("t", {header: ["5 Jan 2026", "31.01.2026"]}, {header: "VARCHAR"})
    table = Table("t", Path("t.csv"), "t.csv", {header: "VARCHAR"}, 2, "rowid")
    sql = time_of(relations, table, header, Conventions(timezone="Europe/Rome"))
    read = relations.rows(f"SELECT {sql} FROM t ORDER BY rowid")
    assert read == [(datetime(2026, 1, 4, 23),), (datetime(2026, 1, 30, 23),)]


@given(st.lists(st.integers(20_000 * 86_400, 80_000 * 86_400), min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
def test_days_of_excel_are_counted_from_the_end_of_1899(seconds: list[int]) -> None:
    meant = [datetime(1899, 12, 30) + timedelta(seconds=count) for count in seconds]
    assert Column([count / 86_400 for count in seconds], "DOUBLE").times() == meant
    assert times(*(f"{count / 86_400:.10f}" for count in seconds)) == meant


def test_a_number_beside_dates_is_no_day_of_excel() -> None:
    assert times("46027", "2026-01-05") == [None, datetime(2026, 1, 5)]


@pytest.mark.parametrize(
    ("unit", "kinds"), [(1, ("BIGINT", "DOUBLE")), (10**3, ("BIGINT", "DOUBLE")), (10**6, ("BIGINT",))]
)
@given(st.lists(st.integers(4 * 10**8, 7 * 10**9), min_size=1, max_size=60))
@settings(max_examples=12, deadline=None)
def test_counts_since_1970_are_read_by_their_size_and_type(
    unit: int, kinds: tuple[str, ...], counts: list[int]
) -> None:
    meant = [datetime(1970, 1, 1) + timedelta(seconds=count) for count in counts]
    cells = [count * unit for count in counts]
    assert times(*map(str, cells)) == meant
    for kind in kinds:
        assert Column(cells, kind).times() == meant


def test_the_unit_of_counts_is_that_of_the_column_not_of_the_cell() -> None:
    assert times("1767323045000", "1767323046000", "1767323045") == [
        datetime(2026, 1, 2, 3, 4, 5),
        datetime(2026, 1, 2, 3, 4, 6),
        None,
    ]


def test_dates_that_leave_their_order_open_are_asked_for_and_the_answer_counts() -> None:
    with pytest.raises(LogError, match="does not show whether the day or the month"):
        times("03/04/2026", "05/06/2026")
    assert times("03/04/2026", conventions=Conventions("dmy")) == [datetime(2026, 4, 3)]
    assert times("03/04/2026", "31/12/2026", conventions=Conventions("mdy")) == [datetime(2026, 3, 4), None]


def test_dates_that_read_alike_both_ways_need_no_answer() -> None:
    assert times("05/05/2026") == [datetime(2026, 5, 5)]


def test_a_column_that_proves_both_orders_is_refused_until_somebody_decides() -> None:
    with pytest.raises(LogError, match="some dates day first and some month first"):
        times("13/04/2026", "04/13/2026")
    assert times("13/04/2026", "04/13/2026", conventions=Conventions("dmy")) == [datetime(2026, 4, 13), None]


def test_a_column_written_alike_lends_its_proof_and_the_report_hears_of_it() -> None:
    column = Column(["03/04/2026", "05/05/2026"], closed=["25/04/2026", ""], other=["04-25-2026", ""])
    assert column.times() == [datetime(2026, 4, 3), datetime(2026, 5, 5)]
    (reading,) = kept(column.relations)
    assert (reading.kind, reading.file, reading.column, reading.cells) == ("lent-date-order", "t.csv", "c", 1)
    assert "'closed' of t.csv" in reading.said


def test_columns_that_prove_different_orders_lend_nothing() -> None:
    column = Column(["03/04/2026"], closed=["25/04/2026"], opened=["04/25/2026"])
    with pytest.raises(LogError, match="--date-order"):
        column.times()


def test_another_table_of_the_export_may_lend_its_proof() -> None:
    column = Column(["03/04/2026"])
    beside = column.another("u", {"c": ["12/25/2026 10:00"]})
    assert column.times(Conventions(beside=(column.table, beside))) == [datetime(2026, 3, 4)]


@pytest.mark.parametrize(
    ("cells", "known"),
    [
        (["2026-01-05 09:00:05", "2026-01-05 09:00"], "second"),
        (["2026-01-05 09:00", "2026-01-05 10:15"], "minute"),
        (["2026-01-05", "2026-01-06"], "day"),
        (["2026-01-04 23:00", "2026-07-05 22:00", "2026-07-06 22:00"], "day"),
        (["2026-01-04 23:00", "2026-07-05 20:00", "2026-07-06 22:00"], "minute"),
        (["2026-01-05 09:00:01"], "second"),
        (["TBD"], None),
    ],
)
def test_how_exactly_times_are_known_is_told_from_all_of_them(cells: list[str], known: str | None) -> None:
    column = Column(cells)
    assert precision_of(column.relations, "t", time_of(column.relations, column.table, "c", PLAIN)) == known


def test_the_report_counts_odd_cells_of_records_with_their_rows(tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text(
        "OpportunityId,StageName,CreatedDate\na,Demo,2026-01-05\na,Closed Won,2026-01-09\nb,Demo,2026-01-06\n"
    )
    (tmp_path / "deals.csv").write_text(
        "Id,StageName,IsWon,Amount,CreatedDate,CloseDate\n"
        "a,Closed Won,true,-5,TBD,2026-01-09\nb,Demo,false,1.234,,soon\n"
    )
    problems = {problem.kind: problem for problem in read_log(tmp_path).ingest.problems}
    assert problems["negative-amount"].examples == ("deals.csv:2",)
    assert problems["unreadable-created-date"].examples == ("deals.csv:2",)
    assert problems["unreadable-closed-date"].examples == ("deals.csv:3",)
    assert (problems["ambiguous-number"].rows, problems["ambiguous-number"].examples) == (1, ("deals.csv: Amount",))
    assert "--decimal ." in problems["ambiguous-number"].treatment


@pytest.mark.public_log
def test_dates_of_several_makes_in_one_column_are_all_read_or_counted() -> None:
    log = read_log(public_log("dirty_crm"))
    assert log.relations.row("SELECT created_at FROM deals WHERE deal_id = 'D1010'") == (datetime(2026, 6, 14, 9, 20),)
    problems = {problem.kind: problem.rows for problem in log.ingest.problems}
    assert problems["negative-amount"] == 1
    assert "unreadable-created-date" not in problems
