"""Databases as logs: only what tells is read, nothing is written, and no password is repeated."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from processminer.cli import main
from processminer.engines import databases
from processminer.engines.address import Address, is_address, read_address
from processminer.engines.databases import AnyDatabase, open_database
from processminer.engines.relations import Relations
from processminer.errors import EngineError, LogError
from processminer.log.database import MOST_ATTRIBUTES, read_database, shown
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.log.sources.recognise import Wanted
from processminer.log.tables.places import places
from tests.postgres import PASSWORD
from tests.same_deals import DEALS, expected, outcomes, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.log.eventlog import EventLog
    from tests.postgres import Server

MOVES = "opportunity_history"
COLUMNS = '"Id" {key}, "OpportunityId" {text}, "StageName" {text}, "CreatedDate" {time}'
ROWS = [(deal, stage, at) for deal, path in DEALS.items() for stage, at in path]
"""What the six deals did, in an order that is not that of time."""


def values(rows: Sequence[tuple[str, str, object]]) -> str:
    return ", ".join(f"({number}, '{deal}', '{stage}', '{at}')" for number, (deal, stage, at) in enumerate(rows))


def statements(schema: str, time: str, key: str = "integer PRIMARY KEY", table: str = MOVES) -> list[str]:
    """Return what makes a table of the six deals' history."""
    columns = COLUMNS.format(text="varchar(40)", time=time, key=key)
    return [
        f"CREATE SCHEMA IF NOT EXISTS {schema}",
        f"CREATE TABLE {schema}.{table} ({columns})",
        f"INSERT INTO {schema}.{table} VALUES {values(ROWS)}",
    ]


@pytest.fixture
def crm(postgres: Server) -> str:
    """Return the URL of a Postgres database with the six deals."""
    postgres.run(*statements("crm", "timestamp"), database=postgres.made("six"))
    return postgres.url(database="six")


@pytest.fixture
def duck(tmp_path: Path) -> Path:
    """Return a DuckDB file with the six deals, whose name does not say what it is."""
    path = tmp_path / "warehouse.bin"
    with closing(duckdb.connect(str(path))) as connection:
        for statement in statements("crm", "timestamp"):
            connection.execute(statement)
    return path


@pytest.fixture
def lite(tmp_path: Path) -> Path:
    """Return an SQLite file with the six deals."""
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)) as connection:
        columns = COLUMNS.format(text="TEXT", time="TEXT", key="INTEGER PRIMARY KEY")
        connection.execute(f"CREATE TABLE {MOVES} ({columns})")
        connection.execute(f"INSERT INTO {MOVES} VALUES {values(ROWS)}")
        connection.commit()
    return path


def tells_the_six_deals(log: EventLog) -> None:
    assert told(log, "changes") == expected("changes")
    assert outcomes(log) == {"won": 2, "lost": 2, "open": 2}
    assert log.ingest.profile == "salesforce-opportunity-history"
    assert log.ingest.rows_read == len(ROWS)


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


# Which tables


def test_two_tables_that_could_be_the_history_are_not_chosen_between(postgres: Server) -> None:
    database = postgres.made("copies")
    postgres.run(*statements("crm", "timestamp"), *statements("backup_2024", "timestamp"), database=database)
    url = postgres.url(database=database)
    with pytest.raises(LogError, match=f"2 tables that could be the history: backup_2024.{MOVES} and crm.{MOVES}"):
        read_log(url)
    tells_the_six_deals(read_log(f"{url}?schema=crm"))
    tells_the_six_deals(read_log(url, Options(tables={"history": f"crm.{MOVES}"})))
    tells_the_six_deals(read_log(f"{url}#crm.{MOVES}"))
    log = read_log(f"{url}#history=CRM.{MOVES}")
    tells_the_six_deals(log)
    assert log.source == f"postgres://owner@127.0.0.1:{url.rpartition(':')[2]}#history=CRM.{MOVES}"
    with pytest.raises(LogError, match=f"has 2 tables called '{MOVES}'"):
        read_log(url, Options(tables={"history": MOVES}))


