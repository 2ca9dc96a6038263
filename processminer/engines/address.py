"""Addresses of databases: what is said of one aloud, and what only its driver is told."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode

from processminer.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://(?P<rest>.*)", re.DOTALL)
_HARMLESS = ("user", "host", "hostaddr", "port", "dbname", "service", "schema", "sslmode", "warehouse", "role")
"""Options of a URL that are said aloud; any other may be a token."""
_MAGIC = {b"SQLite format 3\x00": (0, "sqlite"), b"DUCK": (8, "duckdb")}
"""How a database that is a file begins: the bytes, where they stand, and whose they are."""
FILES = ("duckdb", "sqlite")
"""Databases that are one file."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is, and how to get in."""

    scheme: str
    said: str
    """As it may be shown: without a password, and without options that might hold one."""
    opened: str = field(repr=False)
    """As its driver takes it: a URL, or the path of a file."""
    secrets: tuple[str, ...] = field(repr=False, default=())
    """What must not be shown, whatever a driver says."""
    schema: str | None = None
    """The only schema to look into."""
    fragment: str = ""
    """What stands behind the #."""

    def scrubbed(self, text: str) -> str:
        """Return a text with every secret taken out."""
        for secret in self.secrets:
            # A short one is a part of many words: only where it stands alone could it be read as what it is.
            pattern = re.escape(secret) if len(secret) > 3 else rf"(?<!\w){re.escape(secret)}(?!\w)"
            text = re.sub(pattern, "***", text)
        return text


def is_address(source: str) -> bool:
    """Tell whether this names a database: by URL, or as a file that begins as one does; an OCEL log is none."""
    return _URL.fullmatch(source) is not None or _kind(Path(source)) is not None


def read_address(source: str) -> Address:
    """Return the address that a URL, or the path of a database file, tells.

    Raises EngineError, without the password, for a URL that cannot be taken apart.
    """
    url = _URL.fullmatch(source)
    if url is None:
        return Address(_kind(Path(source)) or "duckdb", source, source)
    scheme, rest = url["scheme"].lower(), url["rest"]
    if scheme in FILES:
        return _file(scheme, rest)
    return _server(scheme, rest)


def _file(scheme: str, rest: str) -> Address:
    """Return the address of a file: three slashes may precede an absolute path, or one from here."""
    location, sharp, fragment = rest.partition("#")
    path, _, options = location.partition("?")
    here = re.sub("^//+", "/", unquote(path))
    if not Path(here).exists() and Path(here.lstrip("/")).exists():
        here = here.lstrip("/")
    schema = dict(parse_qsl(options)).get("schema")
    return Address(scheme, f"{scheme}://{location}{sharp}{fragment}", here, (), schema, unquote(fragment))


def _server(scheme: str, rest: str) -> Address:
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    if "@" not in authority and ":" in authority and "@" in rest:
        # The rest of a password would be taken for a path, and told to everyone.
        message = "The address of the database cannot be taken apart."
        raise EngineError(message, hint="In a password, write / as %2F, ? as %3F and @ as %40.")
    login, at, host = authority.rpartition("@")
    location, sharp, fragment = (host + rest[len(authority) :]).partition("#")
    location, _, options = location.partition("?")
    user, colon, password = login.partition(":")
    given = parse_qsl(options, keep_blank_values=True)
    secrets = {password, unquote(password), *(value for name, value in given if name not in _HARMLESS)}
    # Encoded anew, so that a driver has nothing to complain of, and no password to repeat while it does.
    entry = f"{_encoded(user)}:{_encoded(password)}" if colon else _encoded(user)
    return Address(
        scheme,
        f"{scheme}://{user}{at}{location}{_query([one for one in given if one[0] in _HARMLESS])}{sharp}{fragment}",
        f"{scheme}://{entry}{at}{location}{_query([one for one in given if one[0] != 'schema'])}",
        tuple(sorted(secrets - {""}, key=len, reverse=True)),
        dict(given).get("schema"),
        unquote(fragment),
    )


def _encoded(part: str) -> str:
    return quote(unquote(part), safe="")


def _query(options: Sequence[tuple[str, str]]) -> str:
    return f"?{urlencode(options, quote_via=quote)}" if options else ""


def _kind(path: Path) -> str | None:
    """Return whose database a file is, by how it begins."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            head = file.read(16)
    except (OSError, ValueError):
        return None
    whose = next((whose for magic, (at, whose) in _MAGIC.items() if head[at : at + len(magic)] == magic), None)
    return None if whose == "sqlite" and _is_event_log(path) else whose


def _is_event_log(path: Path) -> bool:
    """Tell whether an SQLite file is an OCEL 2.0 log, which has tables of these names by its standard."""
    import sqlite3

    with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as connection:
        try:
            rows = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name IN ('event_map_type', 'object_map_type')"
            ).fetchone()
        except sqlite3.Error:
            return False
    return bool(rows[0] == 2)
