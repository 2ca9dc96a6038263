"""Databases as logs: only what tells is read, nothing is written, and no password is repeated."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from processminer.engines import databases
from processminer.engines.address import Address, read_address
from processminer.engines.databases import AnyDatabase, open_database
from processminer.engines.relations import Relations
from processminer.errors import LogError
from processminer.log.database import MOST_ATTRIBUTES, read_database
from processminer.log.read import read_log
from processminer.log.sources.recognise import Wanted
from processminer.log.tables.places import places
from tests.postgres import PASSWORD
from tests.six_in_databases import COLUMNS, MOVES, ROWS, statements, tells_the_six_deals, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Server

# Every door tells the same deals


def test_a_postgres_database_is_read_by_its_url(crm: str) -> None:
    tells_the_six_deals(read_log(crm))


def test_a_duckdb_file_is_read_by_its_path_whatever_its_ending(duck: Path) -> None:
    tells_the_six_deals(read_log(duck))


def test_an_sqlite_file_is_read_by_its_path(lite: Path) -> None:
    tells_the_six_deals(read_log(lite))


@pytest.mark.parametrize("slashes", ["//", "///", "////"])
def test_a_file_is_found_behind_any_number_of_slashes(duck: Path, lite: Path, slashes: str) -> None:
    for scheme, path in (("duckdb", duck), ("sqlite", lite)):
        tells_the_six_deals(read_log(f"{scheme}:{slashes}{str(path).lstrip('/') if slashes != '//' else path}"))


def test_a_file_is_found_from_here(duck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(duck.parent)
    tells_the_six_deals(read_log(f"duckdb:///{duck.name}"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_database_that_only_ibis_knows_is_read_through_it(lite: Path) -> None:
    # A real engine behind Ibis that needs no server: our own door to SQLite is not the one used.
    relations = Relations()
    with closing(AnyDatabase(Address("sqlite", str(lite), f"sqlite://{lite}"))) as database:
        (table,) = database.listed()
        assert (table.said, table.key) == (MOVES, ())
        database.bring(relations, "moves", table, ("OpportunityId", "CreatedDate", "StageName"))
    rows = relations.rows('SELECT "OpportunityId", "StageName", "CreatedDate"::TIMESTAMP FROM moves ORDER BY ALL')
    assert rows == sorted(ROWS)


# Only what tells is read


def test_columns_and_tables_that_are_not_used_are_never_computed(postgres: Server) -> None:
    forbidden = "CREATE FUNCTION never() RETURNS text LANGUAGE plpgsql STABLE AS $$BEGIN RAISE 'was read'; END$$"
    postgres.run(
        *statements("crm", "timestamp", table="moves"),
        forbidden,
        f'CREATE VIEW crm.{MOVES} AS SELECT *, never() AS secret_note, never() AS "Amount2" FROM crm.moves',
        'ALTER TABLE crm.moves RENAME COLUMN "StageName" TO unknown_to_all',
        "CREATE VIEW crm.payroll AS SELECT never() AS salary, never() AS person",
        database=postgres.made("shy"),
    )
    log = read_log(postgres.url(database="shy"))
    tells_the_six_deals(log)
    assert any("is passed over" in reason for reason in log.ingest.reasons)


def test_tables_that_may_not_be_read_are_not_touched(postgres: Server) -> None:
    database = postgres.made("closed")
    postgres.run(
        *statements("crm", "timestamp"),
        *statements("board", "timestamp"),
        "DROP ROLE IF EXISTS clerk",
        f"CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}'",
        "GRANT USAGE ON SCHEMA crm TO clerk",
        f'GRANT SELECT ("OpportunityId", "StageName", "CreatedDate", "Id") ON crm.{MOVES} TO clerk',
        database=database,
    )
    tells_the_six_deals(read_log(postgres.url("clerk", database)))


def test_a_duckdb_table_is_read_where_it_lies_and_not_copied(duck: Path) -> None:
    relations = Relations()
    found = read_database(relations, str(duck), Wanted())
    (table,) = {part.table.name for part in found.parts.values()}
    assert relations.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal") == [(table,)]
    assert list(found.parts["history"].table.columns) == ["OpportunityId", "StageName", "CreatedDate"]


def test_of_a_deals_table_that_is_wide_only_so_many_columns_are_fetched(tmp_path: Path) -> None:
    path = tmp_path / "wide.duckdb"
    own = ", ".join(f"{number} AS custom_{number:03}__c" for number in range(MOST_ATTRIBUTES + 40))
    with closing(duckdb.connect(str(path))) as connection:
        for statement in statements("crm", "timestamp"):
            connection.execute(statement)
        connection.execute(
            f'CREATE TABLE crm.opportunity AS SELECT DISTINCT "OpportunityId" AS "Id", \'Demo\' AS "StageName", {own}, '
            f'false AS "IsWon", false AS "IsClosed" FROM crm.{MOVES}'
        )
    found = read_database(Relations(), str(path), Wanted())
    columns = found.parts["deals"].table.columns
    assert {"Id", "StageName", "IsWon", "IsClosed"} <= set(columns)
    assert sum(column.startswith("custom") for column in columns) == MOST_ATTRIBUTES


# Nothing is written, and all is seen as of one moment


def test_a_database_is_read_only_for_real(postgres: Server) -> None:
    database = postgres.made("touchy")
    writes = "CREATE FUNCTION note() RETURNS text LANGUAGE sql AS $$INSERT INTO visits VALUES (1) RETURNING 'x'$$"
    postgres.run(
        *statements("crm", "timestamp", table="moves"),
        "CREATE TABLE visits (n integer)",
        writes,
        f'CREATE VIEW crm.{MOVES} AS SELECT "OpportunityId", "CreatedDate", "StageName" || note() AS "StageName" '
        "FROM crm.moves",
        'ALTER TABLE crm.moves RENAME COLUMN "StageName" TO unknown_to_all',
        database=database,
    )
    with pytest.raises(LogError, match=r"cannot execute INSERT in a read-only transaction.\n.*read another table"):
        read_log(postgres.url(database=database))
    assert postgres.rows("SELECT count(*) FROM visits", database) == [(0,)]


def test_files_are_opened_for_reading_alone(duck: Path, lite: Path) -> None:
    for path in (duck, lite):
        before = path.read_bytes()
        path.chmod(0o444)
        tells_the_six_deals(read_log(path))
        assert path.read_bytes() == before
        assert [other.name for other in path.parent.iterdir() if other.name.startswith(path.name)] == [path.name]


@contextmanager
def opened(url: str) -> Iterator[tuple[Relations, databases.Database]]:
    relations = Relations()
    with open_database(relations, read_address(url)) as database:
        yield relations, database


def test_what_is_written_while_we_read_is_not_seen_by_half(postgres: Server, crm: str) -> None:
    with opened(crm) as (relations, database):
        (table,) = database.listed()
        postgres.run(f"DELETE FROM crm.{MOVES} WHERE \"OpportunityId\" <> 'Acme'", database="six")
        database.bring(relations, "moves", table, ("OpportunityId",))
    assert relations.row("SELECT count(*) FROM moves") == (len(ROWS),)


def test_what_is_written_to_an_sqlite_file_while_we_read_is_not_seen_by_half(lite: Path) -> None:
    with closing(sqlite3.connect(lite)) as writer:
        writer.execute("PRAGMA journal_mode = wal")
        with opened(str(lite)) as (relations, database):
            (table,) = database.listed()
            writer.execute(f"DELETE FROM {MOVES}")
            writer.commit()
            database.bring(relations, "moves", table, ("OpportunityId",))
    assert relations.row("SELECT count(*) FROM moves") == (len(ROWS),)


def test_the_order_in_which_rows_lie_changes_nothing(postgres: Server) -> None:
    read: list[list[tuple[object, ...]]] = []
    for name, rows in (("forth", ROWS), ("back", ROWS[::-1])):
        columns = COLUMNS.format(text="text", time="date", key="integer")
        postgres.run(
            f"CREATE TABLE {MOVES} ({columns})",
            f"INSERT INTO {MOVES} SELECT 1, d, s, at::date FROM (VALUES {values(rows)}) AS t(n, d, s, at)",
            database=postgres.made(name),
        )
        with opened(postgres.url(database=name)) as (relations, database):
            (table,) = database.listed()
            database.bring(relations, "moves", table, tuple(table.columns))
        read.append(relations.rows("SELECT rowid, * FROM moves ORDER BY rowid"))
    assert len(read[0]) == len(ROWS)
    assert read[0] == read[1]


# Cells of every type


def test_cells_of_every_type_keep_their_text_and_times_stay_times(postgres: Server) -> None:
    database = postgres.made("types")
    postgres.run(
        "CREATE TYPE mood AS ENUM ('fair', 'stormy')",
        "CREATE DOMAIN moment AS timestamptz",
        "CREATE TABLE cells (n integer PRIMARY KEY, zoned timestamptz, bare timestamp, day date, own moment, "
        "price numeric(12, 2), note json, body jsonb, id uuid, sky mood, tags text[], yes boolean, "
        'share double precision, long bigint, "odd ""name" text)',
        "INSERT INTO cells VALUES (1, '2026-01-31 14:05+02', '2026-01-31 14:05:00.123456', '2026-01-31', "
        "'2026-01-31 14:05+02', 12500.50, '{\"a\": 1}', '{\"a\":1}', '4e791e77-eb87-4d9b-ab53-f0c58d2f6abd', 'stormy', "
        "'{x,y}', true, 0.5, 9007199254740993, 'ünï')",
        "INSERT INTO cells VALUES (2, 'infinity', '-infinity', 'infinity', '4713-01-01 BC', 'NaN')",
        "INSERT INTO cells (n) VALUES (3)",
        database=database,
    )
    with opened(postgres.url(database=database)) as (relations, opening):
        (table,) = opening.listed()
        opening.bring(relations, "cells", table, tuple(table.columns))
    assert table.key == ("n",)
    first, far, empty = relations.rows("SELECT * FROM cells ORDER BY n")
    assert [str(cell) for cell in first[1:5]] == [
        "2026-01-31 12:05:00+00:00", "2026-01-31 14:05:00.123456", "2026-01-31", "2026-01-31 12:05:00+00:00"
    ]  # fmt: skip
    assert first[5:] == (
        "12500.50", '{"a": 1}', '{"a": 1}', "4e791e77-eb87-4d9b-ab53-f0c58d2f6abd", "stormy", "{x,y}", "true", "0.5",
        "9007199254740993", "ünï",
    )  # fmt: skip
    assert [cell.year for cell in far[1:5]] == [9999, 1, 9999, 1]
    assert far[5] == "NaN"
    assert set(empty[1:]) == {None}


def test_a_time_without_end_is_set_aside_as_no_time(postgres: Server) -> None:
    database = postgres.made("endless")
    postgres.run(
        *statements("crm", "timestamptz"),
        f"INSERT INTO crm.{MOVES} VALUES (99, 'Acme', 'Demo', 'infinity'), (100, 'Acme', 'Demo', NULL)",
        database=database,
    )
    log = read_log(postgres.url(database=database))
    assert {problem.kind: problem.rows for problem in log.ingest.problems if problem.set_aside} == {
        "unreadable-time": 1,
        "no-time": 1,
    }
    assert log.ingest.rows_read == log.ingest.rows_used + 2


def test_sqlite_cells_of_any_kind_are_text(tmp_path: Path) -> None:
    path = tmp_path / "loose.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE cells (a, b)")
        connection.executemany("INSERT INTO cells VALUES (?, ?)", [(1, 2.5), ("x", b"\xff\xfe"), (None, "ünï")])
        connection.commit()
    with opened(str(path)) as (relations, database):
        (table,) = database.listed()
        database.bring(relations, "cells", table, ("a", "b"))
    assert relations.rows("SELECT * FROM cells ORDER BY a NULLS FIRST") == [
        (None, "ünï"), ("1", "2.5"), ("x", "\ufffd\ufffd")
    ]  # fmt: skip


def test_an_empty_table_is_a_table(postgres: Server, tmp_path: Path) -> None:
    database = postgres.made("empty")
    postgres.run(f"CREATE TABLE {MOVES} ({COLUMNS.format(text='text', time='date', key='integer')})", database=database)
    path = tmp_path / "empty.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE {MOVES} ({COLUMNS.format(text='text', time='text', key='integer')})")
        connection.commit()
    for source in (postgres.url(database=database), str(path)):
        with pytest.raises(LogError, match="has no row with a stage"):
            read_log(source)


# Where a row is found again


def test_a_row_is_named_by_its_key_or_else_by_its_deal_and_time(postgres: Server) -> None:
    for name, key, place in (
        ("keyed", "integer PRIMARY KEY", "Id 99"),
        ("keyless", "integer", "OpportunityId Ghost / CreatedDate 2026-02-01 00:00:00"),
    ):
        postgres.run(
            *statements("crm", "timestamp", key),
            f"INSERT INTO crm.{MOVES} VALUES (99, 'Ghost', NULL, '2026-02-01')",
            database=postgres.made(name),
        )
        log = read_log(postgres.url(database=name))
        (problem,) = [problem for problem in log.ingest.problems if problem.kind == "no-stage"]
        assert problem.examples == (f"Ghost (crm.{MOVES}, {place})",)


def test_a_row_whose_name_is_empty_still_has_a_place(lite: Path) -> None:
    with closing(sqlite3.connect(lite)) as connection:
        connection.execute("CREATE TABLE opportunity_field_history (a)")
        connection.execute(f'CREATE TABLE moves AS SELECT "OpportunityId", "StageName", "CreatedDate" FROM {MOVES}')
        connection.execute(f"DROP TABLE {MOVES}")
        connection.execute("INSERT INTO moves VALUES (NULL, 'Demo', NULL)")
        connection.commit()
    relations = Relations()
    table = read_database(relations, str(lite), Wanted()).parts["history"].table
    (row,) = relations.row(f'SELECT {table.row_number} FROM "{table.name}" WHERE "OpportunityId" IS NULL')
    assert places(relations, table, [int(row)]) == ("moves, a row without OpportunityId",)