def test_a_table_that_half_the_world_has_is_no_history_unless_it_is_the_only_one_or_named(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with closing(duckdb.connect(str(path))) as connection:
        for table in ("orders", "parcels"):
            connection.execute(
                f"CREATE TABLE {table} AS SELECT 'x' AS id, 'Won' AS status, date '2026-01-01' AS created_at"
            )
    with pytest.raises(LogError, match="2 tables that could be the history: orders and parcels"):
        read_log(path)
    assert read_log(path, Options(tables={"history": "parcels"})).ingest.files[0].name == "parcels"


@pytest.mark.parametrize(
    ("tail", "said", "hint"),
    [
        ("?schema=nope", "has no schema 'nope'", "There are: crm"),
        ("#history=crm.oportunity_history", "has no table 'crm.oportunity_history'", f"Did you mean 'crm.{MOVES}'?"),
        ("#nothing_like_it_at_all", "has no table 'nothing_like_it_at_all'", f"There are: crm.{MOVES}"),
    ],
)
def test_a_name_that_is_not_there_is_said_with_those_that_are(crm: str, tail: str, said: str, hint: str) -> None:
    with pytest.raises(LogError) as caught:
        read_log(crm + tail)
    assert said in str(caught.value)
    assert hint in str(caught.value)


def test_a_database_without_a_table_of_an_export_is_said(postgres: Server) -> None:
    url = postgres.url(database=postgres.made("none"))
    with pytest.raises(LogError, match="has no table that you may read"):
        read_log(url)
    postgres.run("CREATE TABLE colours (hue text, taste text)", database="none")
    with pytest.raises(LogError, match=r"has no table with the columns of an export.\n.*colours"):
        read_log(url)


def test_names_that_look_like_sql_are_names(postgres: Server) -> None:
    database = postgres.made("odd")
    schema, table = '"a""; DROP TABLE x; --"', '"it\'s ""odd"" %s"'
    columns = '"Opportunity ID" text, "Stage\'s ""name""" text, "when; --" date'
    postgres.run(
        f"CREATE SCHEMA {schema}",
        f"CREATE TABLE {schema}.{table} ({columns})",
        f"INSERT INTO {schema}.{table} SELECT d, s, at::date FROM (VALUES {values(ROWS)}) AS t(n, d, s, at)",
        database=database,
    )
    said = {"deal": "Opportunity ID", "stage": 'Stage\'s "name"', "entered": "when; --"}
    log = read_log(postgres.url(database=database), Options(columns=said))
    assert outcomes(log) == {"won": 2, "lost": 2, "open": 2}


def test_columns_that_differ_in_their_capitals_alone_are_read_once(postgres: Server) -> None:
    database = postgres.made("twins")
    postgres.run(
        *statements("crm", "timestamp"),
        'CREATE TABLE crm.opportunity ("Id" text, id text, "Name" text, "StageName" text, "IsWon" boolean, '
        '"IsClosed" boolean, region text, "Region" text)',
        "INSERT INTO crm.opportunity VALUES ('Acme', 'other', 'Acme', 'Closed Won', true, true, 'North', 'South')",
        database=database,
    )
    log = read_log(postgres.url(database=database))
    assert log.relations.rows("SELECT DISTINCT value FROM attributes WHERE attribute = 'region'") == [("North",)]


# What goes wrong is said in words


def failure(url: str) -> str:
    code, out, err = run("doctor", url)
    assert (code, out) == (2, ""), err
    assert "Traceback" not in err
    return err


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("url", "said", "hint"),
    [
        ("postgres://ann:{pw}@127.0.0.1:1/crm", "Connection refused", "Is the server up"),
        ("postgres://ann:{pw}@no-such-host.invalid/crm", "could not translate host name", "Check the host's name"),
        ("postgres://ann:{pw}@127.0.0.1:{port}/crm", "password authentication failed", "PGPASSWORD"),
        ("postgres://owner:{right}@127.0.0.1:{port}/nope", 'database "nope" does not exist', "Check the names"),
        ("postgres://owner:{right}@127.0.0.1:{port}/postgres?colour=red", "colour", "Is the server up"),
        ("postgres://ann:a/{pw}@127.0.0.1/crm", "cannot be taken apart", "%2F"),
        ("oracel://ann:{pw}@127.0.0.1/crm", "is no kind of database that is known", "postgres, duckdb, sqlite"),
        ("duckdb:///no/such/file.duckdb", "does not exist", "Check the path"),
        ("sqlite:///no/such/file.db", "does not exist", "Check the path"),
    ],
)
def test_a_database_that_cannot_be_opened_is_said_in_words(postgres: Server, url: str, said: str, hint: str) -> None:
    word = "hunter2-and-more"
    err = failure(url.format(pw=word, right=quote(PASSWORD, safe=""), port=postgres.port))
    assert said in err
    assert hint in err
    assert word not in err
    assert PASSWORD not in err
    assert quote(PASSWORD, safe="") not in err


def test_a_duckdb_file_that_another_program_writes_is_said(duck: Path) -> None:
    hold = f"import duckdb; held = duckdb.connect({str(duck)!r}); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        err = failure(str(duck))
        writer.communicate(b"\n")
    assert "cannot be opened" in err
    assert "Another program is writing to it" in err


def test_a_table_is_named_on_the_command_line(postgres: Server) -> None:
    database = postgres.made("named")
    postgres.run(*statements("crm", "timestamp"), *statements("old", "timestamp"), database=database)
    code, out, err = run("doctor", postgres.url(database=database), "--table", f"history=old.{MOVES}")
    assert code == 0, err
    assert f"old.{MOVES} " in out
    assert f"crm.{MOVES} is passed over: it has columns of an export" in " ".join(out.split())


def test_a_missing_driver_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql.dbapi", None)
    monkeypatch.setitem(sys.modules, "ibis", None)
    for scheme in ("postgres", "postgresql", "mysql", "snowflake"):
        err = failure(f"{scheme}://ann:hunter2@127.0.0.1/crm")
        assert "needs a driver that is not installed" in err
        assert "pip install 'processminer[databases]'" in err
        assert "hunter2" not in err


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_driver_that_ibis_misses_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "MySQLdb", None)
    err = failure("mysql://ann:hunter2@127.0.0.1/crm")
    assert "pip install 'ibis-framework[mysql]'" in err
    assert "hunter2" not in err


