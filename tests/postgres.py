"""A real Postgres server for the tests that read one: made in a folder of its own, and gone when they end."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.needs import need

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PASSWORD = "s3cret/#?@%41 ü"
"""Of every user: with all that an address must encode."""


@dataclass(frozen=True)
class Server:
    """A running server with one superuser, `owner`, that listens on this machine alone."""

    port: int

    def url(self, user: str = "owner", database: str = "postgres", password: str = PASSWORD) -> str:
        return f"postgres://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        with self._connected(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def rows(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        with self._connected(database) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def fill(self, schema: str, table: str, rows: Any, database: str = "postgres") -> None:
        """Add the rows of an Arrow table to a table that is there."""
        with self._connected(database) as connection, connection.cursor() as cursor:
            cursor.adbc_ingest(table, rows, mode="append", db_schema_name=schema)

    def made(self, database: str) -> str:
        """Make an empty database and return its name."""
        self.run(f'DROP DATABASE IF EXISTS "{database}"', f'CREATE DATABASE "{database}"')
        return database

    def _connected(self, database: str) -> Any:
        import adbc_driver_postgresql.dbapi as driver

        return driver.connect(self.url(database=database), autocommit=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a server for this worker's tests."""
    programs = _programs()
    need("postgres", there=programs is not None and importlib.util.find_spec("adbc_driver_postgresql") is not None)
    assert programs is not None
    # Not below pytest's own folder: that is closed to the user whom the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if os.getuid() == 0:
        os.chown(folder, _unprivileged().pw_uid, _unprivileged().pw_gid)
    try:
        word = folder / "word"
        word.write_text(PASSWORD, encoding="utf-8")
        word.chmod(0o644)
        options = ("-U", "owner", "--pwfile", str(word), "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync")
        _run(programs / "initdb", "-D", str(folder / "cluster"), *options, folder=folder)
        port = _started(programs, folder)
        yield Server(port)
        _run(programs / "pg_ctl", "-D", str(folder / "cluster"), "-m", "immediate", "stop", folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Return the folder of the newest server's programs: distributions keep them off the path."""
    found = [Path(place).resolve().parent for place in [shutil.which("pg_ctl")] if place]
    found += Path("/usr/lib/postgresql").glob("*/bin")
    whole = [folder for folder in found if (folder / "pg_ctl").exists() and (folder / "initdb").exists()]
    return max(whole, key=lambda folder: [int(part) for part in re.findall(r"\d+", str(folder))], default=None)


def _started(programs: Path, folder: Path) -> int:
    """Start the server on a free port and return it; another program may take one while we look."""
    for _ in range(5):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        options = f"-F -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=20"
        start = ("-D", str(folder / "cluster"), "-l", str(folder / "log"), "-w", "-o", options, "start")
        try:
            _run(programs / "pg_ctl", *start, folder=folder)
        except subprocess.CalledProcessError:
            continue
        return port
    message = (folder / "log").read_text(encoding="utf-8")
    raise RuntimeError(message)


def _run(program: Path, *arguments: str, folder: Path) -> None:
    """Run a program of the server; it refuses to be run by root."""
    someone: dict[str, Any] = {}
    if os.getuid() == 0:
        someone = {"user": _unprivileged().pw_uid, "group": _unprivileged().pw_gid, "extra_groups": []}
    command: Sequence[str] = [str(program), *arguments]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **someone)


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
