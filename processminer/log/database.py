"""A database as a log: which of its tables tell it is seen from their columns alone, and only those are read."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from processminer.engines.address import is_address, read_address
from processminer.engines.databases import open_database
from processminer.engines.relations import literal, quoted
from processminer.errors import EngineError, LogError, Place
from processminer.log.sources.profile import ROLES, profiles
from processminer.log.sources.recognise import recognise
from processminer.log.tables.table import PassedOver, Table
from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.engines.address import Address
    from processminer.engines.databases import Database, Listed
    from processminer.engines.relations import Relations
    from processminer.log.sources.profile import Role
    from processminer.log.sources.recognise import Part, Recognition, Wanted

MOST_ATTRIBUTES = 250
"""Columns of the deals table that are fetched beside the recognised ones; an organisation may have made hundreds."""

ONCE_ALIKE = "has columns of an export, and plays no part in this one."
"""Why a table was looked at, by its columns, and not read."""

PARTICULAR = 30
"""A profile from this rank on is a CRM's own; below it, half of all tables in the world look like a log."""


def shown(source: str) -> str:
    """Return what the user gave as a log in a form that may be shown: an address without its password.

    Raises LogError where it is an address that cannot be taken apart.
    """
    return _address(source).said if is_address(source) else source


def read_database(relations: Relations, source: str, wanted: Wanted) -> Recognition:
    """Recognise the tables of a database that tell a log, and load the columns that are used, all as of one moment.

    A row is found again by its table's primary key, else by its deal and time, for rows of a database have no number.
    Raises LogError, without the password, where the database cannot be read, where no table is a log, or where several
    could be and the user has not said which.
    """
    address = _address(source)
    try:
        with open_database(relations, address) as database:
            return _recognised(relations, database, address, wanted)
    except EngineError as error:
        raise LogError(error.message, error.place, error.hint) from None


def _address(source: str) -> Address:
    try:
        return read_address(source)
    except EngineError as error:
        raise LogError(error.message, error.place, error.hint) from None


def _recognised(relations: Relations, database: Database, address: Address, wanted: Wanted) -> Recognition:
    listed = database.listed()
    if address.schema is not None:
        listed = _in_schema(listed, address)
    named, fragment = _named(address)
    wanted = replace(wanted, tables={**wanted.tables, **named})
    called = _by_name(listed, (*wanted.tables.values(), *fragment), address)
    tables = [
        Table(f"table_{number}", Path(said), said, one.columns, 0, "rowid")
        for number, (said, one) in enumerate(called.items())
        if not fragment or said in fragment
    ]
    alike = [table for table in tables if table.file in wanted.tables.values() or _may_tell(table, wanted)]
    if not alike:
        raise _nothing_alike(address, tables)
    found = recognise(alike, wanted)
    _no_rivals(found, alike, wanted, address, said=bool(fragment))
    fetched = {table.name: _fetched(relations, database, called[table.file], table, found) for table in _used(found)}
    parts = {role: replace(part, table=fetched[part.table.name]) for role, part in found.parts.items()}
    more_tasks = tuple(replace(part, table=fetched[part.table.name]) for part in found.more_tasks)
    return replace(
        found, parts=parts, more_tasks=more_tasks, unused=(), passed_over=_passed_over(found, alike, len(tables))
    )


def _in_schema(listed: Sequence[Listed], address: Address) -> tuple[Listed, ...]:
    within = tuple(one for one in listed if one.schema == address.schema)
    if not within:
        schemas = sorted({one.schema for one in listed})
        message = f"has no schema {address.schema!r} with a table that you may read."
        raise LogError(message, Place(address.said), f"There are: {say_list(schemas, 12)}." if schemas else None)
    return within


def _named(address: Address) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the tables named behind the # of an address: in roles (history=crm.moves&deals=crm.deals), or without."""
    said = [part.strip() for part in address.fragment.replace(",", "&").split("&") if part.strip()]
    in_roles = dict(part.split("=", 1) for part in said if "=" in part)
    return in_roles, tuple(part for part in said if "=" not in part)


def _by_name(listed: Sequence[Listed], said: Sequence[str], address: Address) -> dict[str, Listed]:
    """Return the tables by the name that the user gave them, else by their own with the schema where that tells.

    Raises LogError for a name that no table has, or several.
    """
    called = {one: _only(one, listed, address) for one in said}
    taken = list(called.values())
    return {**{one.said: one for one in listed if one not in taken}, **called}


def _only(said: str, listed: Sequence[Listed], address: Address) -> Listed:
    names = [(one, {one.said, one.name, f"{one.schema}.{one.name}"}) for one in listed]
    found = [one for one, known in names if said in known]
    found = found or [one for one, known in names if said.casefold() in {name.casefold() for name in known}]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"has {len(found)} tables called {said!r}."
        raise LogError(message, Place(address.said), f"Say which: {say_list([f'{t.schema}.{t.name}' for t in found])}.")
    close = get_close_matches(said, sorted({name for _, known in names for name in known}), 1)
    message = f"has no table {said!r} that you may read."
    hint = f"Did you mean {close[0]!r}?" if close else f"There are: {say_list([one.said for one in listed], 12)}."
    raise LogError(message, Place(address.said), hint)