def test_a_server_that_loses_patience_is_said(postgres: Server) -> None:
    database = postgres.made("slow")
    postgres.run(
        *statements("crm", "timestamp", table="moves"),
        'ALTER TABLE crm.moves RENAME COLUMN "StageName" TO unknown_to_all',
        f'CREATE VIEW crm.{MOVES} AS SELECT "OpportunityId", "CreatedDate", '
        'unknown_to_all || pg_sleep(1) AS "StageName" FROM crm.moves',
        f"ALTER DATABASE {database} SET statement_timeout = '200ms'",
        database=database,
    )
    err = failure(postgres.url(database=database))
    assert "statement timeout" in err
    assert "ask for more time" in err


def test_a_table_that_another_program_holds_is_said(
    postgres: Server, crm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import adbc_driver_postgresql.dbapi as driver

    monkeypatch.setattr(databases, "_PATIENCE", 2)
    with driver.connect(crm, autocommit=False) as connection, connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE crm.{MOVES} IN ACCESS EXCLUSIVE MODE")
        err = failure(crm)
    assert "lock timeout" in err
    assert "try again when it is done" in err


def test_a_file_that_is_no_database_or_is_in_use_is_said(tmp_path: Path, duck: Path) -> None:
    other = tmp_path / "other.duckdb"
    other.write_text("id,stage\n")
    assert "cannot be opened" in failure(f"duckdb:///{other}")
    assert "cannot be opened: file is not a database" in failure(f"sqlite:///{other}")
    cut = tmp_path / "cut.duckdb"
    cut.write_bytes(duck.read_bytes()[:9000])
    assert "cannot be opened" in failure(str(cut))


def test_a_view_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    path = tmp_path / "broken.duckdb"
    csv = tmp_path / "gone.csv"
    csv.write_text("OpportunityId,StageName,CreatedDate\nx,Demo,2026-01-01\n")
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute(f"CREATE VIEW {MOVES} AS SELECT * FROM '{csv}'")
    csv.unlink()
    assert f"table {MOVES} cannot be read" in failure(str(path))


# No password is ever repeated


def test_an_audit_of_a_database_repeats_no_password(crm: str, tmp_path: Path) -> None:
    code, out, err = run("audit", crm, "--out", str(tmp_path / "audit"))
    assert code == 0, err
    written = "".join(path.read_text(encoding="utf-8", errors="replace") for path in (tmp_path / "audit").iterdir())
    for secret in (PASSWORD, quote(PASSWORD, safe="")):
        assert secret not in out + err + written
    audit = json.loads((tmp_path / "audit" / "audit.json").read_text())
    assert audit["source"]["log"] == shown(crm)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=4, max_size=20)


@given(word=WORDS, form=st.sampled_from(["plain", "quoted", "option"]), scheme=st.sampled_from(["postgres", "mysql"]))
def test_an_address_is_shown_without_its_password_or_refused_without_it(word: str, form: str, scheme: str) -> None:
    # Told apart from every other part of the address, for a password such as "host" stands there anyhow.
    secret = f"§{word}§"
    url = {
        "plain": f"{scheme}://ann:{secret}@h:5/db?sslmode=require",
        "quoted": f"{scheme}://ann:{quote(secret, safe='')}@h:5/db#a.b",
        "option": f"{scheme}://ann@h/db?token={quote(secret, safe='')}&sslmode=require",
    }[form]
    if form == "plain" and set("/?") & set(secret):
        with pytest.raises(EngineError) as caught:
            read_address(url)
        assert secret not in f"{caught.value} {caught.value!r}"
        return
    address = read_address(url)
    assert secret not in address.said + repr(address)
    assert quote(secret, safe="") not in address.said + repr(address)
    assert "§" not in address.scrubbed(f"FATAL: {secret}, or {quote(secret, safe='')}")
    if form != "plain":
        assert address.secrets


@given(word=WORDS)
def test_a_password_reaches_the_driver_as_it_is_meant(word: str) -> None:
    from urllib.parse import unquote, urlsplit

    address = read_address(f"postgres://ann:{quote(word, safe='')}@h/db")
    assert unquote(urlsplit(address.opened).password or "") == word


def test_files_that_are_no_database_are_no_address(tmp_path: Path, lite: Path) -> None:
    ocel = tmp_path / "log.sqlite"
    with closing(sqlite3.connect(ocel)) as connection:
        connection.execute("CREATE TABLE event_map_type (a)")
        connection.execute("CREATE TABLE object_map_type (a)")
    (tmp_path / "x.csv").write_text("a,b\n")
    for source in (str(ocel), str(tmp_path / "x.csv"), str(tmp_path), "-", "a\0b", "C:/exports/x.csv"):
        assert not is_address(source)
    assert is_address(str(lite))
