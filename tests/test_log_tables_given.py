"""Whatever a person hands over: files, folders, patterns, archives, pipes; copies, bombs, links and locked doors."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from processminer.errors import InputError, LogError
from processminer.log.tables import unpack
from tests.needs import need
from tests.tables_read import Read

A = "deal,stage,t\nx,A,1\ny,B,2\n"
B = "deal,stage,t\nz,C,3\n"
ROWS_A, ROWS_B = [("x", "A", "1"), ("y", "B", "2")], [("z", "C", "3")]


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def zstandard(content: bytes) -> bytes:
    import pyarrow as pa

    return bytes(pa.compress(content, codec="zstd", asbytes=True))


PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard}


@pytest.mark.parametrize("ending", PACKERS)
def test_a_packed_file_reads_like_what_is_in_it(tmp_path: Path, ending: str) -> None:
    for name in (f"log.csv.{ending}", f"log.{ending}", "log"):
        path = tmp_path / name
        path.write_bytes(PACKERS[ending](A.encode()))
        read = Read(path)
        assert read.cells() == ROWS_A
        assert read.places() == (f"{name}:2", f"{name}:3")


@pytest.mark.parametrize("ending", PACKERS)
def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"log.csv.{ending}"
    path.write_bytes(PACKERS[ending](os.urandom(2000).hex().encode())[:-30])
    with pytest.raises(LogError, match="damaged or cut off") as caught:
        Read(path)
    assert caught.value.hint


def test_an_archive_gives_every_file_in_it_and_nothing_that_a_program_left(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("stages.csv", "id,label,position,open\n1,A,1,yes\n")
    members = {
        "2024.csv": A,
        "more/2025.csv": B,
        "inner.zip": inner.getvalue(),
        "packed.csv.gz": gzip.compress(b"mail,name,team,rank\na@b,Ann,East,1\n"),
        "__MACOSX/._2024.csv": b"\0\5",
        ".hidden.csv": A,
        "~$2024.xlsx": b"lock",
        "notes.md": "| a | b |\n",
    }
    read = Read(zipped(tmp_path / "all.zip", members))
    tables = {table.file: read.cells(table) for table in read.tables}
    assert tables == {
        "all.zip, 2024.csv and all.zip, more/2025.csv": ROWS_A + ROWS_B,
        "all.zip, inner.zip, stages.csv": [("1", "A", "1", "yes")],
        "all.zip, packed.csv.gz": [("a@b", "Ann", "East", "1")],
    }
    assert read.given.passed_over == ()
    assert read.places(read.tables[0]) == (
        "all.zip, 2024.csv:2",
        "all.zip, 2024.csv:3",
        "all.zip, more/2025.csv:2",
    )


def test_a_folder_gives_its_files_and_those_one_level_below_each_once(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "deeper").mkdir()
    (tmp_path / "2024" / "a.csv").write_text(A)
    (tmp_path / "2024" / "deeper" / "never.csv").write_text(B.replace("z", "n"))
    (tmp_path / "b.csv").write_text(B)
    (tmp_path / "copy of b.csv").write_text(B)
    (tmp_path / "latest.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "2024" / "round").symlink_to(tmp_path)
    (tmp_path / "note.json").write_text('{"about": {"made": [1, 2]}}')
    (tmp_path / ".DS_Store").write_bytes(b"\0\0")
    read = Read(tmp_path)
    assert read.cells() == ROWS_A + ROWS_B
    assert [(piece.file, piece.first_row, piece.rows) for piece in read.only.pieces] == [
        ("2024/a.csv", 0, 2),
        ("b.csv", 2, 1),
    ]
    assert {passed.file: passed.why for passed in read.given.passed_over} == {
        "copy of b.csv": "is the same as b.csv, byte for byte.",
        "note.json": "holds no list of records.",
    }


def test_a_pattern_gives_what_it_matches(tmp_path: Path) -> None:
    (tmp_path / "2024.csv").write_text(A)
    (tmp_path / "2025.csv").write_text(B)
    (tmp_path / "2025.txt").write_text("other,columns,here\n1,2,3\n")
    assert Read(str(tmp_path / "20*.csv")).cells() == ROWS_A + ROWS_B
    with pytest.raises(LogError, match="matches no file"):
        Read(str(tmp_path / "19*.csv"))


@pytest.mark.parametrize(
    "content", [A.encode(), gzip.compress(A.encode(), mtime=0), A.encode("utf-16")], ids=["text", "gz", "utf-16"]
)
def test_standard_input_and_named_pipes_are_read_as_what_they_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    read = Read("-")
    assert read.cells() == ROWS_A
    assert read.places() == ("standard input:2", "standard input:3")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    assert Read(pipe).cells() == ROWS_A
    writer.join()


def test_the_columns_decide_what_is_stacked_not_their_order(tmp_path: Path) -> None:
    (tmp_path / "2024.csv").write_text(A)
    (tmp_path / "2025.csv").write_text("T,deal,Stage\n3,z,C\n")
    assert Read(tmp_path).cells() == ROWS_A + ROWS_B


def test_two_short_tables_of_the_same_columns_stay_two_unless_their_names_say_otherwise(tmp_path: Path) -> None:
    (tmp_path / "owners.csv").write_text("id,name\n1,Ann\n")
    (tmp_path / "pipelines.csv").write_text("id,name\n1,Sales\n")
    assert len(Read(tmp_path).tables) == 2
    (tmp_path / "owners.csv").rename(tmp_path / "page1.csv")
    (tmp_path / "pipelines.csv").rename(tmp_path / "page2.csv")
    assert Read(tmp_path).cells() == [("1", "Ann"), ("1", "Sales")]


def test_positions_lead_to_the_right_file_past_what_was_set_aside(tmp_path: Path) -> None:
    (tmp_path / "2024.csv").write_text("deal,stage,t\nx,A,1\nover,long,row,of,cells\ny,B,2\nTotal,,\n")
    (tmp_path / "2025.csv").write_text("Report\n\ndeal,stage,t\nz,C,3\n")
    read = Read(tmp_path)
    assert read.cells() == ROWS_A + ROWS_B
    assert read.places() == ("2024.csv:2", "2024.csv:4", "2025.csv:4")
    assert read.problems() == {
        "below-the-table": (1, ("2024.csv:5",)),
        "too-many-cells": (1, ("2024.csv:3",)),
        "above-the-table": (1, ("2025.csv:1",)),
    }
    assert read.conserves()


def test_parquet_in_parts_is_one_table(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for part, rows in enumerate(([("x", "A", 1), ("y", "B", 2)], [("z", "C", 3)])):
        deal, stage, t = zip(*rows, strict=True)
        pq.write_table(pa.table({"deal": deal, "stage": stage, "t": t}), tmp_path / f"part-{part:04}.parquet")
    (tmp_path / "_SUCCESS").write_bytes(b"")
    (tmp_path / ".part-0000.parquet.crc").write_bytes(b"crc")
    read = Read(tmp_path)
    assert read.cells() == [("x", "A", 1), ("y", "B", 2), ("z", "C", 3)]
    assert read.places() == ("part-0000.parquet:1", "part-0000.parquet:2", "part-0001.parquet:1")
    assert read.only.columns["t"] == "BIGINT"


def test_parquet_that_is_damaged_inside_is_refused_when_a_query_gets_there(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"deal": ["x"] * 1000, "stage": [str(n) for n in range(1000)]}), path)
    content = bytearray(path.read_bytes())
    content[60:400] = b"\xff" * 340
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged") as caught:
        Read(path).cells()
    assert caught.value.place is not None


def test_parquet_and_csv_of_the_same_columns_are_one_table(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "2024.csv").write_text(A)
    pq.write_table(pa.table({"deal": ["z"], "stage": ["C"], "t": [3]}), tmp_path / "2025.parquet")
    read = Read(tmp_path)
    assert read.cells() == ROWS_A + ROWS_B
    assert read.places() == ("2024.csv:2", "2024.csv:3", "2025.parquet:1")


@pytest.mark.parametrize("packer", ["gz", "zst", "zip"])
def test_a_bomb_is_stopped_at_the_limit_which_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packer: str
) -> None:
    monkeypatch.setattr(unpack, "UNSUSPICIOUS", 1 << 20)
    blown = b"x," * (4 << 20)
    path = tmp_path / f"log.csv.{packer}"
    if packer == "zip":
        zipped(path, {"log.csv": blown})
    else:
        path.write_bytes(PACKERS[packer](blown))
    with pytest.raises(LogError, match="400 times its size") as caught:
        Read(path)
    assert caught.value.hint is not None
    assert "Unpack it yourself" in caught.value.hint


def test_archives_in_archives_and_all_of_them_together_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content: str | bytes = A
    for _ in range(4):
        content = zipped(tmp_path / "deep.zip", {"a.zip": content}).read_bytes()
    with pytest.raises(LogError, match="packed more than 3 times"):
        Read(tmp_path / "deep.zip")
    monkeypatch.setattr(unpack, "MOST_BYTES", 1000)
    with pytest.raises(LogError, match="unpacks to more than"):
        Read(zipped(tmp_path / "many.zip", {f"{n}.csv": A * 20 + str(n) for n in range(9)}))
    monkeypatch.setattr(unpack, "MOST_MEMBERS", 3)
    with pytest.raises(LogError, match="at most 3"):
        Read(tmp_path / "many.zip")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("table.xls", b"<html><body><table><tr><td>Deal</td></tr></table></body></html>", "web page"),
        ("table.xls", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com"/>', "XML form of 2003"),
        ("deals.pdf", b"%PDF-1.7", "PDF"),
        ("deals.csv", b"\x89PNG\r\n\x1a\n", "picture"),
        ("deals.7z", b"7z\xbc\xaf\x27\x1c\x00", "7-Zip"),
        ("deals.zip", b"PK\x03\x04 and no more", "damaged"),
        ("deals.docx", b"x", "not read"),
        ("deals.parquet", b"a,b\n1,2\n", "not a Parquet file"),
        ("deals.xml", b"<deals><deal/></deals>", "no event log"),
    ],
)
def test_what_is_no_table_is_told_by_its_content_and_refused_with_a_way_on(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LogError, match=said) as caught:
        Read(tmp_path / name)
    assert caught.value.hint


def test_a_word_document_and_a_locked_archive_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="without sheets"):
        Read(zipped(tmp_path / "letter.csv", {"[Content_Types].xml": "", "word/document.xml": ""}))
    path = zipped(tmp_path / "locked.zip", {"log.csv": A})
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.index(mark) + at] |= 1
    path.write_bytes(content)
    with pytest.raises(LogError, match="password"):
        Read(path)


def test_devices_are_no_files() -> None:
    with pytest.raises(LogError, match="device"):
        Read("/dev/zero")


def test_locked_doors_are_said(tmp_path: Path) -> None:
    need("locked-doors", there=os.geteuid() != 0, get_it="Nothing is locked to the superuser: run as someone else.")
    path = tmp_path / "log.csv"
    path.write_text(A)
    path.chmod(0)
    with pytest.raises(LogError, match="may not be read"):
        Read(path)
    tmp_path.chmod(0)
    with pytest.raises(LogError, match="may not be read"):
        Read(tmp_path)
    tmp_path.chmod(0o700)


def test_what_was_unpacked_vanishes_with_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gc
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(A.encode(), mtime=0))
    read = Read(tmp_path / "log.csv.gz")
    assert len(list(tmp_path.iterdir())) == 2
    del read
    gc.collect()
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv.gz"]
