"""The six deals in databases of each kind."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.same_deals import DEALS, expected, outcomes, told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
