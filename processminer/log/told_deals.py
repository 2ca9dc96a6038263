"""Deals that have no table of their own: what the rows of a history say of the deal they belong to, the latest last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.columns import Conventions, text_of, time_of, yes_of
from processminer.log.ids import same_id
from processminer.log.sources.profile import header_key
from processminer.log.sources.recognise import Part, Recognition
from processminer.log.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations


def with_told_deals(relations: Relations, found: Recognition, conventions: Conventions) -> Recognition:
    """Return the recognition with one row a deal in the place of a history that also tells of deals.

    The row is the deal's latest one, whatever the order of the file, or made of the last value of each of its fields.
    Makes `told_deals` where the history does so.
    """
    deals = found.parts.get("deals")
    if deals is None and found.profile.shape == "changes":
        return _with_set_fields(relations, found, conventions)
    if deals is None or deals.within is None:
        return found
    history = found.parts[deals.within]
    table = history.table
    time = history.columns.get("entered") or history.columns.get("changed")
    moment = time_of(relations, table, time, conventions)
    oldest_first = relations.row(
        f"SELECT coalesce(arg_min({moment}, {table.row_number}) <= arg_max({moment}, {table.row_number}), true) "
        f"FROM {quoted(table.name)}"
    )[0]
    # What a row says of its change is no attribute of the deal.
    of_change = set(history.columns.values()) - set(deals.columns.values())
    kept = {column: kind for column, kind in table.columns.items() if column not in of_change}
    latest = f"{moment} DESC, {table.row_number} {'DESC' if oldest_first else 'ASC'}"
    relations.run(
        f"CREATE OR REPLACE TABLE told_deals AS SELECT {', '.join(quoted(column) for column in kept)} "
        f"FROM {quoted(table.name)} WHERE {text_of(deals.columns['deal'])} IS NOT NULL AND {moment} IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY {same_id(text_of(deals.columns['deal']))} ORDER BY {latest}) = 1"
    )
    (rows,) = relations.row("SELECT count(*) FROM told_deals")
    told = replace(
        table, name="told_deals", columns=kept, rows=int(rows), row_number="rowid", problems=(), pieces=(), place=None
    )
    return replace(found, parts={**found.parts, "deals": replace(deals, table=told)})


FIELDS: Mapping[str, str] = {
    "name": "name",
    "pipeline": "pipeline",
    "amount": "amount",
    "currency": "currency",
    "owner": "owner",
    "close_date": "closed",
    "lost_reason": "lost_reason",
}
"""What a history of fields calls what a table of deals tells."""


def _with_set_fields(relations: Relations, found: Recognition, conventions: Conventions) -> Recognition:
    """Return the recognition with a deal's last values, where the history tells every value that was ever set.

    One that tells old and new values begins with the first change: what was never changed is not in it.
    """
    history = found.parts["history"]
    table, columns = history.table, history.columns
    if "old" in columns or not {"field", "new"} <= columns.keys():
        return found
    named = _named(relations, history, found.profile.fields)
    traits = _traits(relations, history, found.profile.fields)
    if not named and not traits:
        return found
    field, new = text_of(columns["field"]), text_of(columns["new"])
    time = time_of(relations, table, columns["changed"], conventions)
    last = ", ".join(
        f"arg_max({{'value': {new}}}, ({time}, -{table.row_number})) FILTER (WHERE {field} IN "
        f"({', '.join(map(literal, names))})).value AS {quoted(role)}"
        for role, names in (*named.items(), *((trait, [trait]) for trait in traits))
    )
    deal = text_of(columns["deal"])
    relations.run(
        f"CREATE OR REPLACE TABLE told_deals AS SELECT min({deal}) AS deal, {last} FROM {quoted(table.name)} "
        f"WHERE {deal} IS NOT NULL AND NOT {yes_of(columns.get('deleted'))} GROUP BY {same_id(deal)}"
    )
    (rows,) = relations.row("SELECT count(*) FROM told_deals")
    told = Table("told_deals", table.path, table.file, relations.columns("told_deals"), int(rows), "rowid")
    part = Part(told, {role: role for role in ("deal", *named)}, within="history")
    return replace(found, parts={**found.parts, "deals": part})


MOST_TRAITS = 40
"""Fields that become attributes, those of most deals first: a CRM sets hundreds that it computes for itself."""

COMPUTED = "hs_"
"""What HubSpot's own properties begin with; nobody parts deals by them."""


def _traits(relations: Relations, history: Part, fields: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the fields of a history that say what a deal is beside what has a meaning of its own, in their order."""
    known = {header_key(name) for names in fields.values() for name in names} | {header_key(role) for role in FIELDS}
    field, deal = text_of(history.columns["field"]), text_of(history.columns["deal"])
    told = relations.rows(
        f"SELECT {field} AS field FROM {quoted(history.table.name)} WHERE {field} IS NOT NULL AND {deal} IS NOT NULL "
        f"GROUP BY field ORDER BY count(DISTINCT {deal}) DESC, field"
    )
    free = [str(name) for (name,) in told if header_key(str(name)) not in known | {"deal"}]
    return sorted([name for name in free if not name.startswith(COMPUTED)][:MOST_TRAITS])


def _named(relations: Relations, history: Part, fields: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Return what the history calls each field that says something of a deal, as it is written there."""
    told = relations.rows(
        f"SELECT DISTINCT {text_of(history.columns['field'])} AS field FROM "
        f"{quoted(history.table.name)} WHERE field IS NOT NULL ORDER BY field"
    )
    role_of = {header_key(name): role for field, role in FIELDS.items() for name in fields.get(field, ())}
    named: dict[str, list[str]] = {}
    for (field,) in told:
        role = role_of.get(header_key(str(field)))
        if role is not None:
            named.setdefault(role, []).append(str(field))
    return named
