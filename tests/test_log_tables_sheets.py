"""Workbooks: sheets become tables, dates stay dates, and one that claims the whole world is not opened."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.engines import spreadsheet
from processminer.errors import LogError
from tests.tables_read import Read
from tests.workbooks import ERROR, write_workbook

HEADER = ["Deal", "Stage", "Entered", "Amount"]
NOON = datetime(2026, 1, 2, 12, 30, 15)


def test_a_report_saved_as_a_workbook_reads_as_its_table(tmp_path: Path) -> None:
    rows = [
        [None, "Opportunity History"],
        [None, "As of 2026-01-31"],
        [],
        [None, *HEADER],
        [None, "Acme", "Demo", NOON, 12500.5],
        [None, None, "Won", datetime(2026, 2, 3), 12000],
        [None, "0061", "Demo", None, ERROR],
        [],
        [None, "Grand Totals (3 records)", None, None, 24500.5],
        [None, "Confidential Information - Do Not Distribute"],
    ]
    path = write_workbook(tmp_path / "report.xlsx", {"Report": rows, "Empty": [], "Chart": [[]]}, merged=["B5:B6"])
    read = Read(path)
    table = read.only
    assert table.file == "report.xlsx, sheet Report"
    assert dict(table.columns) == {"Deal": "VARCHAR", "Stage": "VARCHAR", "Entered": "TIMESTAMP", "Amount": "VARCHAR"}
    assert read.cells() == [
        ("Acme", "Demo", NOON, "12500.5"),
        ("Acme", "Won", datetime(2026, 2, 3), "12000"),
        ("0061", "Demo", None, None),
    ]
    assert read.places() == tuple(f"report.xlsx, sheet Report:{line}" for line in (5, 6, 7))
    assert read.problems() == {
        "above-the-table": (2, ("report.xlsx, sheet Report:1", "report.xlsx, sheet Report:2")),
        "below-the-table": (2, ("report.xlsx, sheet Report:9", "report.xlsx, sheet Report:10")),
        "error-cell": (1, ("report.xlsx, sheet Report:7",)),
    }
    assert (table.rows, table.kept) == (7, 3)
    assert read.conserves()


def test_every_sheet_is_a_table_and_those_of_the_same_columns_are_one(tmp_path: Path) -> None:
    sheets = {
        "2024": [HEADER, ["x", "A", NOON, 1]],
        "2025": [HEADER, ["y", "B", datetime(2026, 1, 3), "n/a"]],
        "Stages": [["id", "label", "position"], [1, "A", 1]],
    }
    read = Read(write_workbook(tmp_path / "crm.xlsx", sheets))
    assert [table.file for table in read.tables] == [
        "crm.xlsx, sheet 2024 and crm.xlsx, sheet 2025",
        "crm.xlsx, sheet Stages",
    ]
    assert read.cells(read.tables[0]) == [("x", "A", NOON, "1"), ("y", "B", datetime(2026, 1, 3), "n/a")]
    assert read.places(read.tables[0]) == ("crm.xlsx, sheet 2024:2", "crm.xlsx, sheet 2025:2")


def test_a_workbook_is_told_by_its_content(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "crm.xlsx", {"A": [HEADER, ["x", "A", NOON, 1]]})
    for name in ("crm.csv", "crm", "crm.zip"):
        assert len(Read(path.rename(tmp_path / name)).cells()) == 1
        path = tmp_path / name


def test_an_old_workbook_and_an_open_document_are_read(tmp_path: Path) -> None:
    corpus = Path(__file__).parent / "fuzz" / "corpus"
    for kind in ("xls", "ods"):
        path = tmp_path / f"deals.{kind}"
        path.write_bytes((corpus / kind).read_bytes()[1:])
        assert Read(path).cells()[0][:2] == ("x", "A")


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> Path:
    to = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name == part else content)
    return to


def test_a_cell_at_the_end_of_the_world_is_not_believed(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "far.xlsx", {"A": [HEADER, ["x", "A", NOON, 1]]})
    far = rewritten(path, "xl/worksheets/sheet0.xml", b'r="D2"', b'r="XFD1048576"')
    with pytest.raises(LogError, match="row 1,048,576 and column 16,384") as caught:
        Read(far)
    assert caught.value.hint


def test_a_workbook_that_unpacks_without_end_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "UNSUSPICIOUS", 1 << 20)
    path = write_workbook(tmp_path / "far.xlsx", {"A": [HEADER, ["x" * (5 << 20), "A", NOON, 1]]})
    with pytest.raises(LogError, match="times its size"):
        Read(path)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", b"<sheets>", b"<sheets"),
        ("xl/worksheets/sheet0.xml", b"</row>", b""),
        ("xl/_rels/workbook.xml.rels", b"worksheets/", b"nowhere/"),
        ("xl/worksheets/sheet0.xml", b"<v>", b"<v>zz"),
    ],
)
def test_a_damaged_workbook_is_refused_or_read_but_never_breaks(
    tmp_path: Path, part: str, old: bytes, new: bytes
) -> None:
    path = rewritten(write_workbook(tmp_path / "crm.xlsx", {"A": [HEADER, ["x", "A", NOON, 1]]}), part, old, new)
    try:
        assert Read(path).conserves()
    except LogError as error:
        assert error.hint  # noqa: PT017 - either is right


cells = st.one_of(
    st.text(alphabet="abcÄ;,\"' 1", min_size=1, max_size=6).filter(str.strip),
    st.integers(-(10**9), 10**9),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
    st.booleans(),
)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


def said(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


@settings(max_examples=60)
@given(rows=st.lists(st.tuples(cells, cells, days, cells), min_size=1, max_size=8))
def test_a_sheet_reads_what_was_written(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = tmp_path_factory.mktemp("sheets") / "deals.xlsx"
    read = Read(write_workbook(path, {"Deals": [HEADER, *rows]}))
    expected = [(said(a), said(b), datetime(day.year, day.month, day.day), said(c)) for a, b, day, c in rows]
    found = [(a, b, datetime(when.year, when.month, when.day), c) for a, b, when, c in read.cells()]
    assert found == expected
    assert read.conserves()
