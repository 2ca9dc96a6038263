"""Databases that cannot be read or chosen between, said in words, and no password repeated."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
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
from processminer.engines.address import is_address, read_address
from processminer.errors import EngineError, LogError
from processminer.log.database import shown
from processminer.log.options import Options
from processminer.log.read import read_log
from tests.postgres import PASSWORD
from tests.same_deals import outcomes
from tests.six_in_databases import MOVES, ROWS, statements, tells_the_six_deals, values

if TYPE_CHECKING:
    from tests.postgres import Server

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