def _may_tell(table: Table, wanted: Wanted) -> bool:
    """Tell whether a table has the columns of any part of any export, or those that the user names."""
    if wanted.columns and set(wanted.columns.values()) <= set(table.columns):
        return True
    shapes = (shape for profile in profiles() for shape in profile.tables.values())
    return any(shape.accepts(shape.match(table.columns)) for shape in shapes)


def _nothing_alike(address: Address, tables: Sequence[Table]) -> LogError:
    message = "has no table that you may read." if not tables else "has no table with the columns of an export."
    hint = (
        f"Looked at {say_list([table.file for table in tables], 12)}. "
        "Name one, and its columns: --table history=SCHEMA.TABLE --column deal=ID --column stage=STAGE "
        "--column entered=DATE"
    )
    return LogError(message, Place(address.said), hint if tables else "Ask for SELECT on the CRM's tables.")


def _no_rivals(found: Recognition, alike: Sequence[Table], wanted: Wanted, address: Address, *, said: bool) -> None:
    """Refuse to choose between tables that could tell as much: a copy of last year lies in many a database."""
    used = [table.name for table in _used(found)]
    for role, part in found.parts.items():
        shape = found.profile.tables[role]
        if role in wanted.tables or shape.within is not None:
            continue
        least = len(part.columns) if said or found.profile.rank >= PARTICULAR else 0
        named = set(wanted.of(role, found.profile).values())
        rivals = [
            table.file
            for table in alike
            if table.name not in used
            and named <= set(table.columns)
            and shape.accepts(match := shape.match(table.columns))
            and len(match) >= least
        ]
        if rivals:
            message = (
                f"has {len(rivals) + 1} tables that could be the {role}: {say_list([part.table.file, *rivals], 8)}."
            )
            hint = f"Say which: --table {role}={part.table.file} (or name a schema with ?schema=...)."
            raise LogError(message, Place(address.said), hint)


def _used(found: Recognition) -> list[Table]:
    return list({part.table.name: part.table for part in (*found.parts.values(), *found.more_tasks)}.values())


def _fetched(relations: Relations, database: Database, listed: Listed, table: Table, found: Recognition) -> Table:
    """Return a table with the rows of the columns that are used."""
    columns = _wanted_columns(table, found)
    named_by = listed.key or _told_by(table, found)
    row_number = database.bring(relations, table.name, listed, tuple(dict.fromkeys((*columns, *named_by))))
    types = relations.columns(table.name)
    (rows,) = relations.row(f"SELECT count(*) FROM {quoted(table.name)}")
    kinds = {column: types[column] for column in columns}
    return replace(table, columns=kinds, rows=int(rows), row_number=row_number, place=_place(named_by))


def _wanted_columns(table: Table, found: Recognition) -> tuple[str, ...]:
    """Return the columns that are used, in the table's order: the recognised ones and, of deals, what else they say."""
    parts: dict[Role, Part] = {role: part for role, part in found.parts.items() if part.table.name == table.name}
    more_tasks = (part for part in found.more_tasks if part.table.name == table.name)
    needed = {header for part in (*parts.values(), *more_tasks) for header in part.columns.values()}
    if found.profile.main in parts:
        needed.update(found.stage_columns)
    patterns = [pattern for part in parts.values() for pattern in (part.attribute, part.derived) if pattern]
    needed.update(column for column in table.columns if any(pattern.match(column) for pattern in patterns))
    if "deals" in parts:
        others = [column for column in table.columns if column not in needed]
        needed.update(others[:MOST_ATTRIBUTES])
    return _without_twins([column for column in table.columns if column in needed])


def _without_twins(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns, the first of those that differ in upper and lower case alone, which DuckDB takes for one."""
    first: dict[str, str] = {}
    for column in columns:
        first.setdefault(column.casefold(), column)
    return tuple(first.values())


def _told_by(table: Table, found: Recognition) -> tuple[str, ...]:
    """Return what names a row for lack of a key: the deal, and the time if there is one."""
    parts = (*(found.parts[role] for role in ROLES if role in found.parts), *found.more_tasks)
    columns = next(part.columns for part in parts if part.table.name == table.name)
    named = [columns[ours] for ours in ("task", "deal", "entered", "changed", "done_at") if ours in columns]
    return tuple(named or list(columns.values())[:1])


def _place(columns: Sequence[str]) -> str:
    """Return the expression that says which row this is: `Id 0088d`."""
    told = [f"{literal(column)} || ' ' || {quoted(column)}::VARCHAR" for column in columns]
    return f"coalesce(nullif(concat_ws(' / ', {', '.join(told)}), ''), 'a row without ' || {literal(columns[0])})"


def _passed_over(found: Recognition, alike: Sequence[Table], looked_at: int) -> tuple[PassedOver, ...]:
    """Say which tables have the columns of an export and were not needed, and how many others there are."""
    used = [table.name for table in _used(found)]
    passed = [PassedOver(table.file, ONCE_ALIKE) for table in alike if table.name not in used]
    others = looked_at - len(alike)
    if others:
        why = f"holds {say_count(others, 'table')} whose columns are not those of an export."
        passed.append(PassedOver("the rest of the database", why))
    return tuple(passed)
