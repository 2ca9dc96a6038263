"""Deals that have no table of their own: what the rows of a history say of the deal they belong to, the latest last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.ids import same_id

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Recognition


def with_told_deals(relations: Relations, found: Recognition, conventions: Conventions) -> Recognition:
    """Return the recognition with one row a deal in the place of a history that also tells of deals.

    The row is the deal's latest one, whatever the order of the file. Makes `told_deals` where the history does so.
    """
    deals = found.parts.get("deals")
    if deals is None or deals.within is None:
        return found
    history = found.parts[deals.within]
    table = history.table
    time = history.columns.get("entered") or history.columns.get("changed")
    latest = f"{time_of(relations, table, time, conventions)} DESC NULLS LAST, {table.row_number} DESC"
    relations.run(
        f"CREATE OR REPLACE TABLE told_deals AS SELECT {', '.join(quoted(column) for column in table.columns)} "
        f"FROM {quoted(table.name)} WHERE {text_of(deals.columns['deal'])} IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY {same_id(text_of(deals.columns['deal']))} ORDER BY {latest}) = 1"
    )
    (rows,) = relations.row("SELECT count(*) FROM told_deals")
    told = replace(table, name="told_deals", rows=int(rows), row_number="rowid", problems=(), pieces=(), place=None)
    return replace(found, parts={**found.parts, "deals": replace(deals, table=told)})
